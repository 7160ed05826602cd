'use client';

import { useSyncExternalStore } from 'react';

const STEP_MS = 5_000;

let nowMs = Date.now();

function subscribe(listener: () => void): () => void {
  nowMs = Date.now();
  const timer = setInterval(() => {
    nowMs = Date.now();
    listener();
  }, STEP_MS);
  return () => clearInterval(timer);
}

/** The current time in milliseconds, updated every five seconds. */
export function useNow(): number {
  return useSyncExternalStore(
    subscribe,
    () => nowMs,
    () => nowMs,
  );
}
