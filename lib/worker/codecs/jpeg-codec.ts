/** JPEG by MozJPEG in WebAssembly (166 KB), whose upsampling is libjpeg-turbo's. */
import decode, { init } from '@jsquash/jpeg/decode.js';
import wasm from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm';
import type { PixelImage } from '@/lib/shared/vision/image';
import { loadWasm, once } from './load-wasm';

const start = once(async () => init(await loadWasm(wasm)));

/** @returns four channels, colours as they are stored */
export async function decodePixels(bytes: ArrayBuffer): Promise<PixelImage> {
  await start();
  const { data, width, height } = await decode(bytes, { preserveOrientation: false });
  return { data, width, height, channels: 4 };
}
