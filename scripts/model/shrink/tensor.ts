/** Reads weights of an ONNX file; numbers of fields and types are those of onnx.proto. */
import { contentsOf, fieldsOf, message, numbersOf, textsOf, type Field } from './message';

export const TYPE = { float32: 1, int8: 3, int64: 7, float16: 10 } as const;
const FIELD = { dims: 1, type: 2, floats: 4, name: 8, raw: 9, location: 14 } as const;
/** Fields that change when the values are stored in another type; all others are kept. */
const REWRITTEN: readonly number[] = [FIELD.type, FIELD.floats, FIELD.name, FIELD.raw];
const EXTERNAL = 1;

export interface WeightTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly type: number;
  /** Whether the values are in an external file. */
  readonly isElsewhere: boolean;
  readonly fields: readonly Field[];
}

export function readTensor(bytes: Uint8Array): WeightTensor {
  const fields = fieldsOf(bytes);
  return {
    name: textsOf(fields, FIELD.name)[0] ?? '',
    dims: numbersOf(fields, FIELD.dims),
    type: numbersOf(fields, FIELD.type)[0] ?? 0,
    isElsewhere: numbersOf(fields, FIELD.location).includes(EXTERNAL),
    fields,
  };
}

/** Values of a tensor of 32-bit floats; undefined if their number does not match the dimensions. */
export function floatsOf({ fields, dims }: WeightTensor): Float32Array<ArrayBuffer> | undefined {
  const parts = [...contentsOf(fields, FIELD.raw), ...contentsOf(fields, FIELD.floats)];
  const joined = Buffer.concat(parts);
  const length = dims.reduce((product, size) => product * size, 1);
  if (joined.length !== length * 4) return undefined;
  // Copied, because the values may not start at a multiple of their size.
  return new Float32Array(new Uint8Array(joined).buffer);
}

/** The tensor with another name and values of another type; its other fields stay. */
export function rewriteTensor(
  { fields }: WeightTensor,
  { name, type, raw }: { name: string; type: number; raw: Uint8Array },
): Uint8Array {
  const kept = fields.filter(({ number }) => !REWRITTEN.includes(number));
  return Buffer.concat([...kept.map(({ bytes }) => bytes), head(name, type, raw)]);
}

export function writeTensor(
  dims: readonly number[],
  named: { name: string; type: number; raw: Uint8Array },
): Uint8Array {
  const sizes = message((writer) => writer.writePackedVarint(FIELD.dims, [...dims]));
  return Buffer.concat([sizes, head(named.name, named.type, named.raw)]);
}

function head(name: string, type: number, raw: Uint8Array): Uint8Array {
  return message((writer) => {
    writer.writeVarintField(FIELD.type, type);
    writer.writeStringField(FIELD.name, name);
    writer.writeBytesField(FIELD.raw, raw);
  });
}
