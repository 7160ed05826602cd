import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WorkerBridge } from './worker-bridge';

/** Accepts every message and never answers, like a worker whose threads hang. */
class HangingWorker {
  static ended = 0;
  postMessage(): void {
    // Deliberately ignored.
  }
  terminate(): void {
    HangingWorker.ended++;
  }
}

beforeEach(() => {
  HangingWorker.ended = 0;
  vi.useFakeTimers();
  vi.stubGlobal('Worker', HangingWorker);
  vi.stubGlobal('location', new URL('http://localhost/'));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const request = (threads: number, modelBytes = 10) => ({
  backend: 'wasm' as const,
  scriptUrl: '/ort.mjs',
  wasmBinary: new ArrayBuffer(10),
  modelBytes: new ArrayBuffer(modelBytes),
  threads,
  preprocessing: {} as never,
  head: {} as never,
  labels: [],
  calibration: {} as never,
});

test.each([
  [4, 10, 5_000],
  [4, 40_000_000, 7_000],
  [1, 10, 60_000],
])('a start with %d threads and %d bytes hangs for %d ms at most', async (threads, bytes, ms) => {
  const outcome = vi.fn();
  new WorkerBridge('/worker.js').load(request(threads, bytes)).catch(outcome);
  await vi.advanceTimersByTimeAsync(ms - 1);
  expect(outcome).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2);
  expect(outcome).toHaveBeenCalledWith(expect.objectContaining({ code: 'timeout' }));
  expect(HangingWorker.ended).toBe(1);
});
