'use client';

import { ChevronDown } from 'lucide-react';
import { Progress } from 'radix-ui';
import { Button } from '@/components/ui/button';
import { Segmented } from '@/components/ui/segmented';
import { useOnPage } from '@/components/ui/use-on-page';
import { usePreferences } from '@/components/ui/use-preferences';
import type { Backend } from '@/lib/browser/client/device/assets';
import type { DeviceState } from '@/lib/browser/client/device/device';
import { savesData } from '@/lib/browser/client/device/saves-data';
import { setPreferences } from '@/lib/browser/preferences';
import { formatMegabytes } from '@/lib/shared/numbers/format';
import styles from './device-status.module.css';
import { getDevice, useDeviceState } from './use-device';
import { useDownloadBytes } from './use-download-bytes';
import { BACKEND_NAMES, fileWords, notAheadSentence } from './words/device';

const BACKENDS: readonly { value: Backend; label: string }[] = [
  { value: 'wasm', label: BACKEND_NAMES.wasm },
  { value: 'webgpu', label: BACKEND_NAMES.webgpu },
];

/** Whether the model is on this device, and which backend runs it. */
export function DeviceStatus() {
  const state = useDeviceState();
  const { backend } = usePreferences();
  const hasWebGpu = useOnPage(() => 'gpu' in navigator);
  const isSaving = useOnPage(savesData);
  const bytes = useDownloadBytes();
  return (
    <details className={styles.status} data-state={state.kind}>
      <summary className={styles.line}>
        <span className={styles.dot} aria-hidden />
        <span>{stateSentence(state, isSaving, bytes)}</span>
        <ChevronDown className={styles.chevron} size={16} aria-hidden />
      </summary>
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
      <p>{technicalSentence(state)}</p>
      {state.kind === 'downloading' && (
        <Button className={styles.cancel} onClick={() => getDevice().cancelDownload()}>
          Cancel the download
        </Button>
      )}
      {hasWebGpu && (
        <Segmented
          label="What the model runs on, on this device"
          value={backend}
          options={BACKENDS}
          onChange={(next) => setPreferences({ backend: next })}
        />
      )}
    </details>
  );
}

function stateSentence(
  state: DeviceState,
  isSaving: boolean,
  downloadBytes: number | undefined,
): string {
  const size = downloadBytes === undefined ? '' : ` (${formatMegabytes(downloadBytes)}, once)`;
  switch (state.kind) {
    case 'absent':
      if (state.largeBytes !== undefined) return notAheadSentence(state.largeBytes);
      return isSaving
        ? `The model is not on this device: your browser saves data. Choose “This device” to load it${size}.`
        : `After the first answer the model comes to this device${size}, so that it answers without a connection.`;
    case 'asking':
      return 'The model is large: it comes to this device when you say so.';
    case 'downloading':
      return `Loading the model onto this device: ${formatMegabytes(state.receivedBytes)} of ${formatMegabytes(state.totalBytes)}`;
    case 'starting':
      return 'Starting the model on this device.';
    case 'ready':
      return 'The model is on this device: it answers without a connection, too.';
    case 'failed':
      return `The model is not on this device: ${state.message}`;
  }
}

/** Backend and file of the model, as technical details. */
function technicalSentence(state: DeviceState): string {
  if (state.kind !== 'ready') {
    return 'With the model here you get answers without a connection, and pictures that are answered here do not leave this device.';
  }
  const threads =
    state.backend === 'wasm'
      ? ` on ${state.threads} ${state.threads === 1 ? 'thread' : 'threads'}`
      : '';
  const sentence = `It runs with ${BACKEND_NAMES[state.backend]}${threads}. Loaded: ${fileWords(state.file)}.`;
  return state.comparison?.agrees === false
    ? `${sentence} WebGPU does not answer a known picture as WebAssembly does, so it is not used.`
    : sentence;
}
