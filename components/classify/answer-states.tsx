'use client';

import { Button } from '@/components/ui/button';
import type { DeviceRole } from '@/lib/browser/client/device/find-model';
import { formatMegabytes } from '@/lib/shared/numbers/format';
import styles from './answer-panel.module.css';
import { LargeModel } from './large-model';
import { useDeviceState } from './use-device';
import type { Failure } from './words';

const ROWS = 5;

/** Rows without words, shown only when an answer takes longer than a blink. */
export function Working({ role }: { readonly role: DeviceRole }) {
  const device = useDeviceState(role);
  return (
    <div className={styles.working}>
      {device.kind === 'downloading' && (
        <p className={styles.note}>
          Loading the model onto this device: {formatMegabytes(device.receivedBytes)} of{' '}
          {formatMegabytes(device.totalBytes)}
        </p>
      )}
      <LargeModel role={role} />
      {device.kind !== 'asking' && (
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

/** Why there is no answer, and the way to another try. */
export function FailureMessage({ failure, onRetry }: FailureMessageProps) {
  return (
    <div className={styles.failure} role="alert">
      <p className={styles.failureTitle}>{failure.title}</p>
      <p>{failure.detail}</p>
      <Button className={styles.retry} onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}
