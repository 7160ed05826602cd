/**
 * Runs in a page's worker: decodes a picture in turns with the device's code and with a bare
 * canvas. Bundled.
 */
import { readBitmap } from '../lib/worker/canvas';
import { decodePicture } from '../lib/worker/decode';

/**
 * The part of a worker's scope that is used. The complete type belongs to the project of
 * lib/worker.
 */
declare const self: {
  onmessage: (event: MessageEvent<{ picture: ArrayBuffer; turns: number }>) => Promise<void>;
  postMessage: (message: unknown) => void;
};

const MAX_PIXELS = 64_000_000;
const WARMUP_TURNS = 2;

const ways = {
  device: async (picture: Blob) => void (await decodePicture(picture, MAX_PIXELS)),
  canvas: async (picture: Blob) => {
    const bitmap = await createImageBitmap(picture);
    readBitmap(bitmap);
    bitmap.close();
  },
};

self.onmessage = async ({ data: { picture, turns } }) => {
  const tookMs: Record<keyof typeof ways, number[]> = { device: [], canvas: [] };
  for (let turn = 0; turn < WARMUP_TURNS + turns; turn++) {
    // The order alternates, because the second decoder reuses the memory of the first.
    const order =
      turn % 2 === 0 ? (['device', 'canvas'] as const) : (['canvas', 'device'] as const);
    for (const way of order) {
      const blob = new Blob([picture]);
      const startedAtMs = performance.now();
      await ways[way](blob);
      if (turn >= WARMUP_TURNS) tookMs[way].push(performance.now() - startedAtMs);
    }
  }
  self.postMessage(tookMs);
};
