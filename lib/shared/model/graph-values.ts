/** Converts between the pipeline's 32-bit floats and the element types of a graph. */
import { getFloat16, setFloat16 } from '@petamoriken/float16';
import type { InputSignature, InputType } from './graph';

type GraphInput = Float32Array | Uint16Array | Uint8Array;

/** Allowed distance of a sum from 1, because 16-bit floats and quantized graphs round. */
const SUM_TOLERANCE = 0.01;

/** Prepared pictures: [pictures, channels, height, width]. */
export interface PreparedTensor {
  readonly data: Float32Array<ArrayBuffer>;
  readonly dims: readonly number[];
}

/** Converts prepared pictures to the layout and element type of the graph's input. */
export function layOut(
  { data, dims }: PreparedTensor,
  { layout }: Pick<InputSignature, 'layout'>,
): PreparedTensor {
  if (layout === 'nchw') return { data, dims };
  const [pictures = 0, channels = 0, height = 0, width = 0] = dims;
  const plane = width * height;
  const turned = new Float32Array(data.length);
  for (let start = 0; start < data.length; start += channels * plane) {
    for (let pixel = 0; pixel < plane; pixel++) {
      for (let channel = 0; channel < channels; channel++) {
        turned[start + pixel * channels + channel] = data[start + channel * plane + pixel]!;
      }
    }
  }
  return { data: turned, dims: [pictures, height, width, channels] };
}

export function encodeInput(type: InputType, values: Float32Array): GraphInput {
  if (type === 'float32') return values;
  // Uint8ClampedArray rounds and clamps to 0–255.
  if (type === 'uint8') return new Uint8Array(Uint8ClampedArray.from(values).buffer);
  const halves = new Uint16Array(values.length);
  const view = new DataView(halves.buffer);
  values.forEach((value, i) => setFloat16(view, i * 2, value, IS_LITTLE_ENDIAN));
  return halves;
}

const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * Converts an output to 32-bit floats. Runtimes without Float16Array return 16-bit floats as raw
 * bits; runtimes that have it (Node 24, new browsers) return a Float16Array.
 */
export function decodeOutput(values: unknown): Float32Array<ArrayBuffer> {
  if (values instanceof Float32Array) return values as Float32Array<ArrayBuffer>;
  if (values instanceof Uint16Array) {
    const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
    return Float32Array.from(values, (_, i) => getFloat16(view, i * 2, IS_LITTLE_ENDIAN));
  }
  return Float32Array.from(values as ArrayLike<number>);
}

/** Whether the values can be probabilities of mutually exclusive classes. */
export function areProbabilities(values: Float32Array, tolerance = SUM_TOLERANCE): boolean {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.every((value) => value >= -1e-6) && Math.abs(sum - 1) <= tolerance;
}

/** Whether the values can be logarithms of such probabilities. */
export function areLogProbabilities(values: Float32Array, tolerance = SUM_TOLERANCE): boolean {
  return (
    values.every((value) => value <= 1e-6) && areProbabilities(values.map(Math.exp), tolerance)
  );
}
