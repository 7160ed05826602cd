/** Writes small ONNX graphs, with the parts of onnx.proto that the tests' models need. */

const INT64 = 7;
const TEXT = 8;
const BOOL = 9;
export const ELEMENT = { float32: 1, uint8: 2, int64: 7, float16: 10, float64: 11 } as const;
export type Element = keyof typeof ELEMENT;

const VARINT = 0;
const LENGTH_DELIMITED = 2;

function varint(value: number): Buffer {
  const bytes = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

function number(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8 + VARINT), varint(value)]);
}

function bytes(field: number, value: Uint8Array | string): Buffer {
  const content = Buffer.from(value as Uint8Array);
  return Buffer.concat([varint(field * 8 + LENGTH_DELIMITED), varint(content.byteLength), content]);
}

function message(field: number, ...parts: readonly Buffer[]): Buffer {
  return bytes(field, Buffer.concat(parts));
}

/** A string is the name of a dynamic size. */
export type Dimension = number | string;

export interface Value {
  readonly name: string;
  readonly type: Element;
  /** Omitted: the graph does not declare a shape. */
  readonly shape?: readonly Dimension[];
  /** Whether the value is a sequence of maps from strings to floats, as ZipMap outputs. */
  readonly isMap?: boolean;
  /** A sequence of tensors. */
  readonly isSequence?: boolean;
}

function valueInfo(
  field: number,
  { name, type, shape, isMap = false, isSequence = false }: Value,
): Buffer {
  if (isMap) {
    const values = message(2, message(1, number(1, ELEMENT.float32)));
    const map = message(5, number(1, TEXT), values);
    return message(field, bytes(1, name), message(2, message(4, message(1, map))));
  }
  const dimensions = (shape ?? []).map((size) =>
    message(1, typeof size === 'number' ? number(1, size) : bytes(2, size)),
  );
  const tensor = message(
    1,
    number(1, ELEMENT[type]),
    ...(shape ? [message(2, ...dimensions)] : []),
  );
  const whole = isSequence ? message(4, message(1, tensor)) : tensor;
  return message(field, bytes(1, name), message(2, whole));
}

type Attribute = number | readonly number[] | readonly string[];

function attribute(name: string, value: Attribute): Buffer {
  if (isTexts(value)) {
    return message(5, bytes(1, name), ...value.map((one) => bytes(9, one)), number(20, 8));
  }
  const isList = typeof value !== 'number';
  return isList
    ? message(5, bytes(1, name), ...value.map((one) => number(8, one)), number(20, 7))
    : message(5, bytes(1, name), number(3, value), number(20, 2));
}

function isTexts(value: Attribute): value is readonly string[] {
  return typeof value !== 'number' && typeof value[0] === 'string';
}

export interface Node {
  readonly op: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly output: string;
  /** Names of further outputs. */
  readonly more?: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

function node({ op, domain, inputs, output, more = [], attributes = {} }: Node): Buffer {
  return message(
    1,
    ...inputs.map((name) => bytes(1, name)),
    ...[output, ...more].map((name) => bytes(2, name)),
    bytes(4, op),
    ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
    ...(domain === undefined ? [] : [bytes(7, domain)]),
  );
}

export interface Weights {
  readonly name: string;
  readonly shape: readonly number[];
  /** `Uint8Array` holds booleans, 0 or 1. */
  readonly values: Float32Array | BigInt64Array | Uint8Array;
  /** Place of the values in an external file. */
  readonly external?: { readonly location: string; readonly offset: number };
}

function pair(field: number, name: string, value: string): Buffer {
  return message(field, bytes(1, name), bytes(2, value));
}

function typeOf(values: Weights['values']): number {
  if (values instanceof Float32Array) return ELEMENT.float32;
  return values instanceof Uint8Array ? BOOL : INT64;
}

function initializer({ name, shape, values, external }: Weights): Buffer {
  const type = typeOf(values);
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  if (external) {
    return message(
      5,
      ...shape.map((size) => number(1, size)),
      number(2, type),
      bytes(8, name),
      pair(13, 'location', external.location),
      pair(13, 'offset', String(external.offset)),
      pair(13, 'length', String(raw.byteLength)),
      number(14, 1),
    );
  }
  return message(
    5,
    ...shape.map((size) => number(1, size)),
    number(2, type),
    bytes(8, name),
    bytes(9, raw),
  );
}

export interface Graph {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly nodes: readonly Node[];
  readonly weights: readonly Weights[];
  readonly opset?: number;
  /** `metadata_props` */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Writes the bytes of a `model.onnx`. */
export function writeOnnx({
  inputs,
  outputs,
  nodes,
  weights,
  opset = 17,
  metadata = {},
}: Graph): Buffer {
  const graph = message(
    7,
    ...nodes.map(node),
    bytes(2, 'graph'),
    ...weights.map(initializer),
    ...inputs.map((value) => valueInfo(11, value)),
    ...outputs.map((value) => valueInfo(12, value)),
  );
  const hasMaps = nodes.some(({ domain }) => domain === 'ai.onnx.ml');
  return Buffer.concat([
    number(1, 8),
    graph,
    message(8, number(2, opset)),
    ...(hasMaps ? [message(8, bytes(1, 'ai.onnx.ml'), number(2, 3))] : []),
    ...Object.entries(metadata).map(([name, value]) => pair(14, name, value)),
  ]);
}

/** Moves the float weights to an external file, as exporters do for large models. */
export function writeExternal(graph: Graph, location: string): { onnx: Buffer; data: Buffer } {
  const parts: Buffer[] = [];
  let offset = 0;
  const weights = graph.weights.map((weight) => {
    if (!(weight.values instanceof Float32Array)) return weight;
    const { buffer, byteOffset, byteLength } = weight.values;
    parts.push(Buffer.from(buffer, byteOffset, byteLength));
    const external = { location, offset };
    offset += byteLength;
    return { ...weight, external };
  });
  return { onnx: writeOnnx({ ...graph, weights }), data: Buffer.concat(parts) };
}

/** The same model with a text added, which changes only its size and hash. */
export function withRemark(onnx: Uint8Array, remark: string): Buffer {
  return Buffer.concat([onnx, bytes(6, remark)]);
}
