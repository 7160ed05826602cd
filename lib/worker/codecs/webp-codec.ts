/** WebP by libwebp in WebAssembly (138 KB). */
import decode, { init } from '@jsquash/webp/decode.js';
import wasm from '@jsquash/webp/codec/dec/webp_dec.wasm';
import type { PixelImage } from '@/lib/shared/vision/image';
import { loadWasm, once } from './load-wasm';

const start = once(async () => init(await loadWasm(wasm)));

/** @returns four channels, colours as they are stored */
export async function decodePixels(bytes: ArrayBuffer): Promise<PixelImage> {
  await start();
  const { data, width, height } = await decode(bytes);
  return { data, width, height, channels: 4 };
}
