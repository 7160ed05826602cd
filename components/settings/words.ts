/** Texts of the settings. Pure functions, so that every sentence has a test. */
import type { DeviceState } from '@/lib/browser/client/device/device';

/** The result of comparing WebGPU with WebAssembly on the known picture. */
export function comparisonSentence(device: DeviceState): string {
  switch (device.kind) {
    case 'absent':
      return 'WebGPU is compared with WebAssembly before it is used.';
    case 'asking':
      return 'WebGPU is compared when the model is here, and that waits for your word.';
    case 'downloading':
    case 'starting':
      return 'Comparing WebGPU with WebAssembly on a known picture.';
    case 'failed':
      return `WebGPU could not be compared: ${device.message}`;
    case 'ready': {
      const { comparison } = device;
      if (!comparison) return 'WebAssembly is used.';
      const points = (comparison.largestDifference * 100).toFixed(2);
      if (comparison.agrees) {
        return `WebGPU is used: on a known picture no class differs from WebAssembly by more than ${points} percentage points.`;
      }
      return comparison.failure
        ? `WebAssembly is used instead: WebGPU does not run here (${comparison.failure})`
        : `WebAssembly is used instead: on a known picture WebGPU differs from it by ${points} percentage points.`;
    }
  }
}
