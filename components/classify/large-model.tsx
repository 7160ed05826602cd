'use client';

import { Button } from '@/components/ui/button';
import type { DeviceRole } from '@/lib/browser/client/device/find-model';
import { formatMegabytes } from '@/lib/shared/numbers/format';
import styles from './large-model.module.css';
import { getDevice, useDeviceState } from './use-device';
import { largeModelSentence } from './words/device';

export interface LargeModelProps {
  readonly role?: DeviceRole;
}

/**
 * Asks before a large model is downloaded to this device. Shows nothing if there is no question.
 */
export function LargeModel({ role = 'answers' }: LargeModelProps) {
  const state = useDeviceState(role);
  return (
    <div role="status">
      {state.kind === 'asking' && (
        <div className={styles.question}>
          <p>{largeModelSentence(state.bytes)}</p>
          <div className={styles.choices}>
            <Button onClick={() => getDevice(role).allowDownload(true)}>
              Load {formatMegabytes(state.bytes)}
            </Button>
            <Button onClick={() => getDevice(role).allowDownload(false)}>Not now</Button>
          </div>
        </div>
      )}
    </div>
  );
}
