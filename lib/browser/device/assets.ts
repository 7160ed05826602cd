/** Where the files of one WebAssembly build lie on our own origin. */
export interface WasmBuild {
  readonly scriptUrl: string;
  readonly wasmUrl: string;
  readonly wasmBytes: number;
}

/** Addresses made by the build; each names the content, so it may be kept for ever. */
export interface DeviceAssets {
  readonly workerUrl: string;
  /** Of the worker that reads the answers with charts. */
  readonly chartReaderUrl: string;
  readonly builds: { readonly wasm: WasmBuild; readonly webgpu: WasmBuild };
}

export type Backend = keyof DeviceAssets['builds'];

/** Set by next.config.ts from what the build wrote. */
export const deviceAssets = JSON.parse(process.env.DEVICE_ASSETS ?? 'null') as DeviceAssets;
