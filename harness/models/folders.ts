/** Makes model folders of many shapes: tiny networks with random weights. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { classifierOnnx, type ClassifierShape } from './classifier';

export interface FolderContent {
  readonly config: unknown;
  readonly preprocessor: unknown;
  readonly onnx: Uint8Array;
}

const normalized = {
  do_normalize: true,
  image_mean: [0.485, 0.456, 0.406],
  image_std: [0.229, 0.224, 0.225],
};

export function configOf(classes: number): { id2label: Record<string, string> } {
  const names = Array.from({ length: classes }, (_, i) => [String(i), `kind ${i}`]);
  return { id2label: Object.fromEntries(names) as Record<string, string> };
}

function content(shape: ClassifierShape, preprocessor: object): FolderContent {
  return { config: configOf(shape.classes), preprocessor, onnx: classifierOnnx(shape) };
}

/** Valid model folders as users bring them, by folder name. */
export const SOUND_MODELS: Readonly<Record<string, FolderContent>> = {
  'vit-squash': content(
    { classes: 10, channels: 'channels', seed: 11 },
    {
      image_processor_type: 'ViTImageProcessor',
      size: { height: 224, width: 224 },
      resample: 2,
      ...normalized,
    },
  ),
  'convnext-crop-pct': content(
    { classes: 7, height: 224, width: 224, seed: 12 },
    {
      image_processor_type: 'ConvNextImageProcessor',
      size: { shortest_edge: 224 },
      crop_pct: 0.875,
      resample: 3,
      ...normalized,
    },
  ),
  'resnet-nhwc-uint8': content(
    { classes: 5, height: 96, width: 96, layout: 'nhwc', type: 'uint8', seed: 13 },
    {
      size: { shortest_edge: 110 },
      do_center_crop: true,
      crop_size: 96,
      do_rescale: false,
      do_normalize: false,
    },
  ),
  probabilities: content(
    { classes: 6, output: 'probabilities', seed: 14 },
    { feature_extractor_type: 'ViTFeatureExtractor', size: 64, ...normalized },
  ),
  'fixed-batch': content(
    { classes: 4, batch: 1, height: 48, width: 80, seed: 15 },
    { size: { height: 48, width: 80 }, resample: 1, ...normalized },
  ),
  'half-precision': content(
    { classes: 8, type: 'float16', seed: 16 },
    { size: { height: 64, width: 64 }, ...normalized },
  ),
};

const square64 = { size: { height: 64, width: 64 }, ...normalized };

/** A model without class activations of its own; they are computed from the end of its graph. */
export const SEES_RED = content({ classes: 3, seesRed: true }, square64);

/** All supported ways to end in an average and a linear layer. */
export const TAILS: Readonly<Record<string, FolderContent>> = Object.fromEntries(
  (
    [
      { mean: 'GlobalAveragePool', reshape: 'Flatten', linear: 'Gemm' },
      { mean: 'GlobalAveragePool', reshape: 'Squeeze', linear: 'Gemm-transposed' },
      { mean: 'ReduceMean-13', reshape: 'Flatten', linear: 'MatMul' },
      { mean: 'ReduceMean-18', reshape: 'Flatten', linear: 'MatMul' },
    ] as const
  ).map((tail) => [
    Object.values(tail).join(' '),
    content({ classes: 5, seed: 17, tail }, square64),
  ]),
);

/** A model whose class activations cannot be computed. */
export const BENT_TAIL = content(
  {
    classes: 5,
    tail: { mean: 'GlobalAveragePool', reshape: 'Flatten', bend: 'Relu', linear: 'Gemm' },
  },
  square64,
);

const square = { size: 64, ...normalized };
const usual = content({ classes: 4 }, square);

export interface BrokenContent extends Partial<FolderContent> {
  /** Text that the error must contain. */
  readonly says: string;
}

/** Invalid model folders, each wrong in another way. */
export const BROKEN_MODELS: Readonly<Record<string, BrokenContent>> = {
  'no-config': {
    preprocessor: square,
    onnx: usual.onnx,
    says: 'expected a file config.json, but it is missing',
  },
  'no-preprocessor': {
    config: usual.config,
    onnx: usual.onnx,
    says: 'expected a file preprocessor_config.json, but it is missing',
  },
  'no-onnx': {
    config: usual.config,
    preprocessor: square,
    says: 'expected a file onnx/model.onnx, but it is missing',
  },
  'no-labels': {
    ...usual,
    config: {},
    says: 'config.json: expected id2label to be an object of class numbers to names, received nothing',
  },
  'label-gap': {
    ...usual,
    config: { id2label: { 0: 'a', 2: 'c' } },
    says: 'config.json: expected id2label to name class 1 of 2, but it is missing',
  },
  'unknown-function': {
    ...usual,
    config: { ...configOf(4), function_to_apply: 'relu' },
    says: 'config.json: expected function_to_apply to be one of "softmax", "sigmoid", "none", received "relu"',
  },
  'wrong-resample': {
    ...usual,
    preprocessor: { ...square, resample: 'bilinear' },
    says: 'preprocessor_config.json: expected resample to be a whole number from 0 to 5, received "bilinear"',
  },
  'unknown-step': {
    ...usual,
    preprocessor: { ...square, do_pad: true },
    says: 'preprocessor_config.json: expected do_pad to be false, for that step is not known here, received true',
  },
  'label-count': {
    ...usual,
    config: configOf(5),
    says: 'expected the graph to output 5 classes, as id2label names them, but it outputs 4',
  },
  'other-size': {
    ...content({ classes: 4, height: 32, width: 32 }, square),
    says: 'expected size and crop_size to give 32 × 32, as input "pixel_values" takes, but they give 64 × 64',
  },
  'any-shape': {
    ...content({ classes: 4, height: 64, width: 64 }, { ...square, size: { shortest_edge: 64 } }),
    says: 'expected size and crop_size to give 64 × 64, as input "pixel_values" takes, but a shortest_edge without do_center_crop gives pictures of any shape',
  },
  'bytes-normalized': {
    ...content({ classes: 4, type: 'uint8' }, square),
    says: 'expected do_rescale and do_normalize to be false, because input "pixel_values" takes uint8, but one of them is true',
  },
  'two-channels': {
    ...content({ classes: 4, channels: 2 }, square),
    says: 'expected input "pixel_values" to be [batch, 3, height, width] or [batch, height, width, 3], or with 1 in place of 3 for grey pictures, but it is ["batch",2,"height","width"]',
  },
  'grey-for-colours': {
    ...content({ classes: 4, channels: 1 }, square),
    says: 'preprocessor_config.json: expected image_mean to be 1 number, because pictures are grey, received [0.485,0.456,0.406]',
  },
  'batch-of-four': {
    ...content({ classes: 4, batch: 4 }, square),
    says: 'expected input "pixel_values" to have a batch that is free or 1, but it is 4',
  },
  'half-copied': {
    ...usual,
    onnx: usual.onnx.subarray(0, usual.onnx.byteLength / 2),
    says: 'expected onnx/model.onnx to be a model that can be loaded',
  },
};

/** Writes a model folder. Files that the content omits are not written. */
export async function writeModel(
  folder: string,
  { config, preprocessor, onnx }: Partial<FolderContent>,
): Promise<void> {
  await mkdir(path.join(folder, 'onnx'), { recursive: true });
  const files: [string, Uint8Array | string | undefined][] = [
    ['config.json', JSON.stringify(config)],
    ['preprocessor_config.json', JSON.stringify(preprocessor)],
    ['onnx/model.onnx', onnx],
  ];
  for (const [name, data] of files) {
    if (data !== undefined) await writeFile(path.join(folder, name), data);
  }
}
