'use client';

import { useEffect, useState } from 'react';
import type { Queue } from '@/lib/browser/many/queue';
import type { RuntimeChoice } from '@/lib/browser/client/where';
import { pauseSentence } from './words';

/** Why the server is not asked now. Disappears when the pause is over. */
export function usePause(queue: Queue, choice: RuntimeChoice): string {
  const [nowMs, setNowMs] = useState(0);
  const untilMs = queue.pause?.untilMs;
  useEffect(() => {
    if (untilMs === undefined) return;
    const look = () => setNowMs(performance.now());
    // A timer may be early by a fraction of a millisecond.
    const timer = setTimeout(look, Math.max(0, untilMs - performance.now()) + 1);
    return () => clearTimeout(timer);
  }, [untilMs]);
  return pauseSentence(queue, choice, nowMs);
}
