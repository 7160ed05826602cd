/** Texts about the model on this device. */
import type { Backend } from '@/lib/browser/client/device/assets';
import type { LoadedFile } from '@/lib/browser/client/device/starter';
import { formatFileSize, formatMegabytes } from '@/lib/shared/numbers/format';

export const BACKEND_NAMES: Record<Backend, string> = { wasm: 'WebAssembly', webgpu: 'WebGPU' };

/** The question before a large model is downloaded. */
export function largeModelSentence(bytes: number): string {
  return `The model that answers on this device is large: ${formatMegabytes(bytes)}. It is loaded once and stays in this browser.`;
}

/** Shown if a large model was not loaded in advance. */
export function notAheadSentence(largeBytes: number): string {
  return `The model is not on this device: it is large, ${formatMegabytes(largeBytes)}. When a picture needs it here, you are asked first.`;
}

/** "model_fp16.onnx, 2.1 MB" */
export function fileWords({ name, bytes }: LoadedFile): string {
  return `${name}, ${formatFileSize(bytes)}`;
}
