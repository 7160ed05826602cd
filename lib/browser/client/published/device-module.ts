/** Entry of the device's code as a server hands it out; loaded when the device is needed first. */
import type { DeviceAssets } from '../device/assets';
import { Device } from '../device/device';

/** Put in by the build. */
declare const DEVICE_ASSETS: DeviceAssets;

/** @param baseUrl origin of the server that has the model and the runtime */
export function createDevice(baseUrl: string): Device {
  return new Device(DEVICE_ASSETS, { baseUrl, asksForLarge: false });
}
