'use client';

import { useEffect, useState } from 'react';
import { shortLabel } from '@/lib/shared/model/labels';
import type { Prediction } from '@/lib/shared/vision/ranking';

/** A label is read out only when it has led for this long: nobody is talked over. */
const STEADY_MS = 2000;

/** What a screen reader hears of a live ranking: its first label, when that has settled. */
export function useLiveAnnouncement(leader: Prediction | undefined): string {
  const [announced, setAnnounced] = useState('');
  const name = leader ? shortLabel(leader.label) : undefined;
  useEffect(() => {
    if (name === undefined) return;
    const timer = setTimeout(() => setAnnounced(name), STEADY_MS);
    return () => clearTimeout(timer);
  }, [name]);
  return announced;
}
