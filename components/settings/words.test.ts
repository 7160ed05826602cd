import { describe, expect, test } from 'vitest';
import type { DeviceState } from '@/lib/browser/client/device/device';
import { comparisonSentence } from './words';

const file = { name: 'model.onnx', bytes: 1000 };
const ready = { kind: 'ready', backend: 'webgpu', threads: 1, file } as const;

describe('the comparison of WebGPU with WebAssembly', () => {
  test.each<[DeviceState, string]>([
    [{ kind: 'starting' }, 'Comparing WebGPU'],
    [{ kind: 'asking', bytes: 6e7 }, 'waits for your word'],
    [{ kind: 'failed', message: 'No network.' }, 'could not be compared: No network.'],
    [{ ...ready, comparison: { agrees: true, largestDifference: 0.0012 } }, 'more than 0.12'],
    [{ ...ready, comparison: { agrees: false, largestDifference: 0.4 } }, 'differs from it by 40'],
    [
      { ...ready, comparison: { agrees: false, largestDifference: 1, failure: 'no adapter.' } },
      'does not run here (no adapter.)',
    ],
  ])('%o says "%s"', (state, words) => {
    expect(comparisonSentence(state)).toContain(words);
  });
});
