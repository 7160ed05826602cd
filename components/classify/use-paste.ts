'use client';

import { useEffect, useRef } from 'react';
import { pictureFromTransfer } from '@/lib/browser/pictures/from-transfer';

export interface PasteHandlers {
  readonly onFile: (file: File) => void;
  /** Called if text was pasted instead of a picture. */
  readonly onText: (text: string) => void;
}

/** Handles what is pasted anywhere on the page, except in text fields. */
export function usePaste(handlers: PasteHandlers): void {
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      if (event.target instanceof Element && event.target.closest('input, textarea')) return;
      const file = event.clipboardData?.files[0] ?? pictureFromTransfer(event.clipboardData);
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (file) latest.current.onFile(file);
      else if (text) latest.current.onText(text);
      else return;
      event.preventDefault();
    };
    document.addEventListener('paste', onPaste);
    return () => document.removeEventListener('paste', onPaste);
  }, []);
}
