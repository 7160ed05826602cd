import type { DeviceAbility } from '../where';
import type { Device, DeviceAnswer } from '../device/device';
import { savesData } from '../device/saves-data';
import type * as DeviceModule from './device-module';

/** Path of the module with the device's code on the server. The build puts this value in. */
declare const DEVICE_MODULE: string;

/** A device whose code is downloaded when it is first needed. */
export class LazyDevice {
  readonly #baseUrl: string;
  readonly #model: string | undefined;
  #device: Device | undefined;
  #loading: Promise<Device> | undefined;

  constructor(baseUrl: string, model: string | undefined) {
    this.#baseUrl = baseUrl;
    this.#model = model;
  }

  ability(): DeviceAbility {
    if (this.#device) return this.#device.ability();
    return savesData() ? 'costly' : 'available';
  }

  async classify(picture: Blob, topK?: number): Promise<DeviceAnswer> {
    return (await this.#load()).classify(picture, topK);
  }

  /** Loads the code, the runtime and the model in advance. */
  async prepare(): Promise<void> {
    await (await this.#load()).prepare();
  }

  #load(): Promise<Device> {
    return (this.#loading ??= this.#import().catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    }));
  }

  async #import(): Promise<Device> {
    const address = this.#baseUrl + DEVICE_MODULE;
    // The URL is known only at run time, so bundlers must not resolve it.
    // eslint-disable-next-line no-restricted-syntax
    const { createDevice } = (await import(
      /* @vite-ignore */ /* webpackIgnore: true */ address
    )) as typeof DeviceModule;
    this.#device = createDevice(this.#baseUrl);
    this.#device.useModel(this.#model);
    return this.#device;
  }
}
