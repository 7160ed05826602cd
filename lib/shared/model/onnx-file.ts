/** Reads the structure of an ONNX file; field numbers are those of onnx.proto. */
import { PbfReader } from 'pbf';

export interface OnnxTensor {
  name: string;
  /** Element type, numbered as in TensorProto.DataType. */
  type: number;
  readonly dims: number[];
  raw: Uint8Array | undefined;
  readonly int64s: number[];
  /** Where the values lie in an external file: "location", "offset", "length". */
  readonly external: Map<string, string>;
}

export interface OnnxAttribute {
  name: string;
  float: number;
  integer: number;
  readonly integers: number[];
  readonly strings: string[];
  tensor: OnnxTensor | undefined;
}

export interface OnnxNode {
  operator: string;
  readonly inputs: string[];
  readonly outputs: string[];
  readonly attributes: Map<string, OnnxAttribute>;
}

/** An input or output of the graph. Its type may be missing. */
export interface OnnxValue {
  name: string;
  /** Element type of a tensor; undefined for sequences and maps, and if the graph omits it. */
  type: number | undefined;
  isTensor: boolean;
  /** -1 for a dynamic size; undefined if the graph omits the shape. */
  shape: number[] | undefined;
  /** Name of the first dimension, if it is dynamic and has a name. */
  batch: string | undefined;
}

export interface OnnxGraph {
  readonly inputs: OnnxValue[];
  readonly outputs: OnnxValue[];
  /** Nodes by the name of each value that they output. */
  readonly nodes: Map<string, OnnxNode>;
  readonly constants: Map<string, OnnxTensor>;
}

export interface OnnxFile {
  readonly graph: OnnxGraph;
  /** `metadata_props`, where exporters leave notes. */
  readonly metadata: Map<string, string>;
}

/** @throws RangeError if the bytes are not an ONNX file */
export function readOnnx(bytes: Uint8Array): OnnxFile {
  const file: OnnxFile = {
    graph: { inputs: [], outputs: [], nodes: new Map(), constants: new Map() },
    metadata: new Map(),
  };
  try {
    readFields(new PbfReader(bytes), bytes.length, (field, reader) => {
      if (field === 7) readNested(reader, graphField(file.graph));
      else if (field === 14) file.metadata.set(...readPair(reader));
    });
  } catch (cause) {
    throw new RangeError(`expected an ONNX file: ${(cause as Error).message}`, { cause });
  }
  return file;
}

/** Names of the model's external weight files, as the model writes them. */
export function externalFiles({ constants }: OnnxGraph): string[] {
  const names = [...constants.values()].flatMap(({ external }) => external.get('location') ?? []);
  return [...new Set(names)].sort();
}

/** Channels of the input pictures, for either layout; undefined if dynamic. */
export function inputChannels({ inputs, constants }: OnnxGraph): 1 | 3 | undefined {
  // Older files list their weights among the inputs.
  const { shape = [] } = inputs.find(({ name }) => !constants.has(name)) ?? {};
  if (shape.length !== 4) return undefined;
  const [, second, , last] = shape;
  if (second === 3 || last === 3) return 3;
  return second === 1 || last === 1 ? 1 : undefined;
}

type ReadField = (field: number, reader: PbfReader) => void;

/**
 * Reads the fields of a message; skips those that `read` does not read. Throws for a field that
 * ends after its message.
 */
function readFields(reader: PbfReader, end: number, read: ReadField): void {
  while (reader.pos < end) {
    const key = reader.readVarint();
    reader.type = key & 7;
    const start = reader.pos;
    reader.skip(key);
    const next = reader.pos;
    if (!(next <= end)) throw new RangeError(`the field at byte ${start} ends after its message`);
    reader.pos = start;
    read(key >>> 3, reader);
    reader.pos = next;
  }
}

function readNested(reader: PbfReader, read: ReadField): void {
  const end = reader.readVarint() + reader.pos;
  if (!(end <= reader.length)) throw new RangeError(`a message ends after byte ${reader.length}`);
  readFields(reader, end, read);
}

function readPair(reader: PbfReader): [string, string] {
  let [name, value] = ['', ''];
  readNested(reader, (field) => {
    if (field === 1) name = reader.readString();
    else if (field === 2) value = reader.readString();
  });
  return [name, value];
}

function graphField({ nodes, constants, inputs, outputs }: OnnxGraph): ReadField {
  return (field, reader) => {
    if (field === 1) addNode(readNode(reader), nodes, constants);
    else if (field === 5) {
      const tensor = readTensor(reader);
      constants.set(tensor.name, tensor);
    } else if (field === 11) inputs.push(readValue(reader));
    else if (field === 12) outputs.push(readValue(reader));
  };
}

function addNode(
  node: OnnxNode,
  nodes: Map<string, OnnxNode>,
  constants: Map<string, OnnxTensor>,
): void {
  const tensor = node.operator === 'Constant' ? node.attributes.get('value')?.tensor : undefined;
  for (const name of node.outputs) {
    if (tensor) constants.set(name, tensor);
    else nodes.set(name, node);
  }
}

function readNode(reader: PbfReader): OnnxNode {
  const node: OnnxNode = { operator: '', inputs: [], outputs: [], attributes: new Map() };
  readNested(reader, (field) => {
    if (field === 1) node.inputs.push(reader.readString());
    else if (field === 2) node.outputs.push(reader.readString());
    else if (field === 4) node.operator = reader.readString();
    else if (field === 5) {
      const attribute = readAttribute(reader);
      node.attributes.set(attribute.name, attribute);
    }
  });
  return node;
}

function readAttribute(reader: PbfReader): OnnxAttribute {
  const attribute: OnnxAttribute = {
    name: '',
    float: 0,
    integer: 0,
    integers: [],
    strings: [],
    tensor: undefined,
  };
  readNested(reader, (field) => {
    if (field === 1) attribute.name = reader.readString();
    else if (field === 2) attribute.float = reader.readFloat();
    else if (field === 3) attribute.integer = reader.readVarint(true);
    else if (field === 5) attribute.tensor = readTensor(reader);
    else if (field === 8) reader.readPackedVarint(attribute.integers, true);
    else if (field === 9) attribute.strings.push(reader.readString());
  });
  return attribute;
}

function readTensor(reader: PbfReader): OnnxTensor {
  const tensor: OnnxTensor = {
    name: '',
    type: 0,
    dims: [],
    raw: undefined,
    int64s: [],
    external: new Map(),
  };
  readNested(reader, (field) => {
    if (field === 1) reader.readPackedVarint(tensor.dims, true);
    else if (field === 2) tensor.type = reader.readVarint();
    else if (field === 7) reader.readPackedVarint(tensor.int64s, true);
    else if (field === 8) tensor.name = reader.readString();
    else if (field === 9) tensor.raw = reader.readBytes();
    else if (field === 13) tensor.external.set(...readPair(reader));
  });
  return tensor;
}

function readValue(reader: PbfReader): OnnxValue {
  const value: OnnxValue = {
    name: '',
    type: undefined,
    isTensor: true,
    shape: undefined,
    batch: undefined,
  };
  const readTensorType: ReadField = (field) => {
    if (field === 1) value.type = reader.readVarint();
    else if (field === 2) {
      const shape: number[] = [];
      value.shape = shape;
      readNested(reader, (dimension) => {
        if (dimension !== 1) return;
        const { size, name } = readDimension(reader);
        if (shape.length === 0) value.batch = name;
        shape.push(size);
      });
    }
  };
  const readType: ReadField = (field) => {
    if (field === 1) readNested(reader, readTensorType);
    // Sequences, maps, optional values and sparse tensors.
    else value.isTensor = false;
  };
  readNested(reader, (field) => {
    if (field === 1) value.name = reader.readString();
    else if (field === 2) readNested(reader, readType);
  });
  return value;
}

function readDimension(reader: PbfReader): { size: number; name: string | undefined } {
  const dimension: { size: number; name: string | undefined } = { size: -1, name: undefined };
  readNested(reader, (field) => {
    if (field === 1) dimension.size = reader.readVarint(true);
    else if (field === 2) dimension.name = reader.readString() || undefined;
  });
  return dimension;
}
