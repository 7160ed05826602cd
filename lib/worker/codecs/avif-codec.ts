/** Decodes AVIF with libavif in WebAssembly (1.2 MB). */
import decode, { init } from '@jsquash/avif/decode.js';
import wasm from '@jsquash/avif/codec/dec/avif_dec.wasm';
import type { PixelImage } from '@/lib/shared/vision/image';
import { loadWasm, once } from './load-wasm';

const start = once(async () => init(await loadWasm(wasm)));

/** @returns four channels; colours as the file stores them, not yet converted */
export async function decodePixels(bytes: ArrayBuffer): Promise<PixelImage> {
  await start();
  const decoded = await decode(bytes);
  if (!decoded) throw new Error('The decoder gave no picture.');
  const { data, width, height } = decoded;
  return { data, width, height, channels: 4 };
}
