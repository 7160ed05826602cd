/** Entry of the device's code, as a server serves it. Loaded when the device is first needed. */
import type { DeviceAssets } from '../device/assets';
import { Device } from '../device/device';

/** The build puts this value in. */
declare const DEVICE_ASSETS: DeviceAssets;

/** @param baseUrl origin of the server that has the model and the runtime */
export function createDevice(baseUrl: string): Device {
  return new Device(DEVICE_ASSETS, { baseUrl, asksForLarge: false });
}
