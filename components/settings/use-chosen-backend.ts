'use client';

import { useEffect } from 'react';
import { getDevice } from '@/components/classify/use-device';
import { useModel } from '@/components/classify/use-model';
import { usePreferences } from '@/components/ui/use-preferences';

/**
 * Starts WebGPU as soon as it is chosen, to show its comparison. WebAssembly starts with the first
 * use.
 */
export function useChosenBackend(): void {
  const { backend } = usePreferences();
  useModel();
  useEffect(() => {
    const device = getDevice();
    device.useBackend(backend);
    if (backend === 'webgpu') device.prepare().catch(() => undefined);
  }, [backend]);
}
