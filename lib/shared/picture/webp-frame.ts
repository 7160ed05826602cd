/** Turns the first frame of an animated WebP into a still file (RFC 9649, section 2.7.1). */
import type { PixelImage } from '../vision/image';
import { Bytes, HeaderError } from './bytes';
import { readWebpChunks } from './webp';

/** The frame's place on the canvas, in pixels, and a file with this frame alone. */
export interface WebpFrame {
  readonly still: Uint8Array<ArrayBuffer>;
  readonly left: number;
  readonly top: number;
}

/** Bytes before a frame's image data: place, size, duration and flags. */
const FRAME_HEADER_BYTES = 16;
const HAS_ALPHA = 0x10;

/** @throws HeaderError if the file has no frame, or ends before the frame does */
export function readFirstWebpFrame(file: Uint8Array): WebpFrame {
  const bytes = new Bytes(file);
  const frame = readWebpChunks(bytes).find(({ name }) => name === 'ANMF');
  if (!frame) throw new HeaderError('The WebP has no frame.');
  const from = frame.at + FRAME_HEADER_BYTES;
  const inside = readWebpChunks(bytes, from, frame.at + frame.length);
  const pixels = inside.find(({ name }) => name === 'VP8 ' || name === 'VP8L');
  if (!pixels) throw new HeaderError('The first frame of the WebP has no pixels.');
  const alpha = inside.find(({ name }) => name === 'ALPH');
  const copy = ({ name, at, length }: typeof pixels) => chunk(name, bytes.slice(at, at + length));
  const parts = alpha
    ? [extendedHeader(bytes.slice(frame.at + 6, frame.at + 12)), copy(alpha), copy(pixels)]
    : [copy(pixels)];
  return {
    still: riff(parts),
    left: 2 * bytes.u24(frame.at, true),
    top: 2 * bytes.u24(frame.at + 3, true),
  };
}

/**
 * The canvas while the first frame is shown; transparent where the frame does not reach.
 *
 * @param image the frame's pixels, four channels
 * @param canvas size of the canvas in pixels
 */
export function placeOnCanvas(
  image: PixelImage,
  { left, top }: Pick<WebpFrame, 'left' | 'top'>,
  canvas: { readonly width: number; readonly height: number },
): PixelImage {
  const { width, height } = canvas;
  if (left === 0 && top === 0 && image.width === width && image.height === height) return image;
  const data = new Uint8Array(4 * width * height);
  const shown = Math.max(0, Math.min(image.width, width - left));
  for (let y = 0; y < Math.min(image.height, height - top); y++) {
    const row = image.data.subarray(4 * y * image.width, 4 * (y * image.width + shown));
    data.set(row, 4 * ((top + y) * width + left));
  }
  return { data, width, height, channels: 4 };
}

/**
 * Builds a VP8X chunk.
 *
 * @param size width − 1 and height − 1, three bytes each, as in a frame's header
 */
function extendedHeader(size: Uint8Array): Uint8Array {
  return chunk('VP8X', Uint8Array.of(HAS_ALPHA, 0, 0, 0, ...size));
}

function riff(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return chunk('RIFF', join([ascii('WEBP'), ...parts]));
}

/** Builds a chunk: name, length, content, and a padding byte if the length is odd. */
function chunk(name: string, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(8);
  header.set(ascii(name));
  new DataView(header.buffer).setUint32(4, content.length, true);
  return join([header, content, new Uint8Array(content.length % 2)]);
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
