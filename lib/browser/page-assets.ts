import type { DeviceAssets } from './client/device/assets';

/** What the build made for the page: the device's files, and the worker that reads charts. */
export interface PageAssets extends DeviceAssets {
  readonly chartReaderUrl: string;
}

/** Set by next.config.ts from what the build wrote. */
export const pageAssets = JSON.parse(process.env.DEVICE_ASSETS ?? 'null') as PageAssets;
