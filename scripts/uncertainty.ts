/**
 * npm run uncertainty: fits a model's uncertainty rule on labelled pictures and prints its effect.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { loadModel, runModel, type LoadedModel } from '../lib/server/inference/session';
import { DEFAULT_PICTURE_LIMITS } from '../lib/shared/picture/rules';
import { configureDecoder, decodeImage } from '../lib/server/intake/decode';
import { readModelFolder, type ModelFolder } from '../lib/server/models/folder';
import type { PixelImage } from '../lib/shared/vision/image';
import { imageToTensor } from '../lib/shared/vision/tensor';
import { ACTIVATIONS_OUTPUT } from '../lib/shared/model/activations';
import { spreadOfActivations, type ModelOutput } from '../lib/shared/vision/uncertainty';
import {
  evaluateUncertainty,
  type FittedAndMeasured,
  type LabelledOutput,
  type UncertaintySection,
} from '../lib/shared/uncertainty/fit';
import { nonPictures } from '../lib/shared/uncertainty/non-pictures';
import { expectedCalibrationError, reliability } from '../lib/shared/evaluation/calibration';
import { halves } from './model/sections';

const NON_PICTURES = 200;

const HELP = `Sets when a model's answers are uncertain, and prints how often they are.

  npm run uncertainty -- --images FOLDER [--model ID] [--models FOLDER] [--write]

FOLDER has one folder a class, named by the class's number or by its line in the model's
synsets.txt. Every second picture sets the rule, the others measure it; so do two times
${NON_PICTURES} generated pictures of nothing. --write keeps rule and figures in evaluation.json.`;

const SEEDS = { fitted: 1, measured: 2027 } as const;
const LIMITS = { ...DEFAULT_PICTURE_LIMITS, timeoutSeconds: 30 };

const { values } = parseArgs({
  options: {
    images: { type: 'string' },
    model: { type: 'string', default: 'tiny-imagenet-200' },
    models: { type: 'string', default: 'models' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
});

async function main(): Promise<void> {
  if (values.help || values.images === undefined) return console.info(HELP);
  const folder = path.join(values.models, values.model);
  const description = await readModelFolder(folder, values.model);
  if (description.head.kind === 'multi-label') {
    throw new Error(
      `${values.model}: labels stand by themselves; use "npm run model -- evaluate", which measures them`,
    );
  }
  const { temperature } = description.calibration;
  configureDecoder();
  const model = await loadModel({ ...description, classCount: description.labels.length });
  const pictures = halves(await readPictures(model, folder, description, values.images));
  const nothing: FittedAndMeasured<ModelOutput> = {
    fitted: await readNonPictures(model, SEEDS.fitted),
    measured: await readNonPictures(model, SEEDS.measured),
  };
  const sections = evaluateUncertainty(pictures, nothing, temperature);
  const run = {
    logits: pictures.measured.map(({ logits }) => Float32Array.from(logits)),
    labels: pictures.measured.map(({ actual }) => actual),
  };
  const ece = (of: number) => expectedCalibrationError(reliability(run, of));
  report(sections.uncertainty, temperature, { before: ece(1), after: ece(temperature) });
  if (values.write) await keep(path.join(folder, 'evaluation.json'), sections);
}

async function readPictures(
  model: LoadedModel,
  folder: string,
  { labels }: ModelFolder,
  images: string,
): Promise<LabelledOutput[]> {
  const names = await classFolders(folder, labels.length);
  const outputs: LabelledOutput[] = [];
  for (const [actual, name] of names.entries()) {
    const directory = path.join(images, name);
    for (const file of (await readdir(directory)).sort()) {
      const bytes = await readFile(path.join(directory, file));
      const decoded = await decodeImage(new Uint8Array(bytes), LIMITS);
      if (!decoded.ok) throw new Error(`expected ${directory}/${file} to be a picture`);
      outputs.push({ actual, ...(await output(model, decoded.image)) });
    }
  }
  return outputs;
}

async function classFolders(folder: string, classes: number): Promise<string[]> {
  const numbers = Array.from({ length: classes }, (_, i) => String(i));
  const text = await readFile(path.join(folder, 'synsets.txt'), 'utf8').catch(() => undefined);
  return text?.trim().split('\n') ?? numbers;
}

async function readNonPictures(model: LoadedModel, seed: number): Promise<ModelOutput[]> {
  const outputs: ModelOutput[] = [];
  for (const { image } of nonPictures(NON_PICTURES, seed)) outputs.push(await output(model, image));
  return outputs;
}

async function output(model: LoadedModel, image: PixelImage): Promise<ModelOutput> {
  const { data, dims } = imageToTensor(image, model.preprocessing);
  const { logits, outputs } = model.signature;
  const hasActivations = outputs.some(({ name }) => name === ACTIVATIONS_OUTPUT);
  const names = hasActivations ? [logits, ACTIVATIONS_OUTPUT] : [logits];
  const [first, activations] = await runModel(model, data, dims, names);
  return { logits: first!.data, activationEnergySpread: spreadOfActivations(activations) };
}

function report(
  { minScore, minMargin, likeness, measured }: UncertaintySection,
  temperature: number,
  ece: { readonly before: number; readonly after: number },
): void {
  const share = (name: string, { uncertain, pictures }: UncertaintySection['measured']['right']) =>
    `  ${name.padEnd(22)} ${(uncertain * 100).toFixed(1).padStart(5)} % of ${pictures}`;
  console.info(
    [
      `temperature ${temperature}: expected calibration error ${ece.before.toFixed(4)} before, ${ece.after.toFixed(4)} after`,
      `uncertain when the first label has less than ${minScore}, leads by less than ${minMargin},`,
      `or ${likeness?.score ?? 'nothing'} is less than ${likeness?.threshold ?? '-'}`,
      'uncertain among pictures that set nothing:',
      share('rightly answered', measured.right),
      share('wrongly answered', measured.wrong),
      share('pictures of nothing', measured.nonPictures),
    ].join('\n'),
  );
}

async function keep(file: string, sections: object): Promise<void> {
  const before = JSON.parse(await readFile(file, 'utf8')) as object;
  await writeFile(file, JSON.stringify({ ...before, ...sections }));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
