'use client';

import { useEffect, useState, type RefObject } from 'react';
import { flushSync } from 'react-dom';

interface Waiting {
  readonly element: RefObject<HTMLElement | null>;
  readonly work: () => void;
}

const waiting = new Set<Waiting>();
let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * Delays a value until its turn. Of many drawings on a page one is updated at a time, visible ones
 * first, so that the page stays responsive. Undefined until the first turn.
 *
 * @param element the element that contains the drawing
 */
export function useInTurn<Value>(
  value: Value,
  element: RefObject<HTMLElement | null>,
): Value | undefined {
  const [taken, setTaken] = useState<Value>();
  useEffect(() => {
    const mine = { element, work: () => setTaken(value) };
    waiting.add(mine);
    schedule();
    return () => {
      waiting.delete(mine);
    };
  }, [value, element]);
  return taken;
}

function schedule(): void {
  timer ??= setTimeout(() => {
    timer = undefined;
    const next = [...waiting].find(isOnScreen) ?? [...waiting][0];
    if (!next) return;
    waiting.delete(next);
    flushSync(next.work);
    if (waiting.size > 0) afterNextFrame(schedule);
  });
}

/**
 * Calls `work` after the next frame, so that the browser paints and handles clicks between charts.
 */
function afterNextFrame(work: () => void): void {
  requestAnimationFrame(() => setTimeout(work));
}

function isOnScreen({ element }: Waiting): boolean {
  const box = element.current?.getBoundingClientRect();
  return box !== undefined && box.bottom > 0 && box.top < innerHeight;
}

/** Updates all drawings at once, before printing. */
export function finishTurns(): void {
  flushSync(() => {
    for (const { work } of waiting) work();
  });
  waiting.clear();
}
