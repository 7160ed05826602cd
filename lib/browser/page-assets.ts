import type { DeviceAssets } from './client/device/assets';

/** What the build made for the page: the device's files, and workers for charts and pictures. */
export interface PageAssets extends DeviceAssets {
  readonly chartReaderUrl: string;
  readonly preparerUrl: string;
}

/** Set by next.config.ts from what the build wrote. */
export const pageAssets = JSON.parse(process.env.DEVICE_ASSETS ?? 'null') as PageAssets;
