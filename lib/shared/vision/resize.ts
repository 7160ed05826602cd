import { FILTER_KERNELS, type FilterKernel, type ResampleFilter } from './filters';
import { toRgb, type PixelImage, type RgbImage } from './image';

/** Bits after the binary point of a weight: 32 less 8 for the pixel and 2 for overshoot. */
const WEIGHT_BITS = 22;
const ROUNDING = 1 << (WEIGHT_BITS - 1);

/** For each output position: the first input position it reads, how many, and their weights. */
interface Taps {
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly weights: Int32Array;
  /** Distance between the weights of two neighbouring output positions. */
  readonly stride: number;
}

/**
 * Resizes as Pillow's `Image.resize` does, antialiased when shrinking: models are trained on what
 * Pillow makes. Two passes over fixed-point weights, rounded to bytes in between, so that results
 * are the same integers on every machine (method: Pillow, src/libImaging/Resample.c).
 *
 * @param width output width in pixels, at least 1
 * @param height output height in pixels, at least 1
 * @throws RangeError if a size is not a positive integer
 */
export function resize(
  image: PixelImage,
  width: number,
  height: number,
  filter: ResampleFilter,
): RgbImage {
  assertSize('width', width);
  assertSize('height', height);
  if (image.width === width && image.height === height) return toRgb(image);
  if (filter === 'nearest') return resizeNearest(image, width, height);

  const kernel = FILTER_KERNELS[filter];
  const vertical = image.height === height ? undefined : computeTaps(image.height, height, kernel);
  const horizontal = image.width === width ? undefined : computeTaps(image.width, width, kernel);
  const narrow = horizontal ? resizeRows(image, width, horizontal) : toRgb(image);
  return vertical ? resizeColumns(narrow, height, vertical) : narrow;
}

function assertSize(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(`expected ${name} to be a positive integer, received ${value}`);
  }
}

function computeTaps(inputSize: number, outputSize: number, kernel: FilterKernel): Taps {
  const scale = inputSize / outputSize;
  const filterScale = Math.max(scale, 1);
  const support = kernel.support * filterScale;
  const stride = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(outputSize);
  const count = new Int32Array(outputSize);
  const weights = new Int32Array(outputSize * stride);
  const exact = new Float64Array(stride);

  for (let out = 0; out < outputSize; out++) {
    const center = (out + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - support + 0.5));
    const end = Math.min(inputSize, Math.trunc(center + support + 0.5));
    let sum = 0;
    for (let i = 0; i < end - start; i++) {
      const weight = kernel.weight((start + i - center + 0.5) / filterScale);
      exact[i] = weight;
      sum += weight;
    }
    first[out] = start;
    count[out] = end - start;
    for (let i = 0; i < end - start; i++) {
      const share = sum === 0 ? exact[i]! : exact[i]! / sum;
      weights[out * stride + i] = Math.trunc(share * (1 << WEIGHT_BITS) + (share < 0 ? -0.5 : 0.5));
    }
  }
  return { first, count, weights, stride };
}

function toByte(sum: number): number {
  const value = sum >> WEIGHT_BITS;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

function resizeRows(image: PixelImage, width: number, taps: Taps): RgbImage {
  const { first, count, weights, stride } = taps;
  const { data: input, channels, height } = image;
  const rowBytes = image.width * channels;
  const data = new Uint8Array(width * height * 3);
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let from = y * rowBytes + first[x]! * channels;
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

/** Adds whole rows onto an accumulator, so that memory is read in the order it lies. */
function resizeColumns(image: RgbImage, height: number, taps: Taps): RgbImage {
  const { first, count, weights, stride } = taps;
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

/** Input positions of each output position, stepping from the middle of the first output pixel. */
function nearestPositions(inputSize: number, outputSize: number): Int32Array {
  const scale = inputSize / outputSize;
  const positions = new Int32Array(outputSize);
  let position = scale * 0.5;
  for (let out = 0; out < outputSize; out++) {
    positions[out] = Math.min(inputSize - 1, Math.trunc(position));
    position += scale;
  }
  return positions;
}

function resizeNearest(image: PixelImage, width: number, height: number): RgbImage {
  const columns = nearestPositions(image.width, width);
  const rows = nearestPositions(image.height, height);
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
