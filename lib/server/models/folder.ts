import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { MODEL_FILE_PATH } from '@/lib/shared/contract/models';
import { checkSchema, type Check } from '@/lib/shared/model/check';
import {
  evaluationSchema,
  surenessOf,
  type Evaluation,
  type Sureness,
} from '@/lib/shared/model/evaluation';
import { decideHead, SINGLE_LABEL, type Head } from '@/lib/shared/model/head';
import { parseHeadConfig, type HeadConfig } from '@/lib/shared/model/head-config';
import { parseLabels, parseModelType } from '@/lib/shared/model/labels';
import { readOnnx } from '@/lib/shared/model/onnx-file';
import { parsePreprocessing, type Preprocessing } from '@/lib/shared/model/preprocessing';
import { smallestAgreeing } from '@/lib/shared/model/variants';
import { readWithoutWeights } from './graph-file';

/** Files of a model folder that are served; anything else in it stays private. */
const SERVED_FILE = /^(?:\w[\w.-]*\.(?:json|md|txt)|onnx\/\w[\w.-]*\.(?:onnx|onnx_data))$/;

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
  /** First 12 hex digits of the SHA-256 of the model file. */
  readonly version: string;
  /** 40 hex digits over the names and contents of all served files. */
  readonly revision: string;
  readonly onnxFile: string;
  readonly modelType: string | undefined;
  readonly labels: readonly string[];
  /** What the graph's output means, by the graph and `config.json`. */
  readonly head: Head;
  readonly preprocessing: Preprocessing;
  /** Changes when a picture would be prepared in another way. */
  readonly preprocessingVersion: string;
  readonly evaluation: Evaluation | undefined;
  /** How logits become probabilities, and when an answer is uncertain. */
  readonly sureness: Sureness;
  /** The smallest file that gives the whole model's answers, for whoever has to download it. */
  readonly deviceFile: FolderFile;
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
  const { labels, modelType, headConfig } = await parseJson(files, 'config.json', (config) => {
    const named = parseLabels(config);
    return {
      labels: named,
      modelType: parseModelType(config),
      headConfig: parseHeadConfig(config, named),
    };
  });
  const preprocessing = await parseJson(files, 'preprocessor_config.json', parsePreprocessing);
  const onnx = findFile(files, MODEL_FILE_PATH);
  const head = await readHead(onnx.absolutePath, headConfig, labels.length);
  const evaluation = await readEvaluation(files);
  return {
    id,
    version: onnx.sha256.slice(0, 12),
    revision: revisionOf(files),
    onnxFile: onnx.absolutePath,
    modelType,
    labels,
    head,
    preprocessing,
    preprocessingVersion: versionOf(preprocessing),
    evaluation,
    sureness: surenessOf(evaluation),
    deviceFile: smallestAgreeing(onnx, files, await readCheck(files)),
    files,
  };
}

/** Changes with the names, sizes and times of the files that are read; cheap enough to ask often. */
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
 * The folder itself may be a link: that is the operator's. A link in it comes with a model.
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
    return JSON.parse(await readFile(absolutePath, 'utf8'));
  } catch (error) {
    throw new Error(`expected ${relativePath} to be JSON: ${String(error)}`, { cause: error });
  }
}

async function readHead(onnxFile: string, config: HeadConfig, labels: number): Promise<Head> {
  const bytes = await readWithoutWeights(onnxFile);
  try {
    return decideHead(readOnnx(bytes).graph, config, labels);
  } catch (error) {
    // What is no ONNX file the runtime refuses, when the model is loaded.
    if (error instanceof RangeError) return SINGLE_LABEL;
    throw error;
  }
}

/** A note that cannot be read says nothing. */
async function readCheck(files: readonly FolderFile[]): Promise<Check | undefined> {
  if (!files.some((file) => file.path === 'check.json')) return undefined;
  return checkSchema.safeParse(await readJson(files, 'check.json').catch(() => undefined)).data;
}

/** What is wrong with a field is said with the name of the file it stands in. */
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
