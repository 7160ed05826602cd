import { f16round, setFloat16 } from '@petamoriken/float16';

const LARGEST_HALF = 65_504;
const LARGEST_INT8 = 127;
/** How much of a block's range is tried; the rest of it is clipped. */
const SHARES = [1, 0.98, 0.96, 0.94, 0.92, 0.9, 0.88, 0.86, 0.84, 0.82, 0.8];
const LONGEST_BLOCK = 32;

/** Little-endian 16-bit floats; undefined where a value is beyond what they hold. */
export function toHalves(values: Float32Array): Uint8Array | undefined {
  const view = new DataView(new ArrayBuffer(values.length * 2));
  for (let i = 0; i < values.length; i++) {
    if (!(Math.abs(values[i]!) <= LARGEST_HALF)) return undefined;
    setFloat16(view, i * 2, values[i]!, true);
  }
  return new Uint8Array(view.buffer);
}

export interface Blocks {
  /** Weights of a block, which lie one after the other. */
  readonly length: number;
  /** One after the other, in the order of the weights. */
  readonly values: Int8Array<ArrayBuffer>;
  /** One a block, as 16-bit floats hold it: value × scale is the weight. */
  readonly scales: Float32Array<ArrayBuffer>;
}

/**
 * 8-bit whole numbers around 0 in short blocks, none of which goes over the end of a channel. Each
 * has a scale of its own, of those that are tried the one with the least squared error.
 *
 * @param channelLength weights of a channel, which lie one after the other
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
  // All weights are 0, or as good as that.
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
