'use client';

import { useEffect, useSyncExternalStore } from 'react';
import { usePreferences } from '@/components/ui/use-preferences';
import { Device, savesData, type DeviceState } from '@/lib/browser/device/device';

/** One a page, made where there is a page. */
let device: Device | undefined;

export function getDevice(): Device {
  return (device ??= new Device());
}

const ABSENT: DeviceState = { kind: 'absent' };

export function useDeviceState(): DeviceState {
  return useSyncExternalStore(
    (listener) => getDevice().subscribe(listener),
    () => getDevice().state,
    () => ABSENT,
  );
}

/**
 * Loads the model ahead of need: at once when the visitor chose this device, when idle after the
 * first answer otherwise, and then not where the browser saves data.
 */
export function usePreparedDevice(hasAnswer: boolean, model?: string): void {
  const { runtime, backend } = usePreferences();
  useEffect(() => {
    getDevice().useBackend(backend);
    if (runtime === 'device') return prepare();
    if (runtime === 'server' || !hasAnswer || savesData()) return;
    return whenIdle(prepare);
  }, [runtime, backend, hasAnswer, model]);
}

/** A failure shows in the device's state, and again to whoever needs the device. */
function prepare(): void {
  getDevice()
    .prepare()
    .catch(() => undefined);
}

function whenIdle(work: () => void): () => void {
  // Safari has no idle callback.
  if (typeof requestIdleCallback === 'undefined') {
    const timer = setTimeout(work, 500);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(work, { timeout: 5000 });
  return () => cancelIdleCallback(handle);
}
