import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { MODEL_FILE_PATH } from '@/lib/shared/contract/models';
import { checkSchema, type Check } from '@/lib/shared/model/check';
import {
  evaluationSchema,
  calibrationOf,
  type Evaluation,
  type Calibration,
} from '@/lib/shared/model/evaluation';
import { decideHead, SINGLE_LABEL, type Head } from '@/lib/shared/model/head';
import { parseHeadConfig } from '@/lib/shared/model/head-config';
import { parseLabels, parseModelType } from '@/lib/shared/model/labels';
import {
  externalFiles,
  inputChannels,
  readOnnx,
  type OnnxGraph,
} from '@/lib/shared/model/onnx-file';
import { parseTimm } from '@/lib/shared/model/timm';
import { parsePreprocessing, type Preprocessing } from '@/lib/shared/model/preprocessing';
import { smallestAgreeing } from '@/lib/shared/model/variants';
import { readWithoutWeights } from './graph-file';

/** Files of a model folder that are served; anything else in it stays private. */
const SERVED_FILE =
  /^(?:\w[\w.-]*\.(?:json|md|txt)|onnx\/\w[\w.-]*\.(?:onnx|onnx_data(?:_\d+)?|data|bin|weights))$/;

export interface FolderFile {
  /** Relative to the model folder, with forward slashes. */
  readonly path: string;
  readonly absolutePath: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** One model as its folder describes it. */
export interface ModelFolder {
  readonly id: string;
  /**
   * First 12 hex digits of the SHA-256 of the model file, or over it and the files of its weights.
   */
  readonly version: string;
  /** 40 hex digits over the names and contents of all served files. */
  readonly revision: string;
  readonly onnxFile: string;
  readonly modelType: string | undefined;
  readonly labels: readonly string[];
  /** The meaning of the graph's output, from the graph and `config.json`. */
  readonly head: Head;
  readonly preprocessing: Preprocessing;
  /** Changes when the preprocessing changes. */
  readonly preprocessingVersion: string;
  readonly evaluation: Evaluation | undefined;
  /** How logits become probabilities, and when an answer is uncertain. */
  readonly calibration: Calibration;
  /**
   * The file that browsers download: the smallest one whose answers agree with those of
   * `model.onnx`.
   */
  readonly deviceFile: FolderFile;
  /** The files with that file's weights, if they are separate. */
  readonly deviceData: readonly FolderFile[];
  readonly files: readonly FolderFile[];
}

/**
 * Reads a folder in the layout of the Hugging Face hub.
 *
 * @param id name of the folder
 * @throws Error that says which file or field is missing or wrong
 */
export async function readModelFolder(directory: string, id: string): Promise<ModelFolder> {
  const files = await listServedFiles(directory);
  const { labels, modelType, headConfig, timm } = await parseJson(
    files,
    'config.json',
    (config) => {
      const named = parseLabels(config);
      return {
        labels: named,
        modelType: parseModelType(config),
        headConfig: parseHeadConfig(config, named),
        timm: parseTimm(config),
      };
    },
  );
  const isPrepared = files.some((file) => file.path === 'preprocessor_config.json');
  const onnx = findFile(files, MODEL_FILE_PATH);
  const graph = await readGraph(onnx);
  const preprocessing =
    timm && !isPrepared
      ? timm
      : await parseJson(
          files,
          'preprocessor_config.json',
          (config) =>
            // TimmWrapperImageProcessor of transformers keeps timm's own words.
            parseTimm(config) ?? parsePreprocessing(config, graph && inputChannels(graph)),
        );
  const head = graph ? decideHead(graph, headConfig, labels.length) : SINGLE_LABEL;
  const device = await chooseDeviceFile(onnx, files);
  const evaluation = await readEvaluation(files);
  return {
    id,
    version: versionOfModel(onnx, await weightsOf(onnx, files)),
    revision: revisionOf(files),
    onnxFile: onnx.absolutePath,
    modelType,
    labels,
    head,
    preprocessing,
    preprocessingVersion: versionOf(preprocessing),
    evaluation,
    calibration: calibrationOf(evaluation),
    ...device,
    files,
  };
}

/** Changes with the names, sizes and times of the folder's files; cheap enough to compute often. */
export async function fingerprintFolder(directory: string): Promise<string> {
  const names = await listServedNames(directory).catch(() => []);
  const lines = names.map(async (name) => {
    const found = await stat(path.join(directory, name)).catch(() => undefined);
    return `${name} ${found?.size} ${found?.mtimeMs}`;
  });
  return (await Promise.all(lines)).join('\n');
}

async function listServedFiles(directory: string): Promise<FolderFile[]> {
  const names = await listServedNames(directory);
  await Promise.all(names.map((name) => assertInside(directory, name)));
  return Promise.all(names.map((name) => describeFile(directory, name)));
}

async function listServedNames(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true });
  return entries
    .map((entry) => entry.split(path.sep).join('/'))
    .filter((entry) => SERVED_FILE.test(entry))
    .sort();
}

/**
 * The folder itself may be a symbolic link made by the operator; links inside it come with the
 * model and must not lead outside.
 *
 * @throws Error if what a name leads to is not a file of the folder
 */
async function assertInside(directory: string, name: string): Promise<void> {
  const [root, target] = await Promise.all([
    realpath(directory),
    realpath(path.join(directory, name)),
  ]);
  if (!target.startsWith(root + path.sep)) {
    throw new Error(`expected ${name} to be a file of the folder, received a link that leads out`);
  }
  if ((await stat(target)).isFile()) return;
  throw new Error(`expected ${name} to be a file, received something else`);
}

async function describeFile(directory: string, relativePath: string): Promise<FolderFile> {
  const absolutePath = path.join(directory, relativePath);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(absolutePath)) hash.update(chunk as Buffer);
  const { size } = await stat(absolutePath);
  return { path: relativePath, absolutePath, bytes: size, sha256: hash.digest('hex') };
}

function findFile(files: readonly FolderFile[], relativePath: string): FolderFile {
  const file = files.find((candidate) => candidate.path === relativePath);
  if (!file) throw new Error(`expected a file ${relativePath}, but it is missing`);
  return file;
}

async function readJson(files: readonly FolderFile[], relativePath: string): Promise<unknown> {
  const { absolutePath } = findFile(files, relativePath);
  try {
    // Some Windows editors write a byte order mark at the start of a file.
    return JSON.parse((await readFile(absolutePath, 'utf8')).replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Error(`expected ${relativePath} to be JSON: ${String(error)}`, { cause: error });
  }
}

/** @returns undefined if it is not an ONNX file; the runtime refuses it when it loads the model */
async function readGraph({ absolutePath }: FolderFile): Promise<OnnxGraph | undefined> {
  try {
    return readOnnx(await readWithoutWeights(absolutePath)).graph;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The separate files with a model's weights. */
async function weightsOf(model: FolderFile, files: readonly FolderFile[]): Promise<FolderFile[]> {
  const graph = await readGraph(model);
  return (graph ? externalFiles(graph) : []).map((name) => {
    const file = files.find((candidate) => candidate.path === `onnx/${name}`);
    if (file) return file;
    throw new Error(
      `expected a file onnx/${name}, because ${model.path} keeps weights in it, but it is missing ` +
        'or has a name that is not served (.data, .onnx_data, .bin); export the model as one file, ' +
        'or with its weights in model.onnx.data',
    );
  });
}

/** The smallest file that agrees, with its separate weights. */
async function chooseDeviceFile(
  onnx: FolderFile,
  files: readonly FolderFile[],
): Promise<Pick<ModelFolder, 'deviceFile' | 'deviceData'>> {
  const check = await readCheck(files);
  const agreeing = files.filter(({ path: name }) =>
    check?.variants.some(({ file, agrees }) => agrees && file === name),
  );
  const candidates = await Promise.all(
    [onnx, ...agreeing].map(async (file) => {
      const data = await weightsOf(file, files);
      const bytes = data.reduce((sum, part) => sum + part.bytes, file.bytes);
      return { path: file.path, sha256: file.sha256, bytes, file, data };
    }),
  );
  const { file, data } = smallestAgreeing(candidates[0]!, candidates.slice(1), check);
  return { deviceFile: file, deviceData: data };
}

function versionOfModel({ sha256 }: FolderFile, weights: readonly FolderFile[]): string {
  if (weights.length === 0) return sha256.slice(0, 12);
  const hash = createHash('sha256').update(sha256);
  for (const file of weights) hash.update(file.sha256);
  return hash.digest('hex').slice(0, 12);
}

/** An unreadable check.json counts as missing. */
async function readCheck(files: readonly FolderFile[]): Promise<Check | undefined> {
  if (!files.some((file) => file.path === 'check.json')) return undefined;
  return checkSchema.safeParse(await readJson(files, 'check.json').catch(() => undefined)).data;
}

/** Adds the file name to the error of a field. */
async function parseJson<T>(
  files: readonly FolderFile[],
  relativePath: string,
  parse: (json: unknown) => T,
): Promise<T> {
  const json = await readJson(files, relativePath);
  try {
    return parse(json);
  } catch (error) {
    throw new Error(`${relativePath}: ${(error as Error).message}`, { cause: error });
  }
}

async function readEvaluation(files: readonly FolderFile[]): Promise<Evaluation | undefined> {
  if (!files.some((file) => file.path === 'evaluation.json')) return undefined;
  return evaluationSchema.parse(await readJson(files, 'evaluation.json'));
}

function versionOf(preprocessing: Preprocessing): string {
  return createHash('sha256').update(JSON.stringify(preprocessing)).digest('hex').slice(0, 12);
}

function revisionOf(files: readonly FolderFile[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file.path}\0${file.sha256}\n`);
  return hash.digest('hex').slice(0, 40);
}
