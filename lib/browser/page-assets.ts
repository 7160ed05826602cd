import type { DeviceAssets } from './client/device/assets';

/**
 * URLs that the build made for the page: the device's files, and workers for charts and pictures.
 */
export interface PageAssets extends DeviceAssets {
  readonly chartReaderUrl: string;
  readonly preparerUrl: string;
}

/** Set by next.config.ts from the build's output. */
export const pageAssets = JSON.parse(process.env.DEVICE_ASSETS ?? 'null') as PageAssets;
