/** In a worker of a page: the device's way of decoding, and a bare canvas, in turns; bundled. */
import { readBitmap } from '../lib/worker/canvas';
import { decodePicture } from '../lib/worker/decode';

/** What of a worker's scope is used; its whole type belongs to lib/worker's project. */
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
    // Who begins alternates: the second finds the memory of the first.
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
