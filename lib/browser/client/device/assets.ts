/** URLs of the files of one WebAssembly build. */
export interface WasmBuild {
  readonly scriptUrl: string;
  readonly wasmUrl: string;
  readonly wasmBytes: number;
}

/**
 * URLs that the build made. Each contains a hash of the content, so the file may be kept for ever.
 */
export interface DeviceAssets {
  readonly workerUrl: string;
  readonly builds: { readonly wasm: WasmBuild; readonly webgpu: WasmBuild };
  /** WebGPU must classify this picture as WebAssembly does before it is used. */
  readonly knownPictureUrl: string;
}

export type Backend = keyof DeviceAssets['builds'];

/** The same URLs on the origin `baseUrl`; unchanged if it is empty. */
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
