import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { formatFileSize } from '@/lib/shared/numbers/format';
import { CommandError, type Command, type Context, type Options } from './command';
import { assertDescribed, complete, DESCRIBING } from './complete';
import { download } from './download';
import { hubOf, listHub, type Hub, type HubFile } from './hub';
import { install, reportInstalled } from './install';
import { placeOf } from './layout';
import type { Patience } from './patience';
import { showProgress } from './progress';
import { chooseModel, MODEL, noWeights, usualLabelFile, weightFiles } from './source';
import { understood, type Origins } from './understood';

const VARIANT = /^onnx\/model_(\w+)\.onnx$/;

/** First pause if the hub or the network fails. */
const FIRST_PAUSE_MS = 1000;

export const pull = pullCommand({ firstPauseMs: FIRST_PAUSE_MS });

/** @param firstPauseMs pause before the first repetition of a request */
export function pullCommand({ firstPauseMs }: Pick<Patience, 'firstPauseMs'>): Command {
  return {
    usage:
      '<owner/name> [--id ID] [--file NAME] [--variants LIST] [--revision REV] [--endpoint URL], and what add takes to describe it',
    summary: 'installs a model from the Hugging Face hub',
    help: `Downloads what a model folder needs: config.json, preprocessor_config.json (a timm model has it in
config.json), the model card, onnx/model.onnx and the files in which it keeps weights. Sizes and
SHA-256 are compared with what the hub says; the model is loaded and run before it gets its name. A
download that breaks off goes on where it stopped; Retry-After is kept. If anything is wrong, or you
press Ctrl-C, nothing is left behind.

  --id        its name here; the part after the / if not given
  --file      which ONNX file, as onnx/model_quantized.onnx, where it is not onnx/model.onnx
  --variants  other files of the layout, as fp16,quantized, or all; "check" tells which agree
  --revision  a branch, tag or commit; main if not given
  --endpoint  another hub; HF_ENDPOINT, else https://huggingface.co. HF_TOKEN is sent if it is set

  --labels, --preset, --output, --positive and --threshold describe it as those of "add" do.

  npm run model -- pull owner/name
  npm run model -- pull owner/name --id flowers --variants fp16,quantized`,
    options: ['id', 'file', 'variants', 'revision', 'endpoint', ...DESCRIBING],
    words: 1,
    run: (context, [name = ''], options) => run(context, name, options, firstPauseMs),
  };
}

async function run(
  context: Context,
  name: string,
  options: Options,
  firstPauseMs: number,
): Promise<void> {
  const hub = hubOf(name, options.endpoint, options.revision);
  const patience = { firstPauseMs, signal: context.signal, print: context.print };
  const chosen = chooseFiles(name, await listHub(hub, patience), options);
  let from: Origins = { labels: '', preprocessing: '' };
  const model = await install(context, options.id ?? name.split('/')[1]!, async (folder) => {
    await mkdir(path.join(folder, 'onnx'));
    const fetchInto = (file: HubFile, place: string) =>
      downloadTo(context, hub, file, { folder, place, patience });
    for (const [place, file] of chosen.texts) await fetchInto(file, place);
    await assertDescribed(folder, options, chosen.labels !== undefined);
    for (const [place, file] of chosen.models) await fetchInto(file, place);
    for (const [place, file] of await weightsOf(chosen, folder)) await fetchInto(file, place);
    from = await describe(folder, options, chosen.labels, fetchInto);
  });
  const source = `${name}, ${chosen.models.get(MODEL)!.path}`;
  context.print(`From ${source}:\n${understood(model, from)}\n`);
  reportInstalled(context, model);
}

interface Chosen {
  readonly all: readonly HubFile[];
  /** The files that describe the model, by path in the model folder. */
  readonly texts: ReadonlyMap<string, HubFile>;
  /** The ONNX files, by path in the model folder. */
  readonly models: ReadonlyMap<string, HubFile>;
  /** A list of classes next to the model. */
  readonly labels: HubFile | undefined;
}

/** @throws CommandError if there is no ONNX file, or the user has to choose one */
function chooseFiles(
  name: string,
  all: readonly HubFile[],
  { file, variants = '' }: Options,
): Chosen {
  const byPath = new Map(all.map((entry) => [entry.path, entry]));
  const paths = [...byPath.keys()].sort();
  const model = chooseModel(name, paths, file);
  const models = new Map([[MODEL, byPath.get(model)!]]);
  const texts = new Map<string, HubFile>();
  for (const entry of all) {
    const place = placeOf(entry.path);
    if (place === undefined || place === MODEL) continue;
    const files = place.startsWith('onnx/') ? models : texts;
    // A file in its place of the layout takes precedence over one next to it.
    const isFirst = place === entry.path || !files.has(place);
    if (isFirst && (files === texts || isVariant(place, variants))) files.set(place, entry);
  }
  assertVariants(models, variants);
  const labels = usualLabelFile(paths);
  return { all, texts, models, labels: labels === undefined ? undefined : byPath.get(labels) };
}

function assertVariants(models: ReadonlyMap<string, HubFile>, variants: string): void {
  const asked = variants.split(',').filter((name) => name !== '' && name !== 'all');
  const missing = asked.find((name) => !models.has(`onnx/model_${name}.onnx`));
  if (missing === undefined) return;
  throw new CommandError(`expected --variants to be of the model's files, received ${missing}`);
}

/**
 * Whether an ONNX file is wanted. External weight files are found later, by the names in the model.
 */
function isVariant(place: string, variants: string): boolean {
  const variant = VARIANT.exec(place)?.[1];
  return variant !== undefined && (variants === 'all' || variants.split(',').includes(variant));
}

/** @throws CommandError if a weight file of the model is not on the hub */
async function weightsOf({ all, models }: Chosen, folder: string): Promise<[string, HubFile][]> {
  const weights: [string, HubFile][] = [];
  for (const [place, model] of models) {
    for (const name of await weightFiles(path.join(folder, place))) {
      const beside = path.posix.join(path.posix.dirname(model.path), name);
      const file = all.find((entry) => entry.path === beside);
      if (!file || path.posix.basename(name) !== name) throw noWeights(model.path, name);
      weights.push([`onnx/${name}`, file]);
    }
  }
  return weights;
}

/** Reads a list of classes that is not part of the layout, and then deletes it. */
async function describe(
  folder: string,
  options: Options,
  labels: HubFile | undefined,
  fetchInto: (file: HubFile, place: string) => Promise<void>,
): Promise<Origins> {
  const isKept = labels !== undefined && placeOf(labels.path) !== undefined;
  if (labels && !isKept) await fetchInto(labels, labels.path);
  const file = labels && path.join(folder, labels.path);
  const from = await complete(folder, options, file);
  if (file !== undefined && !isKept) await rm(file);
  return from;
}

interface Target {
  readonly folder: string;
  readonly place: string;
  readonly patience: Patience;
}

async function downloadTo(
  { print }: Context,
  hub: Hub,
  file: HubFile,
  { folder, place, patience }: Target,
): Promise<void> {
  const progress = showProgress(file.size, 'bytes', place);
  try {
    await download(hub, file, path.join(folder, place), { patience, advance: progress.advance });
  } finally {
    progress.stop();
  }
  print(`${place}  ${formatFileSize(file.size)}${file.lfs ? '  SHA-256 as the hub says' : ''}`);
}
