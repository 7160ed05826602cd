import type { FilterKernel } from './filters';

/** Fraction bits of a fixed-point weight: 32 minus 8 for the pixel and 2 for overshoot. */
export const WEIGHT_BITS = 22;

/**
 * For each output position: the first input position that it reads, how many it reads, and their
 * weights.
 */
export interface Taps {
  /** First input position that any output position reads. `first` is relative to it. */
  readonly start: number;
  /** Number of input positions read, from `start` on. */
  readonly size: number;
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly weights: Int32Array;
  /** Distance between the weights of neighbouring output positions, in array elements. */
  readonly stride: number;
}

/** Taps of `length` output positions, from position `from` on, of a resize to `outputSize`. */
export function computeTaps(
  inputSize: number,
  outputSize: number,
  kernel: FilterKernel,
  from: number,
  length: number,
): Taps {
  const scale = inputSize / outputSize;
  const filterScale = Math.max(scale, 1);
  const support = kernel.support * filterScale;
  const begin = (center: number) => Math.max(0, Math.trunc(center - support + 0.5));
  const end = (center: number) => Math.min(inputSize, Math.trunc(center + support + 0.5));
  const start = begin((from + 0.5) * scale);
  const size = end((from + length - 0.5) * scale) - start;
  const stride = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(length);
  const count = new Int32Array(length);
  const weights = new Int32Array(length * stride);
  const exact = new Float64Array(stride);

  for (let out = 0; out < length; out++) {
    const center = (from + out + 0.5) * scale;
    const begins = begin(center);
    const taps = end(center) - begins;
    let sum = 0;
    for (let i = 0; i < taps; i++) {
      const weight = kernel.weight((begins + i - center + 0.5) / filterScale);
      exact[i] = weight;
      sum += weight;
    }
    first[out] = begins - start;
    count[out] = taps;
    for (let i = 0; i < taps; i++) {
      const share = sum === 0 ? exact[i]! : exact[i]! / sum;
      weights[out * stride + i] = Math.trunc(share * (1 << WEIGHT_BITS) + (share < 0 ? -0.5 : 0.5));
    }
  }
  return { start, size, first, count, weights, stride };
}
