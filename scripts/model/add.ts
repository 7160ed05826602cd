import '../../lib/server/inference/no-telemetry';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { InferenceSession } from 'onnxruntime-node';
import { CommandError, type Command, type Options } from './command';
import { install, reportInstalled } from './install';
import { configOf, parseLabelFile } from './label-file';
import { PRESETS } from './presets';
import { findSource, MODEL, type Source } from './source';
import { columns, sentence } from './text';
import { understood, type Origins } from './understood';
import { cutZipMap, isCustomVision } from './zip-map';

/** Where the graph leaves the size free. */
const USUAL_SIDE = 224;

export const add: Command = {
  usage:
    '<folder or file.onnx> [--id ID] [--file NAME] [--labels FILE] [--preset NAME] [--output NAME] [--positive LABEL] [--threshold SHARE]',
  summary: 'installs a model from this machine',
  help: `Copies a model into MODELS_DIR. It is read, loaded and run first; if anything is wrong, or you
press Ctrl-C, nothing is left behind.

  a folder    in the layout of the hub, as exporters write it (model.onnx beside config.json), of
              Triton (1/model.onnx), or with a single ONNX file in it
  file.onnx   a model alone; --labels and --preset say the rest

  --id        its name in addresses and on the page; the name of the folder or file if not given
  --file      which ONNX file of the folder, as onnx/model_quantized.onnx
  --labels    a text with one label a line, in the order of the output; a CSV with a header; YAML
              with names; a label map (pbtxt); or JSON: a list, an object from index to label, or
              from label to index. Needed where the folder has no config.json and no labels.txt,
              index_to_name.json or the like
  --output    the output that holds the scores, where several fit the labels
  --positive  of one output for two labels: the label that it is the score of; the second if not given
  --threshold of labels by themselves: from which score on one is selected; 0.5 if not given
  --preset    how pictures are prepared, as in training. Needed where there is no
              preprocessor_config.json, which is written from it and may be changed afterwards:

${columns(Object.entries(PRESETS).map(([name, { summary }]) => [`              ${name}`, summary]))}

              The size is the graph's, where that is fixed; else 224.

  npm run model -- add ~/exported/flowers
  npm run model -- add flowers.onnx --labels flowers.txt --preset imagenet
  npm run model -- add net.onnx --id cats-and-dogs --labels class_indices.json --preset inception`,
  options: ['id', 'file', 'labels', 'preset', 'output', 'positive', 'threshold'],
  words: 1,
  run: async (context, [source = ''], options) => {
    const found = await findSource(source, options.file);
    const id = options.id ?? nameOf(source);
    let from: Origins = { labels: '', preprocessing: '' };
    const model = await install(context, id, async (folder) => {
      await copyFiles(found.files, folder, context.signal);
      const zipped = await cutZipMap(path.join(folder, MODEL));
      from = {
        labels: await writeConfig(folder, options, found, zipped),
        preprocessing: await writePreprocessing(folder, options),
      };
    });
    context.print(`From ${found.files.get(MODEL)}:\n${understood(model, from)}\n`);
    reportInstalled(context, model);
  },
};

/** cats.onnx → cats; ~/exported/cats/model.onnx → cats. */
function nameOf(source: string): string {
  const absolute = path.resolve(source);
  const name = path.basename(absolute, '.onnx');
  return name === 'model' ? path.basename(path.dirname(absolute)) : name;
}

async function copyFiles(
  files: Source['files'],
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(path.join(folder, 'onnx'));
  for (const [place, from] of files) {
    await pipeline(createReadStream(from), createWriteStream(path.join(folder, place)), { signal });
  }
}

/**
 * Labels that are given go before those that are there; the rest of the file stays.
 *
 * @param zipped the labels that the graph itself names
 * @returns where the labels came from
 */
async function writeConfig(
  folder: string,
  options: Options,
  source: Source,
  zipped: readonly string[] | undefined,
): Promise<string> {
  const file = path.join(folder, 'config.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const config = text === undefined ? {} : parseConfig(text);
  const beside = isNamed(config) ? undefined : source.labels;
  const labelFile = options.labels ?? beside;
  const named =
    labelFile === undefined
      ? !isNamed(config) && zipped
        ? configOf(zipped)
        : {}
      : configOf(await readLabelFile(labelFile));
  if (text === undefined && Object.keys(named).length === 0) {
    throw new CommandError('expected --labels FILE, because there is no config.json');
  }
  const own = ownOptions(options);
  const sightline = { ...Object(config.sightline), ...own } as object;
  const isChanged = Object.keys(named).length + Object.keys(own).length > 0;
  if (isChanged) {
    await writeJson(file, {
      ...config,
      ...named,
      ...(Object.keys(sightline).length === 0 ? {} : { sightline }),
    });
  }
  if (labelFile !== undefined) return path.basename(labelFile);
  return Object.keys(named).length > 0 ? 'ZipMap' : 'config.json';
}

async function readLabelFile(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CommandError(`The labels cannot be read: ${sentence(cause)}.`, { cause });
  });
  return parseLabelFile(path.basename(file), text);
}

/** Exporters write null for a key that they leave out. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isNamed(config: Readonly<Record<string, unknown>>): boolean {
  const timm = Object(config.pretrained_cfg) as Record<string, unknown>;
  return [config.id2label, config.label_names, timm.label_names].some(isGiven);
}

/** What `sightline` in config.json keeps of the options. */
function ownOptions({ output, positive, threshold }: Options): Record<string, unknown> {
  if (threshold !== undefined && !(Number(threshold) >= 0 && Number(threshold) <= 1)) {
    throw new CommandError(
      `expected --threshold to be a number from 0 to 1, received ${threshold}`,
    );
  }
  return {
    ...(output === undefined ? {} : { output }),
    ...(positive === undefined
      ? {}
      : { positive: /^[01]$/.test(positive) ? Number(positive) : positive }),
    ...(threshold === undefined ? {} : { threshold: Number(threshold) }),
  };
}

function parseConfig(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch (cause) {
    throw new CommandError(`expected config.json to be JSON: ${sentence(cause)}`, { cause });
  }
}

/** @returns where it came from */
async function writePreprocessing(folder: string, { preset }: Options): Promise<string> {
  const file = path.join(folder, 'preprocessor_config.json');
  const isThere = (await stat(file).catch(() => undefined)) !== undefined;
  if (preset === undefined && isThere) return 'preprocessor_config.json';
  const config = await readFile(path.join(folder, 'config.json'), 'utf8');
  if (preset === undefined && isGiven(parseConfig(config).pretrained_cfg)) {
    return 'pretrained_cfg in config.json';
  }
  const isVision = preset === undefined && (await isCustomVision(path.join(folder, MODEL)));
  const name = isVision ? 'custom-vision' : preset;
  const names = Object.keys(PRESETS).join(', ');
  if (name === undefined) {
    throw new CommandError(
      `expected --preset NAME, because there is no preprocessor_config.json; one of ${names}`,
    );
  }
  const chosen = PRESETS[name];
  if (!chosen) throw new CommandError(`expected --preset to be one of ${names}, received ${name}`);
  await writeJson(file, chosen.config(await inputSide(path.join(folder, MODEL))));
  return `preset ${name}`;
}

/** @throws CommandError if the file is no model */
async function inputSide(onnxFile: string): Promise<number> {
  const session = await InferenceSession.create(onnxFile).catch((cause: unknown) => {
    throw new CommandError(`This model cannot be loaded: ${sentence(cause)}.`, { cause });
  });
  const [input] = session.inputMetadata;
  await session.release();
  const sizes = input?.isTensor ? input.shape : [];
  // Height is the third size of [batch, channels, height, width], the second with channels last.
  const isLast = sizes[3] === 3 || (sizes[3] === 1 && sizes[1] !== 1);
  const side = isLast ? sizes[1] : sizes[2];
  return typeof side === 'number' && side > 0 ? side : USUAL_SIDE;
}

async function writeJson(file: string, value: object): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}
