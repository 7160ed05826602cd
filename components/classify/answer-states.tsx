'use client';

import { useEffect, useState } from 'react';
import { Button } from '@/components/ui/button';
import type { DeviceRole } from '@/lib/browser/client/device/find-model';
import { formatMegabytes } from '@/lib/shared/numbers/format';
import styles from './answer-panel.module.css';
import { LargeModel } from './large-model';
import { SlowWords } from './slow-words';
import { useDeviceState } from './use-device';
import { againSentence, type Failure } from './words/failure';

const ROWS = 5;

export interface WorkingProps {
  readonly role: DeviceRole;
  /** Without it there is no button to cancel. */
  readonly onCancel?: (() => void) | undefined;
}

/** Placeholder rows, shown only when an answer takes longer than a moment. */
export function Working({ role, onCancel }: WorkingProps) {
  const device = useDeviceState(role);
  const isAsking = device.kind === 'asking';
  return (
    <div className={styles.working}>
      {device.kind === 'downloading' && (
        <p className={styles.note}>
          Loading the model onto this device: {formatMegabytes(device.receivedBytes)} of{' '}
          {formatMegabytes(device.totalBytes)}
        </p>
      )}
      <LargeModel role={role} />
      {!isAsking && onCancel && <SlowWords onCancel={onCancel} />}
      {!isAsking && (
        <div className={styles.skeleton} aria-hidden>
          {Array.from({ length: ROWS }, (_, row) => (
            <div key={row} />
          ))}
        </div>
      )}
    </div>
  );
}

export interface FailureMessageProps {
  readonly failure: Failure;
  readonly onRetry: () => void;
}

/** Why there is no answer, and how to try again. */
export function FailureMessage({ failure, onRetry }: FailureMessageProps) {
  return (
    <div className={styles.failure}>
      <div role="alert">
        <p className={styles.failureTitle}>{failure.title}</p>
        <p>{failure.detail}</p>
      </div>
      {failure.retryAfterMs !== undefined && <Again afterMs={failure.retryAfterMs} />}
      {failure.canRetry !== false && (
        <Button className={styles.retry} onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** Counts down until the server answers again; screen readers do not read each second. */
export function Again({ afterMs }: { readonly afterMs: number }) {
  const [leftMs, setLeftMs] = useState(afterMs);
  useEffect(() => {
    const untilMs = performance.now() + afterMs;
    const timer = setInterval(() => {
      const left = untilMs - performance.now();
      setLeftMs(left);
      if (left <= 0) clearInterval(timer);
    }, 1000);
    return () => clearInterval(timer);
  }, [afterMs]);
  return <p>{againSentence(leftMs)}</p>;
}
