'use client';

import { useEffect, useRef } from 'react';

/** Open elements that handle the key themselves. */
const OPEN = '[role="dialog"], [role="alertdialog"], [role="listbox"], nav [aria-expanded="true"]';

/** Calls `onEscape` when Escape is pressed, unless a field or an open dialog handles the key. */
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
    // In the capture phase, before an open dialog closes.
    document.addEventListener('keydown', onKey, { capture: true });
    return () => document.removeEventListener('keydown', onKey, { capture: true });
  }, []);
}
