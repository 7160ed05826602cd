/** Decodes JPEG with MozJPEG in WebAssembly (166 KB). It upsamples chroma as libjpeg-turbo does. */
import decode, { init } from '@jsquash/jpeg/decode.js';
import wasm from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm';
import type { PixelImage } from '@/lib/shared/vision/image';
import { loadWasm, once } from './load-wasm';

const start = once(async () => init(await loadWasm(wasm)));

/** @returns four channels; colours as the file stores them, not yet converted */
export async function decodePixels(bytes: ArrayBuffer): Promise<PixelImage> {
  await start();
  const { data, width, height } = await decode(bytes, { preserveOrientation: false });
  return { data, width, height, channels: 4 };
}
