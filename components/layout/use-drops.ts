'use client';

import { useEffect, useRef } from 'react';
import { takeDrops, type DropTaker } from '@/lib/browser/drops';

/** Takes files dropped anywhere on the page while the component is mounted. */
export function useDrops(taker: DropTaker): void {
  const latest = useRef(taker);
  useEffect(() => {
    latest.current = taker;
  });
  useEffect(
    () =>
      takeDrops({
        words: (count) => latest.current.words(count),
        onFiles: (files) => latest.current.onFiles(files),
        onText: () => latest.current.onText?.(),
      }),
    [],
  );
}
