import { writeFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { median } from '@/lib/shared/numbers/quantile';
import { formatDuration, formatFileSize, formatPercent } from '@/lib/shared/numbers/format';
import { decodeImage } from '../../lib/server/intake/decode';
import type { InferencePool } from '../../lib/server/inference/pool';
import type { FolderFile, ModelFolder } from '../../lib/server/models/folder';
import type { Settings } from '../../lib/server/settings';
import { measureAgreement, TOLERANCE } from '../../lib/shared/evaluation/agreement';
import type { Check, CheckedVariant } from '../../lib/shared/model/check';
import type { DeviceSession } from '../../lib/worker/session';
import { topK } from '../../lib/shared/vision/ranking';
import { scoresOf } from '@/lib/shared/vision/scores';
import { imageToTensor, type ImageTensor } from '../../lib/shared/vision/tensor';
import { CommandError, type Command, type Context } from './command';
import { largestDifference, readExpected, type Expected } from './expected';
import { readInstalled } from './installed';
import { checkPictures, type Picture } from './pictures';
import { openServerRuntime, openWebRuntime } from './runtimes';
import { columns, sentence } from './text';

const FULL_MODEL = 'onnx/model.onnx';
/** Warm-up ends with whichever limit is reached first. */
const WARMUP_RUNS = 30;
const WARMUP_MS = 4_000;
const VARIANT = /^onnx\/model_\w+\.onnx$/;

/** Probabilities for each picture, and the time for each. */
interface Run {
  readonly scores: readonly Float64Array[];
  readonly tookMs: readonly number[];
}

export const check: Command = {
  usage: '<id> [--expect FILE]',
  summary: 'runs a model in both runtimes and compares them',
  help: `Loads the model as the server does (onnxruntime-node) and as browsers do (onnxruntime-web, its
WebAssembly, here in Node), shows both the same pictures (the samples and synthetic ones) and
compares every class's probability. Decoding is the server's on both sides, so what differs is
the runtime.

It holds when no probability differs by more than ${TOLERANCE} and the first label is the same wherever it
leads by more than that; otherwise the exit code is 1.

Other files of the layout beside the full one (onnx/model_fp16.onnx, onnx/model_quantized.onnx …)
are run as browsers would and compared with the full model on the server. What came out is written
to check.json in the model's folder: browsers take the smallest file that agrees. A variant that
does not is no failure of the model.

  --expect  scores that your own framework gave, as {"pictures": [{"file", "scores"}]}, with paths
            seen from the file and scores in the order of the output or by label; both runtimes
            are compared with them, and the largest difference is named. docs/models.md has the
            Python that writes it`,
  options: ['expect'],
  words: 1,
  run: async (context, [id = ''], { expect: expectedFile }) => {
    const model = await readInstalled(context.settings, id);
    const expected = expectedFile && (await readExpected(expectedFile, model.labels));
    const pictures = expected ? expected.pictures : await checkPictures();
    const server = await runOnServer(context, model, pictures);
    const tensors = await prepare(context.settings, model, pictures);
    const web = await runInWeb(model.onnxFile, model, tensors);
    reportPictures(context, model, pictures, server);
    reportRuntimes(context, server, web);
    // The expected scores belong to the full model, so variants are not checked against them.
    if (!expected) await checkVariants(context, model, tensors, server);
    const agreement = measureAgreement(server.scores, web.scores);
    if (!agreement.agrees) throw new CommandError(disagreement(id, agreement.maxScoreDifference));
    if (expected) compare(context, model, expected, { server, web });
    context.print(`\n${id} holds in both runtimes.`);
  },
};

/** @throws CommandError if a score differs from the expected one by more than runtimes may */
function compare(
  { print }: Context,
  { id, labels }: ModelFolder,
  expected: Expected,
  runs: { readonly server: Run; readonly web: Run },
): void {
  const found = [
    ['onnxruntime-node', largestDifference(expected, runs.server.scores, labels)],
    ['onnxruntime-web', largestDifference(expected, runs.web.scores, labels)],
  ] as const;
  const rows = found.map(([runtime, most]) => [
    runtime,
    `largest difference ${most.difference.toFixed(5)}`,
    `${most.picture}, ${most.label}: expected ${most.expected.toFixed(5)}, received ${most.received.toFixed(5)}`,
  ]);
  print(columns(rows));
  if (found.every(([, { difference }]) => difference <= TOLERANCE)) return;
  throw new CommandError(`${id} does not give the scores that are expected of it.`);
}

function disagreement(id: string, difference: number): string {
  return (
    `${id} does not hold: between the runtimes a probability differs by ${difference.toFixed(4)}, ` +
    `where ${TOLERANCE} is allowed, or the first label is another one.`
  );
}

async function runOnServer(
  { settings, print }: Context,
  model: ModelFolder,
  pictures: readonly Picture[],
): Promise<Run> {
  const { pool, stop } = await openServerRuntime(model, settings, 1).catch((error: unknown) => {
    throw new CommandError(`${model.id} does not run on the server: ${sentence(error)}.`, {
      cause: error,
    });
  });
  try {
    reportModel(print, model, pool);
    const scores: Float64Array[] = [];
    const tookMs: number[] = [];
    for (const { name, bytes } of pictures) {
      const task = { modelId: model.id, bytes: new Uint8Array(bytes) };
      const result = await pool.classify(task, new AbortController().signal);
      if (!result.ok) throw new CommandError(`${name} was not decoded: ${result.problem.detail}`);
      scores.push(scoresOf(result.logits, model.head, model.calibration.temperature));
      tookMs.push(result.inferenceMs);
    }
    return { scores, tookMs };
  } finally {
    await stop();
  }
}

async function prepare(
  settings: Settings,
  { preprocessing }: ModelFolder,
  pictures: readonly Picture[],
): Promise<ImageTensor[]> {
  const limits = {
    maxImagePixels: settings.maxImagePixels,
    maxDecodeBytes: settings.maxDecodeBytes,
    timeoutSeconds: settings.decodeTimeoutSeconds,
  };
  return Promise.all(
    pictures.map(async ({ name, bytes }) => {
      const decoded = await decodeImage(bytes, limits);
      if (!decoded.ok) throw new CommandError(`${name} was not decoded: ${decoded.problem.detail}`);
      return imageToTensor(decoded.image, preprocessing);
    }),
  );
}

/** @throws CommandError if the file cannot be loaded or run in onnxruntime-web */
async function runInWeb(
  onnxFile: string,
  model: ModelFolder,
  tensors: readonly ImageTensor[],
): Promise<Run> {
  try {
    const session = await openWebRuntime(onnxFile, model);
    await warmUp(session, tensors[0]!);
    const scores: Float64Array[] = [];
    const tookMs: number[] = [];
    for (const tensor of tensors) {
      const startedAtMs = performance.now();
      scores.push(
        scoresOf((await session.run(tensor)).logits, model.head, model.calibration.temperature),
      );
      tookMs.push(performance.now() - startedAtMs);
    }
    return { scores, tookMs };
  } catch (error) {
    throw new CommandError(`${model.id} does not run in browsers: ${sentence(error)}.`, {
      cause: error,
    });
  }
}

/**
 * Runs the model until the engine has optimised the WebAssembly: the first runs take many times as
 * long.
 */
async function warmUp(session: DeviceSession, tensor: ImageTensor): Promise<void> {
  const startedAtMs = performance.now();
  for (let run = 0; run < WARMUP_RUNS; run++) {
    await session.run(tensor);
    if (performance.now() - startedAtMs > WARMUP_MS) return;
  }
}

function reportModel(print: Context['print'], model: ModelFolder, pool: InferencePool): void {
  const { input, outputs, logits } = pool.signature(model.id);
  const shape = (sizes: readonly number[]) =>
    `[${sizes.map((size) => (size < 0 ? 'any' : size)).join(', ')}]`;
  const full = model.files.find((file) => file.path === FULL_MODEL)!;
  const rows = [
    ['model', `${model.id}, version ${model.version}`],
    ['file', `${full.path}, ${formatFileSize(full.bytes)}`],
    ['input', `${input.name} ${shape(input.shape)}`],
    ...outputs.map(({ name, shape: sizes }) => [
      'output',
      `${name} ${shape(sizes)}${name === logits ? ', one value a class' : ''}`,
    ]),
    ['classes', String(model.labels.length)],
  ];
  print(columns(rows));
}

function reportPictures(
  { print }: Context,
  { labels }: ModelFolder,
  pictures: readonly Picture[],
  { scores }: Run,
): void {
  const rows = pictures.map(({ name }, i) => {
    const [first] = topK(scores[i]!, labels, 1);
    return [`  ${name}`, formatPercent(first!.score), first!.label];
  });
  print(`\n${columns(rows)}\n`);
}

function reportRuntimes({ print }: Context, server: Run, web: Run): void {
  const { maxScoreDifference } = measureAgreement(server.scores, web.scores);
  const took = ({ tookMs }: Run) => `${formatDuration(median(tookMs))} a picture, median`;
  print(
    columns([
      ['onnxruntime-node', `${took(server)}, one thread, preparing the picture included`],
      ['onnxruntime-web', `${took(web)}, one thread`],
      ['largest difference', `${maxScoreDifference.toExponential(1)} of a probability`],
    ]),
  );
}

async function checkVariants(
  { print }: Context,
  model: ModelFolder,
  tensors: readonly ImageTensor[],
  server: Run,
): Promise<void> {
  const variants: CheckedVariant[] = [];
  for (const file of model.files.filter(({ path: name }) => VARIANT.test(name))) {
    const { variant, remark } = await checkVariant(file, model, tensors, server);
    variants.push(variant);
    print(`${file.path}, ${formatFileSize(file.bytes)}: ${remark}`);
  }
  await writeCheck(model, variants);
}

/** Checks one variant at a time, so that one session is freed before the next is created. */
async function checkVariant(
  { path: file, sha256, bytes, absolutePath }: FolderFile,
  model: ModelFolder,
  tensors: readonly ImageTensor[],
  server: Run,
): Promise<{ variant: CheckedVariant; remark: string }> {
  const described = { file, sha256, bytes };
  try {
    const { scores, tookMs } = await runInWeb(absolutePath, model, tensors);
    const agreement = measureAgreement(server.scores, scores);
    const verdict = agreement.agrees ? 'agrees' : 'does not agree';
    const difference = agreement.maxScoreDifference.toFixed(4);
    return {
      variant: { ...described, ...agreement },
      remark: `${verdict}, largest difference ${difference}, ${formatDuration(median(tookMs))} a picture`,
    };
  } catch (error) {
    const failed = { maxScoreDifference: 1, sameTop1: false, agrees: false };
    return { variant: { ...described, ...failed }, remark: `does not agree: ${sentence(error)}` };
  }
}

/** Renamed when complete, so that a server never reads half a file. */
async function writeCheck(model: ModelFolder, variants: CheckedVariant[]): Promise<void> {
  const full = model.files.find((file) => file.path === FULL_MODEL)!;
  const written: Check = {
    schema: 1,
    modelSha256: full.sha256,
    variants,
    checkedAt: new Date().toISOString(),
  };
  const folder = path.dirname(path.dirname(model.onnxFile));
  const temporary = path.join(folder, `.check-${process.pid}.json`);
  await writeFile(temporary, `${JSON.stringify(written, null, 2)}\n`);
  await rename(temporary, path.join(folder, 'check.json'));
}
