/** What a team hands over: a folder in one of the usual layouts, or an ONNX file alone. */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { otherKindOf, readWithoutWeights } from '../../lib/server/models/graph-file';
import { knownKind } from '@/lib/shared/model/file-kind';
import { externalFiles, readOnnx, type OnnxFile } from '@/lib/shared/model/onnx-file';
import { CommandError } from './command';
import { placeOf } from './layout';

export const MODEL = 'onnx/model.onnx';

/** As frameworks call the list of classes; the first that is there is read. */
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
  /** Paths in the new folder, and where each comes from. */
  readonly files: ReadonlyMap<string, string>;
  /** The list of classes that lies beside the model, where there is one. */
  readonly labels: string | undefined;
}

/**
 * Finds the model: the hub's onnx/model.onnx, model.onnx beside config.json, the newest version of
 * Triton's layout (1/model.onnx), or the only ONNX file of a folder.
 *
 * @param file the one that is meant, seen from the folder, where it is none of these
 * @throws CommandError that says what is missing, or between which files to choose
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
 * @param folder what to call it
 * @param entries paths of the files in it
 * @throws CommandError that says what is missing, or between which files to choose
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

/** The files in which the models keep weights, by the names that the models have for them. */
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

/** Names of the files in which a model keeps weights, as the model has them. */
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

/** Without its weights; nothing of what is no ONNX file, which the runtime refuses later. */
export async function readStructure(file: string): Promise<OnnxFile> {
  try {
    return readOnnx(await readWithoutWeights(file));
  } catch (error) {
    if (error instanceof RangeError) return NOTHING;
    throw error;
  }
}

/** What Triton's config.pbtxt names goes before what lies there by a usual name. */
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
