/** Decodes PNG with fast-png, in JavaScript. */
import { convertIndexedToRgb, decode, type DecodedPng } from 'fast-png';
import type { PixelImage } from '@/lib/shared/vision/image';

/**
 * @returns four channels; colours as the file stores them; 16 bits are cut to 8 as libvips cuts
 *   them
 */
export function decodePixels(bytes: ArrayBuffer): Promise<PixelImage> {
  const png = decode(bytes);
  const { width, height } = png;
  const { samples, channels } = toSamples(png);
  const data = new Uint8ClampedArray(width * height * 4);
  const hasAlpha = channels % 2 === 0;
  const isGrey = channels < 3;
  for (let pixel = 0; pixel < width * height; pixel++) {
    const from = pixel * channels;
    for (let i = 0; i < 3; i++) data[pixel * 4 + i] = samples[from + (isGrey ? 0 : i)]!;
    data[pixel * 4 + 3] = hasAlpha ? samples[from + channels - 1]! : 255;
  }
  return Promise.resolve({ data, width, height, channels: 4 });
}

interface Samples {
  /** 8 bits per sample. */
  readonly samples: Uint8Array;
  readonly channels: number;
}

function toSamples(png: DecodedPng): Samples {
  const { palette, depth, width, height, transparency } = png;
  if (palette) {
    const samples = Uint8Array.from(convertIndexedToRgb(png));
    return { samples, channels: samples.length / (width * height) };
  }
  const samples =
    depth === 16
      ? Uint8Array.from(png.data, (value) => value >> 8)
      : spread(Uint8Array.from(png.data), png);
  return transparency ? withClear(samples, png, transparency) : { samples, channels: png.channels };
}

/** Expands grey of 1, 2 or 4 bits, packed row by row, to 8 bits per sample. */
function spread(data: Uint8Array, { depth, width, height }: DecodedPng): Uint8Array {
  if (depth === 8 || depth === 16) return data;
  const rowBytes = Math.ceil((width * depth) / 8);
  const largest = 2 ** depth - 1;
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const bit = (i % width) * depth;
    const byte = data[Math.floor(i / width) * rowBytes + (bit >> 3)]!;
    return (((byte >> (8 - depth - (bit & 7))) & largest) * 255) / largest;
  });
}

/** Adds an alpha channel: pixels of the `tRNS` colour become transparent. */
function withClear(samples: Uint8Array, png: DecodedPng, clear: Uint16Array): Samples {
  const { channels, depth, width, height } = png;
  const scale = depth < 8 ? 255 / (2 ** depth - 1) : 1;
  const stored = (at: number) => (depth === 16 ? png.data[at]! : samples[at]!);
  const all = new Uint8Array(width * height * (channels + 1));
  for (let pixel = 0; pixel < width * height; pixel++) {
    let isClear = true;
    for (let i = 0; i < channels; i++) {
      all[pixel * (channels + 1) + i] = samples[pixel * channels + i]!;
      isClear &&= stored(pixel * channels + i) === clear[i]! * scale;
    }
    all[pixel * (channels + 1) + channels] = isClear ? 0 : 255;
  }
  return { samples: all, channels: channels + 1 };
}
