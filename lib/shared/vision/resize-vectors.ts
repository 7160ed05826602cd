/**
 * Both passes of a resize in WebAssembly with SIMD instructions, for Node.js and browsers. Several
 * times as fast as JavaScript (bench/README.md), with the same integers as results.
 */
import type { PixelImage, RgbImage } from './image';
import type { Taps } from './taps';

/** Machine code of resize-vectors.wat. A test assembles that file and compares. */
// prettier-ignore
export const MACHINE_CODE = new Uint8Array([
0, 97, 115, 109, 1, 0, 0, 0, 1, 25, 2, 96, 10, 127, 127, 127, 127, 127, 127, 127, 127, 127, 127, 0, 96, 8, 127, 127, 127, 127, 127, 127, 127, 127, 0, 3, 3, 2, 0, 1, 5, 3, 1, 0, 1, 7, 39, 3, 6, 109, 101, 109, 111, 114, 121, 2, 0, 10, 114, 101, 115, 105, 122, 101, 82, 111, 119, 115, 0, 0, 13, 114, 101, 115, 105, 122, 101, 67, 111, 108, 117, 109, 110, 115, 0, 1, 10, 229, 3, 2, 193, 1, 2, 4, 127, 1, 123, 3, 64, 65, 0, 33, 10, 3, 64, 32, 0, 32, 4, 32, 10, 65, 2, 116, 106, 40, 2, 0, 106, 33, 11, 32, 6, 32, 10, 32, 7, 108, 106, 33, 12, 32, 12, 32, 5, 32, 10, 65, 2, 116, 106, 40, 2, 0, 65, 2, 116, 106, 33, 13, 65, 128, 128, 128, 1, 253, 17, 33, 14, 3, 64, 32, 14, 32, 11, 253, 92, 2, 0, 253, 137, 1, 253, 169, 1, 32, 12, 253, 9, 2, 0, 253, 181, 1, 253, 174, 1, 33, 14, 32, 11, 32, 2, 106, 33, 11, 32, 12, 65, 4, 106, 33, 12, 32, 12, 32, 13, 73, 13, 0, 11, 32, 14, 65, 22, 253, 172, 1, 33, 14, 32, 14, 32, 14, 253, 133, 1, 33, 14, 32, 9, 32, 14, 32, 14, 253, 102, 253, 27, 0, 54, 2, 0, 32, 9, 65, 3, 106, 33, 9, 32, 10, 65, 1, 106, 33, 10, 32, 10, 32, 8, 73, 13, 0, 11, 32, 0, 32, 1, 106, 33, 0, 32, 3, 65, 1, 107, 33, 3, 32, 3, 13, 0, 11, 11, 159, 2, 2, 4, 127, 7, 123, 3, 64, 65, 0, 33, 8, 32, 4, 32, 3, 40, 2, 0, 65, 2, 116, 106, 33, 11, 3, 64, 32, 0, 32, 2, 40, 2, 0, 106, 32, 8, 106, 33, 9, 32, 4, 33, 10, 65, 128, 128, 128, 1, 253, 17, 33, 15, 32, 15, 33, 16, 32, 15, 33, 17, 32, 15, 33, 18, 3, 64, 32, 9, 253, 0, 4, 0, 33, 12, 32, 10, 253, 9, 2, 0, 33, 14, 32, 12, 253, 137, 1, 33, 13, 32, 15, 32, 13, 253, 169, 1, 32, 14, 253, 181, 1, 253, 174, 1, 33, 15, 32, 16, 32, 13, 253, 170, 1, 32, 14, 253, 181, 1, 253, 174, 1, 33, 16, 32, 12, 253, 138, 1, 33, 13, 32, 17, 32, 13, 253, 169, 1, 32, 14, 253, 181, 1, 253, 174, 1, 33, 17, 32, 18, 32, 13, 253, 170, 1, 32, 14, 253, 181, 1, 253, 174, 1, 33, 18, 32, 9, 32, 1, 106, 33, 9, 32, 10, 65, 4, 106, 33, 10, 32, 10, 32, 11, 73, 13, 0, 11, 32, 7, 32, 8, 106, 32, 15, 65, 22, 253, 172, 1, 32, 16, 65, 22, 253, 172, 1, 253, 133, 1, 32, 17, 65, 22, 253, 172, 1, 32, 18, 65, 22, 253, 172, 1, 253, 133, 1, 253, 102, 253, 11, 4, 0, 32, 8, 65, 16, 106, 33, 8, 32, 8, 32, 1, 73, 13, 0, 11, 32, 7, 32, 1, 106, 33, 7, 32, 4, 32, 5, 106, 33, 4, 32, 2, 65, 4, 106, 33, 2, 32, 3, 65, 4, 106, 33, 3, 32, 6, 65, 1, 107, 33, 6, 32, 6, 13, 0, 11, 11,
]);

/**
 * The part of WebAssembly's interface that is used here; lib/shared has neither Node's types nor
 * the DOM's.
 */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

type Address = number;

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  resizeRows(
    input: Address,
    rowBytes: number,
    pixelBytes: number,
    height: number,
    firsts: Address,
    counts: Address,
    weights: Address,
    strideBytes: number,
    width: number,
    output: Address,
  ): void;
  resizeColumns(
    input: Address,
    rowBytes: number,
    firsts: Address,
    counts: Address,
    weights: Address,
    strideBytes: number,
    height: number,
    output: Address,
  ): void;
}

const PAGE_BYTES = 65_536;
/** Pictures are copied in strips, so that a large picture needs little memory. */
const STRIP_BYTES = 4 * PAGE_BYTES;
/** Most input bytes that one output row may need. Only pictures of extreme shape need more. */
const MOST_BAND_BYTES = 16 * 1024 * 1024;
const WORD_BYTES = 4;
const VECTOR_BYTES = 16;
/** Bytes after the last pixel that may be read and written. */
const SLACK_BYTES = VECTOR_BYTES;

let exports: Exports | null | undefined;

/**
 * Null if WebAssembly SIMD is missing, or the page's Content-Security-Policy forbids WebAssembly.
 */
function load(): Exports | null {
  try {
    const { Module, Instance } = WebAssembly;
    return new Instance(new Module(MACHINE_CODE)).exports as Exports;
  } catch {
    return null;
  }
}

function loaded(): Exports | null {
  if (exports === undefined) exports = load();
  return exports;
}

/** Size of the module's memory, in bytes; for tests. */
export function memoryBytes(): number {
  return exports?.memory.buffer.byteLength ?? 0;
}

/**
 * The horizontal pass: processes all rows of an image, a few rows at a time.
 *
 * @param taps taps of the columns
 * @returns the image with one column per tap, or undefined if WebAssembly cannot do it
 */
export function resizeRowsByVectors(image: PixelImage, taps: Taps): RgbImage | undefined {
  const vectors = loaded();
  if (!vectors) return undefined;
  const { channels, height, data: input } = image;
  const width = taps.first.length;
  const rowBytes = image.width * channels;
  const outputRowBytes = width * 3;
  const longer = Math.max(rowBytes, outputRowBytes);
  const rows = Math.min(height, Math.max(1, Math.floor(STRIP_BYTES / longer)));
  const at = layOut(taps, rows * rowBytes, rows * outputRowBytes);
  const memory = writeTaps(vectors, at, taps, channels);
  const data = new Uint8Array(outputRowBytes * height);
  for (let top = 0; top < height; top += rows) {
    const count = Math.min(rows, height - top);
    memory.set(input.subarray(top * rowBytes, (top + count) * rowBytes), at.input);
    vectors.resizeRows(
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

/**
 * The vertical pass: processes a few output rows at a time. Their input rows are contiguous.
 *
 * @param image the rows that the taps read, from `taps.start` on
 * @param taps taps of the rows
 * @returns the image with one row per tap, or undefined if WebAssembly cannot do it
 */
export function resizeColumnsByVectors(image: RgbImage, taps: Taps): RgbImage | undefined {
  const vectors = loaded();
  if (!vectors) return undefined;
  const { width, data: input } = image;
  const height = taps.first.length;
  const rowBytes = width * 3;
  const bands = bandsOf(taps, rowBytes);
  const inputBytes = Math.max(...bands.map(({ inputRows }) => inputRows)) * rowBytes;
  if (inputBytes > MOST_BAND_BYTES) return undefined;
  const rows = Math.max(...bands.map(({ count }) => count));
  const at = layOut(taps, inputBytes, rows * rowBytes);
  const memory = writeTaps(vectors, at, { ...taps, start: 0 }, rowBytes);
  const data = new Uint8Array(rowBytes * height);
  for (const { top, count, inputTop, inputRows } of bands) {
    memory.set(input.subarray(inputTop * rowBytes, (inputTop + inputRows) * rowBytes), at.input);
    vectors.resizeColumns(
      // Address that the image's first row would have, because the taps count from it.
      at.input - inputTop * rowBytes,
      rowBytes,
      at.firsts + top * WORD_BYTES,
      at.counts + top * WORD_BYTES,
      at.weights + top * taps.stride * WORD_BYTES,
      taps.stride * WORD_BYTES,
      count,
      at.output,
    );
    const done = memory.subarray(at.output, at.output + count * rowBytes);
    data.set(done, top * rowBytes);
  }
  return { data, width, height, channels: 3 };
}

/** A band: some output rows, and the input rows that they read. */
interface Band {
  readonly top: number;
  readonly count: number;
  readonly inputTop: number;
  readonly inputRows: number;
}

/**
 * Splits the output rows into bands that fit in a strip with their input; at least one row per
 * band.
 */
function bandsOf({ first, count }: Taps, rowBytes: number): Band[] {
  const fitting = Math.floor(STRIP_BYTES / rowBytes);
  const bands: Band[] = [];
  for (let row = 0; row < first.length; row++) {
    const end = first[row]! + count[row]!;
    const last = bands.at(-1);
    if (last && Math.max(end - last.inputTop, row - last.top + 1) <= fitting) {
      bands[bands.length - 1] = {
        ...last,
        count: last.count + 1,
        inputRows: Math.max(last.inputRows, end - last.inputTop),
      };
    } else {
      bands.push({ top: row, count: 1, inputTop: first[row]!, inputRows: count[row]! });
    }
  }
  return bands;
}

/** Memory addresses of the arrays, which lie one after the other. */
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

type Layout = ReturnType<typeof layOut>;

/**
 * Grows the memory if needed, and writes the taps into it.
 *
 * @param stepBytes distance of neighbouring input positions, in bytes
 * @returns the memory; it stays as large as the largest picture so far needed, a few megabytes
 */
function writeTaps(
  { memory }: Exports,
  at: Layout,
  { start, first, count, weights }: Taps,
  stepBytes: number,
): Uint8Array {
  const missing = Math.ceil((at.end - memory.buffer.byteLength) / PAGE_BYTES);
  if (missing > 0) memory.grow(missing);
  const { buffer } = memory;
  const starts = first.map((position) => (start + position) * stepBytes);
  new Int32Array(buffer, at.firsts, first.length).set(starts);
  new Int32Array(buffer, at.counts, count.length).set(count);
  new Int32Array(buffer, at.weights, weights.length).set(weights);
  return new Uint8Array(buffer);
}
