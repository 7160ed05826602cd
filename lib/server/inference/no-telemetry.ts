/**
 * onnxruntime ≥ 1.29 tells its vendor of models and errors on Linux and macOS, unless this is set
 * before the library is loaded.
 */
export function silenceOnnxRuntime(): void {
  process.env.ORT_DISABLE_TELEMETRY = '1';
}

silenceOnnxRuntime();
