'use client';

import { Button } from '@/components/ui/button';
import styles from './board.module.css';
import { useNow } from './use-now';
import { selectComparing, selectUntil } from './use-selection';

export interface RangeControlsProps {
  /** When the window ends, ISO 8601; now without it. */
  readonly until: string | undefined;
  readonly compares: boolean;
}

/** When the window ends, and whether the one before stands beside. */
export function RangeControls({ until, compares }: RangeControlsProps) {
  const nowMs = useNow();
  return (
    <>
      <label className={styles.until}>
        <span>Until</span>
        <input
          type="datetime-local"
          value={until === undefined ? '' : localText(Date.parse(until))}
          max={localText(nowMs)}
          onChange={({ target }) => {
            const untilMs = target.value === '' ? NaN : Date.parse(target.value);
            selectUntil(Number.isFinite(untilMs) ? Math.min(untilMs, Date.now()) : undefined);
          }}
        />
      </label>
      {until !== undefined && <Button onClick={() => selectUntil(undefined)}>Until now</Button>}
      <Button aria-pressed={compares} onClick={() => selectComparing(!compares)}>
        Period before
      </Button>
    </>
  );
}

/** As the field writes it, by the visitor's own clock: 2026-11-24T14:05. */
function localText(atMs: number): string {
  const offsetMs = new Date(atMs).getTimezoneOffset() * 60_000;
  return new Date(atMs - offsetMs).toISOString().slice(0, 16);
}
