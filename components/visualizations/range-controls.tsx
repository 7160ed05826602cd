'use client';

import { Button } from '@/components/ui/button';
import styles from './board.module.css';
import { useNow } from './use-now';
import { selectComparing, selectUntil } from './use-selection';

export interface RangeControlsProps {
  /** End of the window, ISO 8601; undefined means now. */
  readonly until: string | undefined;
  readonly compares: boolean;
}

/** Chooses the end of the window, and whether the previous window is shown for comparison. */
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

/** A time in the field's format, in the visitor's time zone: 2026-11-24T14:05. */
function localText(atMs: number): string {
  const offsetMs = new Date(atMs).getTimezoneOffset() * 60_000;
  return new Date(atMs - offsetMs).toISOString().slice(0, 16);
}
