/**
 * The horizontal pass of a resize as WebAssembly with vector instructions, which Node.js and browsers
 * both have: several times as fast as JavaScript (bench/README.md), and the same integers.
 */
import type { PixelImage, RgbImage } from './image';
import type { Taps } from './taps';

/** Machine code of resize-rows.wat; a test assembles that anew and compares. */
// prettier-ignore
export const MACHINE_CODE = new Uint8Array([
0, 97, 115, 109, 1, 0, 0, 0, 1, 14, 1, 96, 10, 127, 127, 127, 127, 127, 127, 127, 127, 127, 127, 0, 3, 2, 1, 0, 5, 3, 1, 0, 1, 7, 23, 2, 6, 109, 101, 109, 111, 114, 121, 2, 0, 10, 114, 101, 115, 105, 122, 101, 82, 111, 119, 115, 0, 0, 10, 196, 1, 1, 193, 1, 2, 4, 127, 1, 123, 3, 64, 65, 0, 33, 10, 3, 64, 32, 0, 32, 4, 32, 10, 65, 2, 116, 106, 40, 2, 0, 106, 33, 11, 32, 6, 32, 10, 32, 7, 108, 106, 33, 12, 32, 12, 32, 5, 32, 10, 65, 2, 116, 106, 40, 2, 0, 65, 2, 116, 106, 33, 13, 65, 128, 128, 128, 1, 253, 17, 33, 14, 3, 64, 32, 14, 32, 11, 253, 92, 2, 0, 253, 137, 1, 253, 169, 1, 32, 12, 253, 9, 2, 0, 253, 181, 1, 253, 174, 1, 33, 14, 32, 11, 32, 2, 106, 33, 11, 32, 12, 65, 4, 106, 33, 12, 32, 12, 32, 13, 73, 13, 0, 11, 32, 14, 65, 22, 253, 172, 1, 33, 14, 32, 14, 32, 14, 253, 133, 1, 33, 14, 32, 9, 32, 14, 32, 14, 253, 102, 253, 27, 0, 54, 2, 0, 32, 9, 65, 3, 106, 33, 9, 32, 10, 65, 1, 106, 33, 10, 32, 10, 32, 8, 73, 13, 0, 11, 32, 0, 32, 1, 106, 33, 0, 32, 3, 65, 1, 107, 33, 3, 32, 3, 13, 0, 11, 11
]);

/** The part of WebAssembly's interface that is used; neither Node nor a DOM is known here. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  resizeRows(
    input: number,
    rowBytes: number,
    pixelBytes: number,
    height: number,
    firsts: number,
    counts: number,
    weights: number,
    strideBytes: number,
    width: number,
    output: number,
  ): void;
}

const PAGE_BYTES = 65_536;
/** Rows are copied in by strips, so that a large picture needs no large memory. */
const STRIP_BYTES = 4 * PAGE_BYTES;
const WORD_BYTES = 4;
/** What is read and written behind a pixel of three bytes. */
const SLACK_BYTES = WORD_BYTES;

let exports: Exports | null | undefined;

/** Null where there is no WebAssembly with vectors, or a page's policy forbids it. */
function load(): Exports | null {
  try {
    const { Module, Instance } = WebAssembly;
    return new Instance(new Module(MACHINE_CODE)).exports as Exports;
  } catch {
    return null;
  }
}

/**
 * One pass over the rows of an image.
 *
 * @param taps of the columns
 * @returns the image as wide as there are taps, or undefined where this cannot be done here
 */
export function resizeRowsByVectors(image: PixelImage, taps: Taps): RgbImage | undefined {
  if (exports === undefined) exports = load();
  return exports ? run(exports, image, taps) : undefined;
}

/** How much of its own memory it has taken; for tests. */
export function memoryBytes(): number {
  return exports?.memory.buffer.byteLength ?? 0;
}

function run(loaded: Exports, image: PixelImage, taps: Taps): RgbImage {
  const { width: inputWidth, height, channels, data: input } = image;
  const width = taps.first.length;
  const rowBytes = inputWidth * channels;
  const outputRowBytes = width * 3;
  const longer = Math.max(rowBytes, outputRowBytes);
  const rows = Math.min(height, Math.max(1, Math.floor(STRIP_BYTES / longer)));
  const at = layOut(taps, rows * rowBytes, rows * outputRowBytes);
  reserve(loaded, at.end);
  const memory = new Uint8Array(loaded.memory.buffer);
  writeTaps(loaded.memory.buffer, at, taps, channels);
  const data = new Uint8Array(outputRowBytes * height);
  for (let top = 0; top < height; top += rows) {
    const count = Math.min(rows, height - top);
    memory.set(input.subarray(top * rowBytes, (top + count) * rowBytes), at.input);
    loaded.resizeRows(
      at.input,
      rowBytes,
      channels,
      count,
      at.firsts,
      at.counts,
      at.weights,
      taps.stride * WORD_BYTES,
      width,
      at.output,
    );
    const done = memory.subarray(at.output, at.output + count * outputRowBytes);
    data.set(done, top * outputRowBytes);
  }
  return { data, width, height, channels: 3 };
}

/** Addresses in the memory, one thing behind the other. */
function layOut({ first, weights }: Taps, inputBytes: number, outputBytes: number) {
  const firsts = 0;
  const counts = firsts + first.length * WORD_BYTES;
  const weightsAt = counts + first.length * WORD_BYTES;
  const output = weightsAt + weights.length * WORD_BYTES;
  const input = output + outputBytes + SLACK_BYTES;
  return {
    firsts,
    counts,
    weights: weightsAt,
    output,
    input,
    end: input + inputBytes + SLACK_BYTES,
  };
}

/** Memory grows to what the widest picture so far needed, a few megabytes at the most. */
function reserve({ memory }: Exports, bytes: number): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE_BYTES);
  if (missing > 0) memory.grow(missing);
}

function writeTaps(
  buffer: ArrayBuffer,
  at: ReturnType<typeof layOut>,
  { start, first, count, weights }: Taps,
  channels: number,
): void {
  new Int32Array(buffer, at.firsts, first.length).set(
    first.map((position) => (start + position) * channels),
  );
  new Int32Array(buffer, at.counts, count.length).set(count);
  new Int32Array(buffer, at.weights, weights.length).set(weights);
}
