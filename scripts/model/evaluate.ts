import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { quantile } from '@/lib/shared/numbers/quantile';
import { roundToHundredths } from '@/lib/shared/numbers/round';
import { formatPercent } from '@/lib/shared/numbers/format';
import type { ClassifyResult } from '../../lib/server/inference/task';
import type { ModelFolder } from '../../lib/server/models/folder';
import { evaluate as measure, type NamedClass } from '../../lib/shared/evaluation/evaluate';
import { evaluateMultiLabel } from '@/lib/shared/evaluation/multi-label';
import { nonPictures } from '../../lib/shared/uncertainty/non-pictures';
import type { ModelOutput } from '../../lib/shared/vision/uncertainty';
import { CommandError, type Command, type Context } from './command';
import { evaluationPage, type EvaluationFile, type Latency } from './evaluation-page';
import { multiLabelPage, multiLabelReport } from './multi-label-page';
import { readInstalled } from './installed';
import { readLabelled, type LabelledPicture } from './labelled';
import { showProgress } from './progress';
import { openServerRuntime, type ServerRuntime } from './runtimes';
import { SECTIONS, type EvaluatedRun } from './sections';
import { columns, sentence } from './text';

const NON_PICTURES = 200;
const SEEDS = { fitted: 1, measured: 2027 } as const;
/**
 * Files read ahead, in addition to those being classified, so that no worker waits for the disk.
 */
const READ_AHEAD = 2;

type ClassifySuccess = Extract<ClassifyResult, { ok: true }>;

export const evaluate: Command = {
  usage: '<id> --images <folder or CSV> [--name <name of the data>]',
  summary: 'measures a model on labelled pictures',
  help: `Sends each picture through the server's own pipeline, decoding included, and writes what came out to
evaluation.json and EVALUATION.md in the model's folder; the pages Models and Visualizations show it.

  --images  a folder with one folder a class, or a CSV with a path and a label in each line (a first
            line path,label is skipped; paths are seen from the CSV's folder). A class is named by
            its label, by the first of its names, by its synset (line n of synsets.txt is the
            synset of class n - 1) or by its index.
  --name    what the data is called in the files; the name of the folder or CSV if not given

Measured are first label and first five, precision, recall and F1 of each class, the most confused
pairs, negative log-likelihood, calibration (15 bins) with the temperature that fits best on every
second picture and measured on the others, when an answer is uncertain (200 generated pictures of
nothing help to set that), and how long it took. Of a model whose labels stand by themselves: mean
average precision, and of each label precision, recall and F1 at the threshold; a CSV then has the
labels of a picture in columns of their own, or in one with ; between. Pictures that cannot be decoded
are named, counted apart and left out.

  npm run model -- evaluate tiny-imagenet-200 --images ~/pictures/validation
  npm run model -- evaluate flowers --images test.csv --name "Flowers, test"`,
  options: ['images', 'name'],
  words: 1,
  run: async (context, [id = ''], { images, name }) => {
    if (images === undefined) throw new CommandError('expected --images <folder or CSV>');
    const model = await readInstalled(context.settings, id);
    const classes = await nameClasses(model);
    const { kind, threshold = 0.5 } = model.head;
    const pictures = await readLabelled(images, classes, kind === 'multi-label');
    const run = await classifyAll(context, model, pictures);
    if (run.logits.length < 2) throw new CommandError('Fewer than 2 pictures could be decoded.');
    const described = {
      schema: 1,
      dataset: name ?? path.basename(path.resolve(images)),
      preprocessing: 'as preprocessor_config.json',
    } as const;
    if (kind === 'multi-label') {
      const measured = evaluateMultiLabel({ ...run, labels: run.labelSets }, classes, threshold);
      const { latency, unreadable } = run;
      const several = { ...described, ...measured, unreadable, latency };
      await writeFiles(model, several, multiLabelPage(model.id, model.labels, several));
      context.print(multiLabelReport(several));
      return;
    }
    const figures = measure(run, classes);
    const file: EvaluationFile = {
      ...described,
      ...figures,
      ...(run.unreadable === 0 ? {} : { unreadable: run.unreadable }),
      latency: run.latency,
    };
    const added = Object.fromEntries(
      SECTIONS.flatMap((section) => Object.entries(section(run, figures))),
    );
    const page = evaluationPage(model.id, model.labels, file);
    await writeFiles(model, { ...added, ...file }, page);
    report(context, model.labels, file);
  },
};

async function nameClasses({ labels, files }: ModelFolder): Promise<NamedClass[]> {
  const file = files.find((candidate) => candidate.path === 'synsets.txt');
  const text = file ? await readFile(file.absolutePath, 'utf8') : '';
  const synsets = text.split('\n').map((line) => line.trim());
  return labels.map((label, i) => (synsets[i] ? { label, synset: synsets[i] } : { label }));
}

interface Run extends EvaluatedRun {
  /** For a multi-label model: the labels of each picture. */
  readonly labelSets: readonly (readonly number[])[];
  readonly unreadable: number;
  readonly latency: EvaluationFile['latency'];
}

async function classifyAll(
  context: Context,
  model: ModelFolder,
  pictures: readonly LabelledPicture[],
): Promise<Run> {
  const server = await openServerRuntime(model, context.settings).catch((error: unknown) => {
    throw new CommandError(`${model.id} does not run: ${sentence(error)}.`, { cause: error });
  });
  const progress = showProgress(pictures.length, 'pictures');
  const startedAtMs = performance.now();
  const results: (ClassifySuccess | undefined)[] = [];
  let nothing: Run['nothing'];
  let seconds = 0;
  try {
    await eachSideBySide(pictures, server.pool.workers + READ_AHEAD, async (picture, i) => {
      context.signal.throwIfAborted();
      results[i] = await classify(server, model.id, picture, context);
      progress.advance();
    });
    seconds = (performance.now() - startedAtMs) / 1000;
    nothing = {
      fitted: await classifyNothing(server, model.id, SEEDS.fitted, context.signal),
      measured: await classifyNothing(server, model.id, SEEDS.measured, context.signal),
    };
  } finally {
    progress.stop();
    await server.stop();
  }
  const figures = summarize(pictures, results, { workers: server.pool.workers, seconds });
  return { ...figures, nothing };
}

/** Classifies generated pictures that show no class. */
async function classifyNothing(
  { pool }: ServerRuntime,
  modelId: string,
  seed: number,
  signal: AbortSignal,
): Promise<ModelOutput[]> {
  const outputs: ModelOutput[] = [];
  for (const { image } of nonPictures(NON_PICTURES, seed)) {
    const { data, width, height, channels } = image;
    const bytes = await sharp(data, { raw: { width, height, channels } }).png().toBuffer();
    const result = await pool.classify({ modelId, bytes: new Uint8Array(bytes) }, signal);
    if (result.ok) outputs.push(result);
  }
  return outputs;
}

/** Undefined for a picture that cannot be decoded; its name is printed. */
async function classify(
  { pool }: ServerRuntime,
  modelId: string,
  { file }: LabelledPicture,
  { print, signal }: Context,
): Promise<ClassifySuccess | undefined> {
  const bytes = new Uint8Array(await readFile(file));
  const result = await pool.classify({ modelId, bytes }, signal);
  if (result.ok) return result;
  print(`Left out: ${file}: ${result.problem.detail}`);
  return undefined;
}

function summarize(
  pictures: readonly LabelledPicture[],
  results: readonly (ClassifySuccess | undefined)[],
  { workers, seconds }: { workers: number; seconds: number },
): Omit<Run, 'nothing'> {
  const read = pictures.flatMap(({ label, labels = [label] }, i) => {
    const result = results[i];
    return result ? [{ label, labels, result }] : [];
  });
  const latencyOf = (name: 'decodeMs' | 'inferenceMs'): Latency => {
    const values = read.map(({ result }) => result[name]);
    return {
      p50: roundToHundredths(quantile(values, 0.5)),
      p95: roundToHundredths(quantile(values, 0.95)),
    };
  };
  return {
    logits: read.map(({ result }) => result.logits),
    labels: read.map(({ label }) => label),
    labelSets: read.map(({ labels }) => labels),
    outputs: read.map(({ label, result }) => ({ actual: label, ...result })),
    unreadable: pictures.length - read.length,
    latency: {
      workers,
      picturesPerSecond: roundToHundredths(read.length / seconds),
      decodeMs: latencyOf('decodeMs'),
      inferenceMs: latencyOf('inferenceMs'),
    },
  };
}

/** Processes a list with a bounded number of items at a time. Stops at the first error. */
async function eachSideBySide<T>(
  items: readonly T[],
  atATime: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const entries = items.entries();
  const lane = async () => {
    for (const [index, item] of entries) await work(item, index);
  };
  await Promise.all(Array.from({ length: atATime }, lane));
}

/** Writes EVALUATION.md first, because the server reads evaluation.json. */
async function writeFiles(model: ModelFolder, file: object, page: string): Promise<void> {
  const folder = path.dirname(path.dirname(model.onnxFile));
  const texts = [
    ['EVALUATION.md', page],
    ['evaluation.json', `${JSON.stringify(file)}\n`],
  ] as const;
  for (const [name, text] of texts) {
    const temporary = path.join(folder, `.${name}-${process.pid}`);
    await writeFile(temporary, text);
    await rename(temporary, path.join(folder, name));
  }
}

function report({ print }: Context, labels: readonly string[], file: EvaluationFile): void {
  const { images, accuracy, nll, calibration, latency, perClass, mostConfused } = file;
  const worst = [...perClass].sort((a, b) => a.f1 - b.f1).slice(0, 5);
  const name = (index: number) => labels[index] ?? `class ${index}`;
  print(
    columns([
      ['pictures', String(images)],
      ['first label right', formatPercent(accuracy.top1)],
      ['among the first five', formatPercent(accuracy.top5)],
      ['negative log-likelihood', nll.toFixed(4)],
      ['temperature', calibration.temperature.toFixed(4)],
      ['calibration error', `${calibration.ece.before} before, ${calibration.ece.after} after`],
      ['decoding', `${latency.decodeMs.p50} ms median, ${latency.decodeMs.p95} ms p95`],
      ['inferring', `${latency.inferenceMs.p50} ms median, ${latency.inferenceMs.p95} ms p95`],
      ['throughput', `${latency.picturesPerSecond} pictures a second`],
    ]),
  );
  print('\nHardest classes');
  print(columns(worst.map(({ label, f1, support }) => [`  ${label}`, `F1 ${f1}`, `${support}`])));
  print('\nMost confused');
  const pairs = mostConfused.slice(0, 5);
  print(
    columns(
      pairs.map((pair) => [`  ${name(pair.actual)}`, `→ ${name(pair.predicted)}`, `${pair.count}`]),
    ),
  );
  print('\nWritten: evaluation.json and EVALUATION.md.');
}
