import { FILTER_KERNELS, type ResampleFilter } from './filters';
import { toRgb, type PixelImage, type RgbImage } from './image';
import { resizeColumnsByVectors, resizeRowsByVectors } from './resize-vectors';
import { computeTaps, WEIGHT_BITS, type Taps } from './taps';

const ROUNDING = 1 << (WEIGHT_BITS - 1);

/** A part of an image, in pixels. */
export interface ImageWindow {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Resizes like Pillow's `Image.resize`, with antialiasing when shrinking, because models are
 * trained on Pillow's results. Two passes use fixed-point weights and round to bytes in between, so
 * that every machine gives the same integers (method: Pillow, src/libImaging/Resample.c).
 *
 * @param width output width in pixels, at least 1
 * @param height output height in pixels, at least 1
 * @param window the part of the output to compute
 * @throws RangeError if a size is not a positive integer
 */
export function resize(
  image: PixelImage,
  width: number,
  height: number,
  filter: ResampleFilter,
  window: ImageWindow = { left: 0, top: 0, width, height },
): RgbImage {
  assertSize('width', width);
  assertSize('height', height);
  if (filter === 'nearest') return resizeNearest(image, width, height, window);

  const kernel = FILTER_KERNELS[filter];
  const isWidthKept = image.width === width && window.width === width;
  const isHeightKept = image.height === height && window.height === height;
  const rows = isHeightKept
    ? undefined
    : computeTaps(image.height, height, kernel, window.top, window.height);
  const read = rows ? takeRows(image, rows.start, rows.size) : image;
  const narrow = isWidthKept
    ? toRgb(read)
    : resizeRows(read, computeTaps(image.width, width, kernel, window.left, window.width));
  return rows ? resizeColumns(narrow, rows) : narrow;
}

/** Some rows of an image, as a view without copying. */
function takeRows(image: PixelImage, top: number, height: number): PixelImage {
  const rowBytes = image.width * image.channels;
  const data = image.data.subarray(top * rowBytes, (top + height) * rowBytes);
  return { ...image, data, height };
}

function assertSize(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(`expected ${name} to be a positive integer, received ${value}`);
  }
}

function toByte(sum: number): number {
  const value = sum >> WEIGHT_BITS;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

function resizeRows(image: PixelImage, taps: Taps): RgbImage {
  return resizeRowsByVectors(image, taps) ?? resizeRowsOneByOne(image, taps);
}

/** The horizontal pass in JavaScript, where WebAssembly SIMD is missing. */
export function resizeRowsOneByOne(image: PixelImage, taps: Taps): RgbImage {
  const { start, first, count, weights, stride } = taps;
  const width = first.length;
  const { data: input, channels, height } = image;
  const rowBytes = image.width * channels;
  const data = new Uint8Array(width * height * 3);
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let from = y * rowBytes + (start + first[x]!) * channels;
      let red = ROUNDING;
      let green = ROUNDING;
      let blue = ROUNDING;
      const last = x * stride + count[x]!;
      for (let tap = x * stride; tap < last; tap++) {
        const weight = weights[tap]!;
        red = (red + Math.imul(input[from]!, weight)) | 0;
        green = (green + Math.imul(input[from + 1]!, weight)) | 0;
        blue = (blue + Math.imul(input[from + 2]!, weight)) | 0;
        from += channels;
      }
      data[to] = toByte(red);
      data[to + 1] = toByte(green);
      data[to + 2] = toByte(blue);
      to += 3;
    }
  }
  return { data, width, height, channels: 3 };
}

function resizeColumns(image: RgbImage, taps: Taps): RgbImage {
  return resizeColumnsByVectors(image, taps) ?? resizeColumnsOneByOne(image, taps);
}

/**
 * The vertical pass in JavaScript. It adds whole rows to an accumulator, so that memory is read
 * sequentially.
 */
export function resizeColumnsOneByOne(image: RgbImage, taps: Taps): RgbImage {
  const { first, count, weights, stride } = taps;
  const height = first.length;
  const rowBytes = image.width * 3;
  const input = image.data;
  const data = new Uint8Array(rowBytes * height);
  const sums = new Int32Array(rowBytes);
  for (let y = 0; y < height; y++) {
    sums.fill(ROUNDING);
    for (let tap = 0; tap < count[y]!; tap++) {
      const weight = weights[y * stride + tap]!;
      const from = (first[y]! + tap) * rowBytes;
      for (let i = 0; i < rowBytes; i++) {
        sums[i] = (sums[i]! + Math.imul(input[from + i]!, weight)) | 0;
      }
    }
    const to = y * rowBytes;
    for (let i = 0; i < rowBytes; i++) data[to + i] = toByte(sums[i]!);
  }
  return { data, width: image.width, height, channels: 3 };
}

/** Input position for each output position, beginning with the centre of the first output pixel. */
function nearestPositions(
  inputSize: number,
  outputSize: number,
  from: number,
  length: number,
): Int32Array {
  const scale = inputSize / outputSize;
  const positions = new Int32Array(length);
  let position = scale * 0.5;
  // Adds repeatedly instead of multiplying, to reproduce Pillow's rounding errors.
  for (let skipped = 0; skipped < from; skipped++) position += scale;
  for (let out = 0; out < length; out++) {
    positions[out] = Math.min(inputSize - 1, Math.trunc(position));
    position += scale;
  }
  return positions;
}

function resizeNearest(
  image: PixelImage,
  outputWidth: number,
  outputHeight: number,
  { left, top, width, height }: ImageWindow,
): RgbImage {
  const columns = nearestPositions(image.width, outputWidth, left, width);
  const rows = nearestPositions(image.height, outputHeight, top, height);
  const data = new Uint8Array(width * height * 3);
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (rows[y]! * image.width + columns[x]!) * image.channels;
      data[to] = image.data[from]!;
      data[to + 1] = image.data[from + 1]!;
      data[to + 2] = image.data[from + 2]!;
      to += 3;
    }
  }
  return { data, width, height, channels: 3 };
}
