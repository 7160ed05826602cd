/**
 * Tensors as bytes behind the JSON of a request or an answer: the binary tensor data extension,
 * https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_binary_data.md
 */
import type {
  OipRequest,
  OipRequestInput,
  OipResponse,
  OipResponseOutput,
} from '@/lib/shared/contract/open-inference';
import { ApiError } from '../../http/api-error';

/** Bytes of the JSON at the start of a body; the tensors follow it without a gap. */
export const HEADER_LENGTH = 'inference-header-content-length';
/** Each element of a BYTES tensor begins with its length: 32 bits, unsigned, little endian. */
const LENGTH_BYTES = 4;

export interface SplitBody {
  readonly json: Uint8Array;
  /** The bytes after the JSON; empty in a request without the extension. */
  readonly tensors: Uint8Array;
}

/**
 * Splits a body into the JSON and the tensors after it.
 *
 * @param headerLength the value of Inference-Header-Content-Length, null where it was not sent
 * @throws ApiError `invalid-request` for a length that is no number, or beyond the body
 */
export function splitBody(body: Uint8Array, headerLength: string | null): SplitBody {
  if (headerLength === null) return { json: body, tensors: body.subarray(body.byteLength) };
  const bytes = /^\d{1,10}$/.test(headerLength) ? Number(headerLength) : NaN;
  if (bytes >= 1 && bytes <= body.byteLength) {
    return { json: body.subarray(0, bytes), tensors: body.subarray(bytes) };
  }
  throw new ApiError('invalid-request', 'Inference-Header-Content-Length is not its JSON’s.', {
    expected: `a whole number from 1 to ${body.byteLength}, the length of the body`,
    received: headerLength,
  });
}

/**
 * Gives each input of a request its own bytes, in the order of the inputs.
 *
 * @returns bytes by the name of the input; inputs with values in the JSON are left out
 * @throws ApiError `invalid-request` where sizes and bytes do not agree
 */
export function shareBytes(
  { inputs }: Pick<OipRequest, 'inputs'>,
  tensors: Uint8Array,
): ReadonlyMap<string, Uint8Array> {
  const shares = new Map<string, Uint8Array>();
  let offset = 0;
  for (const input of inputs) {
    const size = binarySizeOf(input);
    if (size === undefined) continue;
    if (offset + size > tensors.byteLength) throw wrongSize(offset + size, tensors.byteLength);
    shares.set(input.name, tensors.subarray(offset, offset + size));
    offset += size;
  }
  if (offset !== tensors.byteLength) throw wrongSize(offset, tensors.byteLength);
  return shares;
}

function binarySizeOf({ name, parameters, data }: OipRequestInput): number | undefined {
  const size = parameters?.binary_data_size;
  if (size === undefined) {
    if (data !== undefined) return undefined;
    throw wrongInput(name, '"data", or "binary_data_size" in its parameters', 'neither');
  }
  if (data !== undefined) {
    throw wrongInput(name, '"data" or "binary_data_size", one of both', 'both');
  }
  if (typeof size === 'number' && Number.isSafeInteger(size) && size >= 0) return size;
  throw wrongInput(name, 'a whole number of bytes as binary_data_size', JSON.stringify(size));
}

function wrongInput(name: string, expected: string, received: string): ApiError {
  return new ApiError('invalid-request', `The data of input "${name}" cannot be found.`, {
    expected,
    received,
  });
}

function wrongSize(expected: number, received: number): ApiError {
  return new ApiError('invalid-request', 'The bytes behind the JSON are not those it announces.', {
    expected: `${expected} bytes, the sum of binary_data_size`,
    received: `${received} bytes`,
  });
}

/**
 * 32-bit floats, little endian, in row-major order.
 *
 * @param name of the input, for the error
 * @throws ApiError `invalid-request` for another number of bytes than 4 × `count`
 */
export function floatsOf(
  bytes: Uint8Array,
  count: number,
  name: string,
): Float32Array<ArrayBuffer> {
  if (bytes.byteLength !== count * Float32Array.BYTES_PER_ELEMENT) {
    throw wrongInput(
      name,
      `${count * Float32Array.BYTES_PER_ELEMENT} bytes, as the shape says`,
      `${bytes.byteLength} bytes`,
    );
  }
  // Copied, because a view may begin at an offset that is not a multiple of four.
  return new Float32Array(new Uint8Array(bytes).buffer);
}

/**
 * The elements of a BYTES tensor.
 *
 * @param name of the input, for the error
 * @throws ApiError `invalid-request` where lengths and bytes do not agree, or for another number of
 *   elements than `count`
 */
export function elementsOf(
  bytes: Uint8Array,
  count: number,
  name: string,
): Uint8Array<ArrayBuffer>[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const elements: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  while (offset < bytes.byteLength && elements.length <= count) {
    if (offset + LENGTH_BYTES > bytes.byteLength) throw cutElement(name, elements.length);
    const start = offset + LENGTH_BYTES;
    const end = start + view.getUint32(offset, true);
    if (end > bytes.byteLength) throw cutElement(name, elements.length);
    elements.push(new Uint8Array(bytes.subarray(start, end)));
    offset = end;
  }
  if (elements.length === count) return elements;
  const received = elements.length > count ? `more than ${count}` : `${elements.length}`;
  throw wrongInput(name, `${count} elements, as the shape says`, received);
}

function cutElement(name: string, index: number): ApiError {
  return wrongInput(
    name,
    'elements, each with its length in 4 bytes before it',
    `element ${index} is cut`,
  );
}

/** Which outputs of the answer are to be bytes. */
export function wantsBinary({ parameters, outputs }: OipRequest, name: string): boolean {
  const own = outputs?.find((output) => output.name === name)?.parameters?.binary_data;
  return (own ?? parameters?.binary_data_output) === true;
}

/**
 * The answer with some outputs as bytes behind its JSON.
 *
 * @param isBinary which outputs; with none of them the body is JSON alone
 */
export function encodeAnswer(
  answer: OipResponse,
  isBinary: (name: string) => boolean,
): { readonly body: Uint8Array<ArrayBuffer>; readonly jsonBytes: number | undefined } {
  const parts: Uint8Array[] = [];
  const outputs = answer.outputs.map((output) => {
    if (!isBinary(output.name)) return output;
    const bytes = bytesOf(output);
    parts.push(bytes);
    const { name, shape, datatype } = output;
    const parameters = { ...output.parameters, binary_data_size: bytes.byteLength };
    return { name, shape, datatype, parameters };
  });
  const json = new TextEncoder().encode(JSON.stringify({ ...answer, outputs }));
  const body = new Uint8Array(Buffer.concat([json, ...parts]));
  return { body, jsonBytes: parts.length > 0 ? json.byteLength : undefined };
}

function bytesOf({ datatype, data = [] }: OipResponseOutput): Uint8Array {
  if (datatype !== 'BYTES') return new Uint8Array(Float32Array.from(data as number[]).buffer);
  const elements = (data as string[]).map((text) => Buffer.from(text));
  return Buffer.concat(
    elements.flatMap((element) => {
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt32LE(element.byteLength);
      return [length, element];
    }),
  );
}
