'use client';

import { useEffect, useRef } from 'react';

/** What takes the key for itself while it is open. */
const OPEN = '[role="dialog"], [role="alertdialog"], [role="listbox"], nav [aria-expanded="true"]';

/** Hears of Escape, unless a field or something that is open is meant by it. */
export function useEscape(onEscape: () => void): void {
  const latest = useRef(onEscape);
  useEffect(() => {
    latest.current = onEscape;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (event.target instanceof Element && event.target.closest('input, textarea, select'))
        return;
      if (document.querySelector(OPEN)) return;
      latest.current();
    };
    // Before what is open hears of it and closes.
    document.addEventListener('keydown', onKey, { capture: true });
    return () => document.removeEventListener('keydown', onKey, { capture: true });
  }, []);
}
