'use client';

import { useEffect, useRef, useState } from 'react';
import type { LiveFigures } from '@/lib/browser/camera/live-average';
import { answerName } from './words/answer';

/**
 * A label is announced only after it was first for this long, so that announcements do not
 * interrupt each other.
 */
const STEADY_MS = 2000;

/**
 * What a screen reader announces of a live ranking: the first label, or that the answer is
 * uncertain, once it has stayed the same.
 */
export function useLiveAnnouncement(figures: LiveFigures | undefined): string {
  const [announced, setAnnounced] = useState('');
  const name = figures && answerName(figures.predictions, figures.uncertain);
  const latest = useRef(name);
  useEffect(() => {
    latest.current = name;
  });
  // While uncertain, the first label changes constantly; then only the uncertainty has to be
  // steady.
  const steady = figures?.uncertain ? 'doubt' : name;
  useEffect(() => {
    if (steady === undefined) return;
    const timer = setTimeout(() => setAnnounced(latest.current ?? ''), STEADY_MS);
    return () => clearTimeout(timer);
  }, [steady]);
  return announced;
}
