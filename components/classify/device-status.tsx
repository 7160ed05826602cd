'use client';

import { Progress } from 'radix-ui';
import { Segmented } from '@/components/ui/segmented';
import { useOnPage } from '@/components/ui/use-on-page';
import { usePreferences } from '@/components/ui/use-preferences';
import type { Backend } from '@/lib/browser/client/device/assets';
import { savesData, type DeviceState } from '@/lib/browser/client/device/device';
import { setPreferences } from '@/lib/browser/preferences';
import styles from './device-status.module.css';
import { useDeviceState } from './use-device';
import { BACKEND_NAMES, fileWords, megabytes } from './words';

const BACKENDS: readonly { value: Backend; label: string }[] = [
  { value: 'wasm', label: BACKEND_NAMES.wasm },
  { value: 'webgpu', label: BACKEND_NAMES.webgpu },
];

/** Whether the model is on this device, and with what it runs there. */
export function DeviceStatus() {
  const state = useDeviceState();
  const { backend } = usePreferences();
  const hasWebGpu = useOnPage(() => 'gpu' in navigator);
  const isSaving = useOnPage(savesData);
  return (
    <div className={styles.status} data-state={state.kind}>
      <div className={styles.line}>
        <span className={styles.dot} aria-hidden />
        <span>{stateSentence(state, isSaving)}</span>
      </div>
      {state.kind === 'downloading' && (
        <Progress.Root
          className={styles.track}
          aria-label="Loading the model onto this device"
          value={state.receivedBytes}
          max={state.totalBytes}
        >
          <Progress.Indicator
            className={styles.bar}
            style={{ width: `${(state.receivedBytes / state.totalBytes) * 100}%` }}
          />
        </Progress.Root>
      )}
      {hasWebGpu && (
        <Segmented
          label="What the model runs on, on this device"
          value={backend}
          options={BACKENDS}
          onChange={(next) => setPreferences({ backend: next })}
        />
      )}
    </div>
  );
}

function stateSentence(state: DeviceState, isSaving: boolean): string {
  switch (state.kind) {
    case 'absent':
      return isSaving
        ? 'The model is not on this device: your browser saves data. Choose “This device” to load it.'
        : 'The model is not on this device yet. It comes after the first answer.';
    case 'downloading':
      return `Loading the model onto this device: ${megabytes(state.receivedBytes)} of ${megabytes(state.totalBytes)}`;
    case 'starting':
      return 'Starting the model on this device.';
    case 'ready': {
      const threads =
        state.backend === 'wasm'
          ? `, ${state.threads} ${state.threads === 1 ? 'thread' : 'threads'}`
          : '';
      const sentence = `The model is on this device (${BACKEND_NAMES[state.backend]}${threads}). Loaded: ${fileWords(state.file)}.`;
      return state.comparison?.agrees === false
        ? `${sentence} WebGPU does not answer a known picture as WebAssembly does, so it is not used.`
        : sentence;
    }
    case 'failed':
      return `The model is not on this device: ${state.message}`;
  }
}
