/** Tensors as the protocol writes them, to and from what the model takes. */
import { MAX_BATCH_IMAGES } from '@/lib/shared/contract/batch';
import type { OipRequestInput, OipResponseOutput } from '@/lib/shared/contract/open-inference';
import type { Answering } from '@/lib/shared/vision/answer';
import { fromLogits, scoresOf } from '@/lib/shared/vision/scores';
import { ApiError } from '../../http/api-error';
import type { ModelSignature, NamedTensor, TensorSignature } from '../../inference/task';
import { tooLarge } from '../../intake/body';
import { MAX_VALUES } from '../../intake/json';
import { decodeBase64 } from '../../intake/single-image';
import { elementsOf, floatsOf } from './binary';

/**
 * An upper bound of the values in a valid request: the input for a whole batch, each number in its
 * own brackets, and the rest of the request. Infinity if the model leaves a size free.
 */
export function maxJsonValues({ shape: [batch = 1, ...rest] }: TensorSignature): number {
  if (rest.some((length) => length < 0)) return Infinity;
  const rows = batch < 0 ? MAX_BATCH_IMAGES : batch;
  return 2 * rest.reduce((product, length) => product * length, rows) + MAX_VALUES;
}

/**
 * The values of an FP32 input.
 *
 * @param bytes the values, if they were sent as bytes
 * @throws ApiError `invalid-request` for another datatype, a shape that is not the model's, or data
 *   that does not fill it
 */
export function readFloats(
  input: OipRequestInput,
  { shape: expected }: TensorSignature,
  bytes?: Uint8Array,
): Float32Array<ArrayBuffer> {
  if (input.datatype !== 'FP32') throw wrongDatatype(input, 'FP32');
  assertShape(input, expected);
  const size = input.shape.reduce((product, length) => product * length, 1);
  if (bytes) return assertFinite(input, floatsOf(bytes, size, input.name));
  const data = new Float32Array(size);
  let filled = 0;
  for (const value of flatten(input, size)) {
    const float = typeof value === 'number' ? Math.fround(value) : NaN;
    if (!Number.isFinite(float)) {
      throw wrongData(input, 'numbers that fit 32-bit floats', `${describe(value)} at ${filled}`);
    }
    data[filled++] = float;
  }
  return data;
}

function assertFinite(
  input: OipRequestInput,
  values: Float32Array<ArrayBuffer>,
): Float32Array<ArrayBuffer> {
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return values;
  throw wrongData(input, 'finite numbers', `${values[bad]} at ${bad}`);
}

/**
 * The pictures of a BYTES input, still encoded: each in base64 in the JSON, or as they are in
 * bytes.
 *
 * @param bytes the elements, if they were sent as bytes
 * @throws ApiError as `readFloats`, and `too-large` for a picture over `maxBytes`
 */
export function readPictures(
  input: OipRequestInput,
  maxBytes: number,
  bytes?: Uint8Array,
): Uint8Array<ArrayBuffer>[] {
  if (input.datatype !== 'BYTES') throw wrongDatatype(input, 'BYTES');
  const [batch = 0, ...rest] = input.shape;
  if (rest.some((length) => length !== 1)) throw wrongShape(input, '[pictures] or [pictures, 1]');
  assertBatch(input, batch);
  if (bytes) return elementsOf(bytes, batch, input.name).map((one) => bounded(one, maxBytes));
  return [...flatten(input, batch)].map((value, i) => {
    if (typeof value === 'string') return decodeBase64(value, maxBytes);
    throw wrongData(input, 'base64 strings', `${describe(value)} at ${i}`);
  });
}

function bounded(picture: Uint8Array<ArrayBuffer>, maxBytes: number): Uint8Array<ArrayBuffer> {
  if (picture.byteLength <= maxBytes) return picture;
  throw tooLarge(maxBytes, `${picture.byteLength} bytes`);
}

/** @throws ApiError `invalid-request` if a value is not finite, which JSON cannot express */
export function toOutput({ name, dims, data }: NamedTensor): OipResponseOutput {
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new ApiError('invalid-request', `The model's output "${name}" is not finite.`, {
      expected: 'an input for which the model has an answer',
      received: `an input that gives ${data[bad]} at ${bad}`,
    });
  }
  return { name, shape: [...dims], datatype: 'FP32', data: Array.from(data) };
}

/** Converts logits of [pictures, labels] back to the graph's own output. */
export function graphOutputOf(
  { name, dims: [pictures = 1], data }: NamedTensor,
  { head, outputs }: ModelSignature,
  labels: number,
): NamedTensor {
  const values = fromLogits(data, head, labels);
  // Some graphs give [pictures, labels, 1, 1].
  const { shape = [] } = outputs.find((output) => output.name === name) ?? {};
  const isFixed = shape.length > 2 && shape.slice(1).every((size) => size >= 0);
  const perPicture = isFixed ? shape.slice(1) : [values.length / pictures];
  return { name, dims: [pictures, ...perPicture], data: values };
}

/** Calibrated scores of each row of [pictures, labels]. */
export function probabilitiesOf(
  logits: Pick<NamedTensor, 'dims' | 'data'>,
  name: string,
  { head, calibration: { temperature } }: Answering,
): NamedTensor {
  const [rows = 0, classes = 0] = logits.dims;
  const data = new Float32Array(logits.data.length);
  for (let row = 0; row < rows; row++) {
    const own = logits.data.subarray(row * classes, (row + 1) * classes);
    data.set(scoresOf(own, head, temperature), row * classes);
  }
  return { name, dims: logits.dims, data };
}

/** Joins the tensors of single pictures into one, in order. */
export function stack(tensors: readonly NamedTensor[]): NamedTensor {
  const [first] = tensors;
  const data = new Float32Array(tensors.reduce((sum, tensor) => sum + tensor.data.length, 0));
  let offset = 0;
  for (const tensor of tensors) {
    data.set(tensor.data, offset);
    offset += tensor.data.length;
  }
  return { name: first!.name, dims: [tensors.length, ...first!.dims.slice(1)], data };
}

/**
 * Yields the values in row-major order; the data can be flat or nested as the shape says.
 *
 * @throws ApiError `invalid-request` where their number is not the shape's
 */
function* flatten(input: OipRequestInput, size: number): Generator {
  const { data = [] } = input;
  const isNested = input.shape.length > 1 && Array.isArray(data[0]);
  if (isNested) {
    yield* flattenLevel(input, data, 0);
    return;
  }
  assertLength(input, data, size, 'values');
  yield* data;
}

function* flattenLevel(
  input: OipRequestInput,
  values: readonly unknown[],
  depth: number,
): Generator {
  assertLength(input, values, input.shape[depth]!, `entries at depth ${depth}`);
  if (depth === input.shape.length - 1) {
    yield* values;
    return;
  }
  for (const value of values) {
    if (!Array.isArray(value)) throw wrongData(input, 'data nested as the shape', describe(value));
    yield* flattenLevel(input, value, depth + 1);
  }
}

function assertLength(
  input: OipRequestInput,
  values: readonly unknown[],
  expected: number,
  what: string,
): void {
  if (values.length !== expected) {
    throw wrongData(input, `${expected} ${what}, as the shape says`, `${values.length}`);
  }
}

function assertShape(input: OipRequestInput, expected: readonly number[]): void {
  const matches =
    input.shape.length === expected.length &&
    expected.every((length, i) => length < 0 || length === input.shape[i]);
  if (!matches) throw wrongShape(input, JSON.stringify(expected));
  if (expected[0]! < 0) assertBatch(input, input.shape[0]!);
}

function assertBatch(input: OipRequestInput, batch: number): void {
  if (batch < 1 || batch > MAX_BATCH_IMAGES) {
    throw wrongShape(input, `1 to ${MAX_BATCH_IMAGES} pictures first`);
  }
}

function wrongDatatype({ name, datatype }: OipRequestInput, expected: string): ApiError {
  return new ApiError('invalid-request', `Input "${name}" has the wrong datatype.`, {
    expected,
    received: datatype,
  });
}

function wrongShape({ name, shape }: OipRequestInput, expected: string): ApiError {
  return new ApiError('invalid-request', `Input "${name}" has the wrong shape.`, {
    expected,
    received: JSON.stringify(shape),
  });
}

function wrongData({ name }: OipRequestInput, expected: string, received: string): ApiError {
  return new ApiError('invalid-request', `Input "${name}" has invalid data.`, {
    expected,
    received,
  });
}

function describe(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 40) ?? 'nothing';
}
