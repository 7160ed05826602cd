/** Reads the inputs and outputs of a model's graph from what onnxruntime reports. */
import { adviceOnSize } from './output-size';
import type { Preprocessing } from './preprocessing';

/** An input or output as both onnxruntime packages describe it. */
export type ValueMetadata = { readonly name: string } & (
  | { readonly isTensor: false }
  | {
      readonly isTensor: true;
      readonly type: string;
      readonly shape: readonly (number | string)[];
    }
);

const INPUT_TYPES = ['float32', 'float16', 'uint8'] as const;
const OUTPUT_TYPES: readonly string[] = ['float32', 'float16', 'float64'];

export type InputType = (typeof INPUT_TYPES)[number];

/** Name and shape of an input or output; -1 for a dynamic size. */
export interface TensorSignature {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface InputSignature extends TensorSignature {
  readonly type: InputType;
  /** Whether the channels come before or after height and width. */
  readonly layout: 'nchw' | 'nhwc';
}

export interface GraphSignature {
  readonly input: InputSignature;
  /** The outputs that hold floats. */
  readonly outputs: readonly TensorSignature[];
  /** Name of the output with one value per class. */
  readonly logits: string;
}

/**
 * Reads the signature of a graph.
 *
 * @param scoresOutput name of the output with one value per class; default: "logits", else the
 *   first output
 * @throws Error naming the input or output, the expected and the received value
 */
export function readGraph(
  inputs: readonly ValueMetadata[],
  outputs: readonly ValueMetadata[],
  scoresOutput?: string,
): GraphSignature {
  if (inputs.length !== 1) {
    const names = inputs.map(({ name }) => `"${name}"`).join(', ');
    throw new Error(
      `expected the graph to have one input, but it has ${names || 'none'}; ` +
        'export the part that takes pictures, with all else as constants',
    );
  }
  const floats = outputs.flatMap((output) =>
    output.isTensor && OUTPUT_TYPES.includes(output.type) ? [tensorSignature(output)] : [],
  );
  const find = (sought: string) => floats.find(({ name }) => name === sought);
  const scores = scoresOutput === undefined ? (find('logits') ?? floats[0]) : find(scoresOutput);
  if (!scores) {
    const types = outputs.map((output) => `"${output.name}" of ${typeName(output)}`).join(', ');
    throw new Error(`expected the graph to output floats, but it outputs ${types}`);
  }
  return { input: readInput(inputs[0]!), outputs: floats, logits: scores.name };
}

function readInput(metadata: ValueMetadata): InputSignature {
  const { name } = metadata;
  const type = INPUT_TYPES.find((known) => known === typeName(metadata));
  if (!metadata.isTensor || !type) {
    const known = INPUT_TYPES.join(', ');
    throw new Error(
      `expected input "${name}" to hold one of ${known}, but it is ${typeName(metadata)}; ` +
        'export it with an input of float32',
    );
  }
  const { shape } = tensorSignature(metadata);
  const layout = layoutOf(shape);
  if (!layout) {
    const { length } = metadata.shape;
    const shown = length === 0 ? 'without sizes' : JSON.stringify(metadata.shape);
    const advice = length === 4 ? '' : '; export it with these four sizes';
    throw new Error(
      `expected input "${name}" to be [batch, 3, height, width] or [batch, height, width, 3], ` +
        `or with 1 in place of 3 for grey pictures, but it is ${shown}${advice}`,
    );
  }
  const batch = shape[0]!;
  if (batch !== -1 && batch !== 1) {
    throw new Error(
      `expected input "${name}" to have a batch that is free or 1, but it is ${batch}; ` +
        'export it with a batch of any size, as docs/models.md does',
    );
  }
  return { name, shape, type, layout };
}

/**
 * Layout of the input. If the number of channels is dynamic, channels come first, as in PyTorch.
 * Null for any other shape.
 */
function layoutOf([, second, , last, ...more]: readonly number[]): InputSignature['layout'] | null {
  if (last === undefined || more.length > 0) return null;
  if (second === 3) return 'nchw';
  if (last === 3) return 'nhwc';
  if (second === 1) return 'nchw';
  if (last === 1) return 'nhwc';
  return second === -1 ? 'nchw' : null;
}

function typeName(metadata: ValueMetadata): string {
  return metadata.isTensor ? metadata.type : 'no tensor';
}

function tensorSignature(metadata: ValueMetadata & { isTensor: true }): TensorSignature {
  const shape = metadata.shape.map((size) => (typeof size === 'number' && size >= 0 ? size : -1));
  return { name: metadata.name, shape };
}

/**
 * Checks that the graph fits the preprocessing and the labels.
 *
 * @param valueCount values per picture: one per class, or 1 for a binary head
 * @throws Error if the graph takes other pictures or has another number of classes
 */
export function assertFits(
  { input, outputs, logits }: GraphSignature,
  preprocessing: Preprocessing,
  valueCount: number,
): void {
  const { name, type, layout, shape } = input;
  const [height, width] = layout === 'nchw' ? shape.slice(2) : shape.slice(1, 3);
  assertSize(name, { width: width!, height: height! }, preprocessing);
  const channels = layout === 'nchw' ? shape[1]! : shape[3]!;
  const prepared = preprocessing.isGrey ? 1 : 3;
  if (channels !== -1 && channels !== prepared) {
    throw new Error(
      `expected input "${name}" to take ${prepared} channels, as pictures are prepared, ` +
        `but it takes ${channels}`,
    );
  }
  if (type === 'uint8' && (preprocessing.normalization || preprocessing.rescaleFactor !== 1)) {
    throw new Error(
      `expected do_rescale and do_normalize to be false, because input "${name}" takes uint8, ` +
        'but one of them is true',
    );
  }
  const scores = outputs.find((output) => output.name === logits)!;
  const [, ...perPicture] = scores.shape;
  const isFixed = perPicture.length > 0 && perPicture.every((size) => size >= 0);
  if (isFixed) {
    const given = perPicture.reduce((product, size) => product * size);
    assertClassCount(given, valueCount, perPicture);
  }
}

/**
 * @param perPicture sizes of the output without the batch
 * @throws Error if the graph outputs another number of values than there are labels
 */
export function assertClassCount(
  given: number,
  classCount: number,
  perPicture: readonly number[],
): void {
  if (given === classCount) return;
  throw new Error(
    `expected the graph to output ${classCount} classes, as id2label names them, ` +
      `but it outputs ${given}${adviceOnSize(given, classCount, perPicture)}`,
  );
}

function assertSize(
  name: string,
  fixed: { width: number; height: number },
  { crop, resize }: Preprocessing,
): void {
  const prepared = crop ?? (resize?.kind === 'exact' ? resize : undefined);
  const size = ({ width, height }: typeof fixed) => `${width} × ${height}`;
  if (!prepared && !resize) {
    throw new Error(
      'expected do_resize or do_center_crop to be true, because pictures have sizes of their own, ' +
        'but both are false',
    );
  }
  const isFree = (side: number) => side === -1;
  if (!prepared && !(isFree(fixed.width) && isFree(fixed.height))) {
    throw new Error(
      `expected size and crop_size to give ${size(fixed)}, as input "${name}" takes, ` +
        'but a shortest_edge without do_center_crop gives pictures of any shape',
    );
  }
  const fits = (side: 'width' | 'height') =>
    !prepared || isFree(fixed[side]) || fixed[side] === prepared[side];
  if (fits('width') && fits('height')) return;
  throw new Error(
    `expected size and crop_size to give ${size(fixed)}, as input "${name}" takes, ` +
      `but they give ${size(prepared!)}`,
  );
}
