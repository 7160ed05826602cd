/** Where the files of one WebAssembly build lie. */
export interface WasmBuild {
  readonly scriptUrl: string;
  readonly wasmUrl: string;
  readonly wasmBytes: number;
}

/** Addresses made by the build; each names the content, so it may be kept for ever. */
export interface DeviceAssets {
  readonly workerUrl: string;
  readonly builds: { readonly wasm: WasmBuild; readonly webgpu: WasmBuild };
  /** Both builds are given this picture before WebGPU is trusted. */
  readonly knownPictureUrl: string;
}

export type Backend = keyof DeviceAssets['builds'];

/** The same with whole addresses, for a page of another origin; as they are without one. */
export function assetsAt(assets: DeviceAssets, baseUrl: string): DeviceAssets {
  if (baseUrl === '') return assets;
  const at = ({ scriptUrl, wasmUrl, wasmBytes }: WasmBuild): WasmBuild => ({
    scriptUrl: baseUrl + scriptUrl,
    wasmUrl: baseUrl + wasmUrl,
    wasmBytes,
  });
  const { workerUrl, builds, knownPictureUrl } = assets;
  return {
    workerUrl: baseUrl + workerUrl,
    builds: { wasm: at(builds.wasm), webgpu: at(builds.webgpu) },
    knownPictureUrl: baseUrl + knownPictureUrl,
  };
}
