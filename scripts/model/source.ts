/**
 * Finds the model files in what the user gives: a folder in a common layout, or a single ONNX file.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { otherKindOf, readWithoutWeights } from '../../lib/server/models/graph-file';
import { knownKind } from '@/lib/shared/model/file-kind';
import { externalFiles, readOnnx, type OnnxFile } from '@/lib/shared/model/onnx-file';
import { CommandError } from './command';
import { placeOf } from './layout';

export const MODEL = 'onnx/model.onnx';

/** Names that frameworks use for the list of classes. The first that exists is read. */
const LABEL_FILES = [
  'labels.txt',
  'classes.txt',
  'class_names.txt',
  'index_to_name.json',
  'class_indices.json',
  'labels.json',
  'imagenet_class_index.json',
  'labels.csv',
  'data.yaml',
  'label_map.pbtxt',
  'synset.txt',
] as const;

export interface Source {
  /** Path in the new folder, and the source file, of each file. */
  readonly files: ReadonlyMap<string, string>;
  /** The list of classes next to the model, if there is one. */
  readonly labels: string | undefined;
}

/**
 * Finds the model: the hub's onnx/model.onnx, model.onnx next to config.json, the newest version of
 * Triton's layout (1/model.onnx), or the only ONNX file of a folder.
 *
 * @param file path of the model relative to the folder, if it is none of these
 * @throws CommandError that says what is missing, or which files to choose from
 */
export async function findSource(source: string, file?: string): Promise<Source> {
  const kind = await stat(source).catch((cause: unknown) => {
    throw new CommandError(`There is no folder or file ${source}.`, { cause });
  });
  return kind.isDirectory() ? findInFolder(source, file) : findAlone(source);
}

async function findInFolder(folder: string, file: string | undefined): Promise<Source> {
  const entries = (await readdir(folder, { recursive: true }))
    .map((name) => name.split(path.sep).join('/'))
    .sort();
  const model = chooseModel(folder, entries, file);
  const files = new Map([[MODEL, path.join(folder, model)]]);
  for (const entry of entries) {
    const place = placeOf(entry);
    const isFree = place !== MODEL && (place === entry || !files.has(place ?? ''));
    if (place && isFree && entry !== model) files.set(place, path.join(folder, entry));
  }
  await addWeights(files);
  return { files, labels: await findLabels(folder, entries) };
}

/**
 * @param folder how to name the folder in messages
 * @param entries paths of its files
 * @throws CommandError that says what is missing, or which files to choose from
 */
export function chooseModel(
  folder: string,
  entries: readonly string[],
  file: string | undefined,
): string {
  const models = entries.filter((entry) => entry.endsWith('.onnx'));
  if (file !== undefined) {
    const named = path.posix.normalize(file);
    if (models.includes(named)) return named;
    throw new CommandError(
      `expected --file to be one of ${models.join(', ') || 'no ONNX file'}, received ${file}`,
    );
  }
  const versions = models
    .flatMap((entry) => /^(\d+)\/model\.onnx$/.exec(entry)?.[1] ?? [])
    .sort((a, b) => Number(b) - Number(a));
  const usual = [MODEL, 'model.onnx', ...versions.map((version) => `${version}/model.onnx`)];
  const found = usual.find((name) => models.includes(name));
  if (found !== undefined) return found;
  if (models.length === 1) return models[0]!;
  throw new CommandError(
    models.length === 0
      ? `expected ${folder} to hold ${MODEL} or model.onnx, but it is missing${otherModels(entries)}`
      : `expected --file NAME, because ${folder} holds no model.onnx but ${models.join(', ')}`,
  );
}

/** Models of other frameworks, as they are usually called. */
const OTHER_MODEL =
  /\.(?:safetensors|pt|pth|ckpt|h5|keras|tflite|pb|mlmodel|ort|zip)$|_model\.bin$/;

function otherModels(entries: readonly string[]): string {
  const [found] = entries.filter((entry) => OTHER_MODEL.test(entry));
  return found === undefined ? '' : `; ${found} is none: export it to ONNX (docs/models.md)`;
}

async function findAlone(file: string): Promise<Source> {
  if (!file.endsWith('.onnx')) {
    const kind = await otherKindOf(file, knownKind);
    throw new CommandError(
      `expected a folder or a file that ends with .onnx, received ${file}${kind ? `: ${kind}` : ''}`,
    );
  }
  const files = new Map([[MODEL, file]]);
  await addWeights(files);
  return { files, labels: undefined };
}

/** Adds the external weight files of the models, by the names in the models. */
async function addWeights(files: Map<string, string>): Promise<void> {
  const models = [...files].filter(([place]) => place.endsWith('.onnx'));
  for (const [, file] of models) {
    for (const name of await weightFiles(file)) {
      const beside = path.join(path.dirname(file), name);
      const isBeside = path.basename(name) === name;
      if (!isBeside || !(await stat(beside).catch(() => undefined))) {
        throw noWeights(path.basename(file), name);
      }
      files.set(`onnx/${name}`, beside);
    }
  }
}

/** Names of a model's external weight files, as the model writes them. */
export async function weightFiles(onnxFile: string): Promise<string[]> {
  return externalFiles((await readStructure(onnxFile)).graph);
}

export function noWeights(model: string, name: string): CommandError {
  const isPath = path.basename(name.replaceAll('\\', '/')) !== name;
  return new CommandError(
    `${model} keeps weights in "${name}", which is not beside it. ` +
      (isPath
        ? 'Export the model as one file, or with its weights in a file in the same folder.'
        : 'Copy that file there, or export the model as one file.'),
  );
}

const NOTHING: OnnxFile = {
  graph: { inputs: [], outputs: [], nodes: new Map(), constants: new Map() },
  metadata: new Map(),
};

/**
 * The structure without weights; empty for a file that is not ONNX, which the runtime refuses
 * later.
 */
export async function readStructure(file: string): Promise<OnnxFile> {
  try {
    return readOnnx(await readWithoutWeights(file));
  } catch (error) {
    if (error instanceof RangeError) return NOTHING;
    throw error;
  }
}

/** The file that Triton's config.pbtxt names takes precedence over one with a usual name. */
async function findLabels(folder: string, entries: readonly string[]): Promise<string | undefined> {
  const triton = entries.includes('config.pbtxt')
    ? await readFile(path.join(folder, 'config.pbtxt'), 'utf8')
    : '';
  const named = /label_filename\s*:\s*"([^"]+)"/.exec(triton)?.[1];
  const found = named !== undefined && entries.includes(named) ? named : usualLabelFile(entries);
  return found && path.join(folder, found);
}

export function usualLabelFile(entries: readonly string[]): string | undefined {
  return LABEL_FILES.find((name) => entries.includes(name));
}
