import '../../lib/server/inference/no-telemetry';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { InferenceSession } from 'onnxruntime-node';
import { CommandError, type Command, type Options } from './command';
import { install, reportInstalled } from './install';
import { configOf, parseLabelFile } from './label-file';
import { placeOf } from './layout';
import { PRESETS } from './presets';
import { columns, sentence } from './text';

const MODEL = 'onnx/model.onnx';
/** Where the graph leaves the size free. */
const USUAL_SIDE = 224;

export const add: Command = {
  usage: '<folder or file.onnx> [--id ID] [--labels FILE] [--preset NAME]',
  summary: 'installs a model from this machine',
  help: `Copies a model into MODELS_DIR. It is read, loaded and run first; if anything is wrong, or you
press Ctrl-C, nothing is left behind.

  a folder    in the layout of the hub, or as exporters write it, with model.onnx beside config.json
  file.onnx   a model alone; --labels and --preset say the rest

  --id        its name in addresses and on the page; the name of the folder or file if not given
  --labels    a text with one label a line, in the order of the output, or JSON: a list, an object
              from index to label, or from label to index. Needed where there is no config.json
  --preset    how pictures are prepared, as in training. Needed where there is no
              preprocessor_config.json, which is written from it and may be changed afterwards:

${columns(Object.entries(PRESETS).map(([name, { summary }]) => [`              ${name}`, summary]))}

              The size is the graph's, where that is fixed; else 224.

  npm run model -- add ~/exported/flowers
  npm run model -- add flowers.onnx --labels flowers.txt --preset imagenet
  npm run model -- add net.onnx --id cats-and-dogs --labels class_indices.json --preset inception`,
  options: ['id', 'labels', 'preset'],
  words: 1,
  run: async (context, [source = ''], options) => {
    const files = await findFiles(source);
    const id = options.id ?? nameOf(source);
    const model = await install(context, id, async (folder) => {
      await copyFiles(files, folder, context.signal);
      await writeConfig(folder, options);
      await writePreprocessing(folder, options);
    });
    reportInstalled(context, model);
  },
};

/** Paths in the new folder, and where each comes from. */
type Files = ReadonlyMap<string, string>;

async function findFiles(source: string): Promise<Files> {
  const kind = await stat(source).catch((cause: unknown) => {
    throw new CommandError(`There is no folder or file ${source}.`, { cause });
  });
  const files = kind.isDirectory() ? await findInFolder(source) : await findAlone(source);
  if (files.has(MODEL)) return files;
  throw new CommandError(`expected ${source} to hold ${MODEL} or model.onnx, but it is missing`);
}

/** What lies where the layout has it goes before what lies beside. */
async function findInFolder(folder: string): Promise<Files> {
  const entries = await readdir(folder, { recursive: true });
  const files = new Map<string, string>();
  for (const entry of entries.map((name) => name.split(path.sep).join('/')).sort()) {
    const place = placeOf(entry);
    if (place && (place === entry || !files.has(place))) files.set(place, path.join(folder, entry));
  }
  return files;
}

async function findAlone(file: string): Promise<Files> {
  if (!file.endsWith('.onnx')) {
    throw new CommandError(`expected a folder or a file that ends with .onnx, received ${file}`);
  }
  const name = path.basename(file);
  const beside = await readdir(path.dirname(file));
  const data = beside.find((other) => other === `${name}.data` || other === `${name}_data`);
  if (data === undefined) return new Map([[MODEL, file]]);
  throw new CommandError(
    `${name} keeps its weights apart, in ${data}. Export it as one file: torch.onnx.export(…, external_data=False).`,
  );
}

/** cats.onnx → cats; ~/exported/cats/model.onnx → cats. */
function nameOf(source: string): string {
  const absolute = path.resolve(source);
  const name = path.basename(absolute, '.onnx');
  return name === 'model' ? path.basename(path.dirname(absolute)) : name;
}

async function copyFiles(files: Files, folder: string, signal: AbortSignal): Promise<void> {
  await mkdir(path.join(folder, 'onnx'));
  for (const [place, from] of files) {
    await pipeline(createReadStream(from), createWriteStream(path.join(folder, place)), { signal });
  }
}

/** Labels that are given go before those that are there; the rest of the file stays. */
async function writeConfig(folder: string, { labels: source }: Options): Promise<void> {
  const file = path.join(folder, 'config.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (source === undefined) {
    if (text !== undefined) return;
    throw new CommandError('expected --labels FILE, because there is no config.json');
  }
  const given = await readFile(source, 'utf8').catch((cause: unknown) => {
    throw new CommandError(`The labels cannot be read: ${sentence(cause)}.`, { cause });
  });
  const config = configOf(parseLabelFile(path.basename(source), given));
  await writeJson(file, { ...(text === undefined ? {} : parseConfig(text)), ...config });
}

function parseConfig(text: string): object {
  try {
    return Object(JSON.parse(text)) as object;
  } catch (cause) {
    throw new CommandError(`expected config.json to be JSON: ${sentence(cause)}`, { cause });
  }
}

async function writePreprocessing(folder: string, { preset: name }: Options): Promise<void> {
  const file = path.join(folder, 'preprocessor_config.json');
  const isThere = (await stat(file).catch(() => undefined)) !== undefined;
  if (name === undefined && isThere) return;
  const names = Object.keys(PRESETS).join(', ');
  if (name === undefined) {
    throw new CommandError(
      `expected --preset NAME, because there is no preprocessor_config.json; one of ${names}`,
    );
  }
  const preset = PRESETS[name];
  if (!preset) throw new CommandError(`expected --preset to be one of ${names}, received ${name}`);
  await writeJson(file, preset.config(await inputSide(path.join(folder, MODEL))));
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
  const side = sizes[3] === 3 ? sizes[1] : sizes[2];
  return typeof side === 'number' && side > 0 ? side : USUAL_SIDE;
}

async function writeJson(file: string, value: object): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}
