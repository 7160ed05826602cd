import { f16round, setFloat16 } from '@petamoriken/float16';

const LARGEST_HALF = 65_504;
const LARGEST_INT8 = 127;
/** Shares of a block's range that are tried. Values beyond the share are clipped. */
const SHARES = [1, 0.98, 0.96, 0.94, 0.92, 0.9, 0.88, 0.86, 0.84, 0.82, 0.8];
const LONGEST_BLOCK = 32;

/** Little-endian 16-bit floats; undefined if a value is outside their range. */
export function toHalves(values: Float32Array): Uint8Array | undefined {
  const view = new DataView(new ArrayBuffer(values.length * 2));
  for (let i = 0; i < values.length; i++) {
    if (!(Math.abs(values[i]!) <= LARGEST_HALF)) return undefined;
    setFloat16(view, i * 2, values[i]!, true);
  }
  return new Uint8Array(view.buffer);
}

export interface Blocks {
  /** Number of consecutive weights in a block. */
  readonly length: number;
  /** The quantized values, in the order of the weights. */
  readonly values: Int8Array<ArrayBuffer>;
  /** One scale per block, rounded to a 16-bit float: weight = value × scale. */
  readonly scales: Float32Array<ArrayBuffer>;
}

/**
 * Quantizes to signed 8-bit integers in short blocks that never cross a channel's end. Each block
 * gets the tried scale with the smallest squared error.
 *
 * @param channelLength number of consecutive weights in a channel
 */
export function toInt8(weights: Float32Array, channelLength: number): Blocks {
  const length = longestDivisor(channelLength);
  const values = new Int8Array(weights.length);
  const scales = new Float32Array(weights.length / length);
  for (let block = 0; block < scales.length; block++) {
    const start = block * length;
    const members = weights.subarray(start, start + length);
    const scale = bestScale(members);
    scales[block] = scale;
    members.forEach((weight, i) => (values[start + i] = nearest(weight, scale)));
  }
  return { length, values, scales };
}

function longestDivisor(channelLength: number): number {
  let length = Math.min(LONGEST_BLOCK, channelLength);
  while (channelLength % length !== 0) length--;
  return length;
}

function bestScale(weights: Float32Array): number {
  const range = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  const scales = SHARES.map((share) => f16round((range * share) / LARGEST_INT8));
  // All weights are 0, or nearly so.
  if (scales.at(-1) === 0) return 1;
  const errors = scales.map((scale) => squaredError(weights, scale));
  return scales[errors.indexOf(Math.min(...errors))]!;
}

function squaredError(weights: Float32Array, scale: number): number {
  let sum = 0;
  for (const weight of weights) sum += (weight - nearest(weight, scale) * scale) ** 2;
  return sum;
}

function nearest(weight: number, scale: number): number {
  return Math.max(-LARGEST_INT8, Math.min(LARGEST_INT8, Math.round(weight / scale)));
}
