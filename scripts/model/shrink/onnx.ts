/** Builds parts of ONNX files; field numbers are those of onnx.proto. */
import { message } from './message';
import { TYPE } from './tensor';

export const MODEL = { graph: 7 } as const;
export const GRAPH = { node: 1, initializer: 5, input: 11, output: 12 } as const;
export const NODE = { input: 1, output: 2, name: 3, operator: 4, attribute: 5 } as const;
const ATTRIBUTE = { name: 1, integer: 3, type: 20 } as const;
const ATTRIBUTE_INTEGER = 2;

export function node(
  operator: string,
  inputs: readonly string[],
  output: string,
  attribute?: Uint8Array,
): Uint8Array {
  return message((writer) => {
    for (const input of inputs) writer.writeStringField(NODE.input, input);
    writer.writeStringField(NODE.output, output);
    writer.writeStringField(NODE.name, `${output}/${operator}`);
    writer.writeStringField(NODE.operator, operator);
    if (attribute) writer.writeBytesField(NODE.attribute, attribute);
  });
}

export function castToFloat(input: string, output: string): Uint8Array {
  const to = message((writer) => {
    writer.writeStringField(ATTRIBUTE.name, 'to');
    writer.writeVarintField(ATTRIBUTE.integer, TYPE.float32);
    writer.writeVarintField(ATTRIBUTE.type, ATTRIBUTE_INTEGER);
  });
  return node('Cast', [input], output, to);
}
