/** The device as the page uses it, put into a page that asks it for every class. */
import type { DeviceAssets } from '../../lib/browser/client/device/assets';
import { Device } from '../../lib/browser/client/device/device';

declare global {
  interface Window {
    sightline: (assets: DeviceAssets) => Device;
  }
}

window.sightline = (assets) => new Device(assets);
