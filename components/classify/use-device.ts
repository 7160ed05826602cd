'use client';

import { useEffect, useSyncExternalStore } from 'react';
import { usePreferences } from '@/components/ui/use-preferences';
import { Device, type DeviceState } from '@/lib/browser/client/device/device';
import type { DeviceRole } from '@/lib/browser/client/device/find-model';
import { savesData } from '@/lib/browser/client/device/saves-data';
import { pageAssets } from '@/lib/browser/page-assets';

/** One device per role, created on the first call in the browser. */
const devices = new Map<DeviceRole, Device>();

export function getDevice(role: DeviceRole = 'answers'): Device {
  const device = devices.get(role) ?? new Device(pageAssets, { role });
  devices.set(role, device);
  return device;
}

const ABSENT: DeviceState = { kind: 'absent' };

export function useDeviceState(role: DeviceRole = 'answers'): DeviceState {
  return useSyncExternalStore(
    (listener) => getDevice(role).subscribe(listener),
    () => getDevice(role).state,
    () => ABSENT,
  );
}

/**
 * Loads the model in advance. If the visitor chose this device, it is loaded at once; otherwise
 * when the browser is idle after the first answer, unless the browser saves data.
 */
export function usePreparedDevice(
  hasAnswer: boolean,
  model?: string,
  role: DeviceRole = 'answers',
): void {
  const { runtime, backend } = usePreferences();
  useEffect(() => {
    const device = getDevice(role);
    // Errors are ignored here: the device's state shows them, and the next question repeats them.
    const prepare = () => void device.prepareAhead().catch(() => undefined);
    device.useBackend(backend);
    if (runtime === 'device') return prepare();
    if (runtime === 'server' || !hasAnswer || savesData()) return;
    return whenIdle(prepare);
  }, [runtime, backend, hasAnswer, model, role]);
}

function whenIdle(work: () => void): () => void {
  // Safari has no `requestIdleCallback`.
  if (typeof requestIdleCallback === 'undefined') {
    const timer = setTimeout(work, 500);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(work, { timeout: 5000 });
  return () => cancelIdleCallback(handle);
}
