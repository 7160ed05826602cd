/** Decodes WebP with libwebp in WebAssembly (138 KB). libwebp here reads still pictures only. */
import decode, { init } from '@jsquash/webp/decode.js';
import wasm from '@jsquash/webp/codec/dec/webp_dec.wasm';
import { Bytes } from '@/lib/shared/picture/bytes';
import { readWebp } from '@/lib/shared/picture/webp';
import { placeOnCanvas, readFirstWebpFrame } from '@/lib/shared/picture/webp-frame';
import type { PixelImage } from '@/lib/shared/vision/image';
import { loadWasm, once } from './load-wasm';

const start = once(async () => init(await loadWasm(wasm)));

/** @returns four channels; colours as the file stores them; the first frame of an animation */
export async function decodePixels(bytes: ArrayBuffer): Promise<PixelImage> {
  await start();
  const facts = readWebp(new Bytes(new Uint8Array(bytes)));
  if (!facts.animated) return decodeStill(bytes);
  const frame = readFirstWebpFrame(new Uint8Array(bytes));
  return placeOnCanvas(await decodeStill(frame.still.buffer), frame, facts);
}

async function decodeStill(bytes: ArrayBuffer): Promise<PixelImage> {
  const { data, width, height } = await decode(bytes);
  return { data, width, height, channels: 4 };
}
