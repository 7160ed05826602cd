/** Rewrites ONNX files with other outputs. All fields not named here are copied unchanged. */
import { PbfReader, PbfWriter } from 'pbf';
import { readOnnx } from './onnx-file';

const GRAPH = 7;
const NODE = 1;
const OUTPUT = 12;
const FLOAT32 = 1;

/** The model with one more output. The output has no type; the runtime infers it. */
export function withOutput(model: Uint8Array, name: string): Uint8Array {
  const output = message((writer) => writer.writeStringField(1, name));
  const graph = message((writer) => writer.writeBytesField(OUTPUT, output));
  // Protobuf merges repeated occurrences of a message field, so the appended graph adds to the
  // first.
  return concatenated([model, message((writer) => writer.writeBytesField(GRAPH, graph))]);
}

/**
 * The model without its ZipMap operator. The float tensor before ZipMap becomes the output; the
 * outputs that hold no floats (the label's name and the map) are removed.
 *
 * @param scores name of the tensor before ZipMap
 * @param dropped names of the outputs to remove
 */
export function withoutZipMap(
  model: Uint8Array,
  scores: string,
  dropped: readonly string[],
): Uint8Array {
  const parts = fieldsOf(model).map(({ field, bytes, content }) => {
    if (field !== GRAPH) return bytes;
    const kept = fieldsOf(content).filter((part) => !isDropped(part, dropped));
    const graph = concatenated([...kept.map((part) => part.bytes), floatOutput(scores)]);
    return message((writer) => writer.writeBytesField(GRAPH, graph));
  });
  return concatenated(parts);
}

interface RawField {
  readonly field: number;
  /** The field with its key and length. */
  readonly bytes: Uint8Array;
  /** The field's content alone. */
  readonly content: Uint8Array;
}

function fieldsOf(bytes: Uint8Array): RawField[] {
  const reader = new PbfReader(bytes);
  const fields: RawField[] = [];
  while (reader.pos < reader.length) {
    const start = reader.pos;
    const key = reader.readVarint();
    const valueStart = reader.pos;
    const isMessage = (key & 7) === 2;
    const content = isMessage ? reader.readBytes() : bytes.subarray(valueStart, valueStart);
    if (!isMessage) reader.skip(key);
    fields.push({ field: key >>> 3, bytes: bytes.subarray(start, reader.pos), content });
  }
  return fields;
}

function isDropped({ field, bytes }: RawField, dropped: readonly string[]): boolean {
  if (field !== NODE && field !== OUTPUT) return false;
  const { graph } = readOnnx(message((writer) => writer.writeBytesField(GRAPH, bytes)));
  if (field === OUTPUT) return graph.outputs.some(({ name }) => dropped.includes(name));
  return [...graph.nodes.values()].some(({ operator }) => operator === 'ZipMap');
}

function floatOutput(name: string): Uint8Array {
  const tensor = message((writer) => writer.writeVarintField(1, FLOAT32));
  const type = message((writer) => writer.writeBytesField(1, tensor));
  const value = message((writer) => {
    writer.writeStringField(1, name);
    writer.writeBytesField(2, type);
  });
  return message((writer) => writer.writeBytesField(OUTPUT, value));
}

function message(write: (writer: PbfWriter) => void): Uint8Array {
  const writer = new PbfWriter();
  write(writer);
  return writer.finish();
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
