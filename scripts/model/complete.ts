/** Adds what a model folder lacks: labels, head and preprocessing, from the options. */
import '../../lib/server/inference/no-telemetry';
import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { parseLabels } from '@/lib/shared/model/labels';
import { explainLoadFailure } from '@/lib/shared/model/load-failure';
import { otherKindOf } from '../../lib/server/models/graph-file';
import { CommandError, type Options } from './command';
import { configOf, parseLabelFile } from './label-file';
import { PRESETS } from './presets';
import { MODEL } from './source';
import { parseJson, readText, sentence } from './text';
import type { Origins } from './understood';
import { cutZipMap, isCustomVision } from './zip-map';

/** Side of the input, in pixels, if the graph's size is dynamic. */
const USUAL_SIDE = 224;

/** Options that describe what a folder does not say. */
export const DESCRIBING = ['labels', 'preset', 'output', 'positive', 'threshold'] as const;

/**
 * Removes ZipMap, and writes config.json and preprocessor_config.json if the options or a label
 * file say more than the folder.
 *
 * @param labelFile the list of classes that came with the model, if there is one
 * @returns where labels and preprocessing came from
 * @throws CommandError that names the missing or wrong option
 */
export async function complete(
  folder: string,
  options: Options,
  labelFile: string | undefined,
): Promise<Origins> {
  const kind = await otherKindOf(path.join(folder, MODEL));
  if (kind !== undefined) throw new CommandError(`This model cannot be loaded: ${kind}.`);
  const zipped = await cutZipMap(path.join(folder, MODEL));
  return {
    labels: await writeConfig(folder, options, labelFile, zipped),
    preprocessing: await writePreprocessing(folder, options),
  };
}

/**
 * Writes the labels into config.json. Given labels replace existing ones; the rest of the file
 * stays.
 *
 * @param zipped the labels that the graph itself names
 * @returns where the labels came from
 */
async function writeConfig(
  folder: string,
  options: Options,
  found: string | undefined,
  zipped: readonly string[] | undefined,
): Promise<string> {
  const file = path.join(folder, 'config.json');
  const text = (await isThere(file)) ? await readText(file) : undefined;
  const config = text === undefined ? {} : readConfig(text);
  const beside = isNamed(config) ? undefined : found;
  const labelFile = options.labels ?? beside;
  const named =
    labelFile === undefined
      ? !isNamed(config) && zipped
        ? configOf(zipped)
        : {}
      : configOf(parseLabelFile(path.basename(labelFile), await readText(labelFile)));
  if (!isNamed(config) && Object.keys(named).length === 0) throw noLabels(text !== undefined);
  assertSameOrder(zipped, { ...config, ...named }, labelFile);
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

/** @throws CommandError where the same labels are given in another order than the graph's own */
function assertSameOrder(
  zipped: readonly string[] | undefined,
  config: Readonly<Record<string, unknown>>,
  labelFile: string | undefined,
): void {
  if (!zipped) return;
  const labels = parseLabels(config);
  const isSameSet =
    labels.length === zipped.length && labels.every((label) => zipped.includes(label));
  if (!isSameSet || labels.every((label, i) => label === zipped[i])) return;
  const from = labelFile === undefined ? 'config.json' : path.basename(labelFile);
  throw new CommandError(
    `expected ${from} to have the order of the output, which is ${zipped.join(', ')} by the ZipMap ` +
      `at the graph's end, but it has ${labels.join(', ')}`,
  );
}

/** Exporters write null for a key without a value. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isNamed(config: Readonly<Record<string, unknown>>): boolean {
  const timm = Object(config.pretrained_cfg) as Record<string, unknown>;
  return [config.id2label, config.label2id, config.label_names, timm.label_names].some(isGiven);
}

/** The options that config.json keeps under `sightline`. */
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

async function isThere(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}

function readConfig(text: string): Record<string, unknown> {
  return Object(parseJson('config.json', text)) as Record<string, unknown>;
}

function noLabels(isThere: boolean): CommandError {
  const because = isThere ? 'config.json names no classes' : 'there is no config.json';
  return new CommandError(`expected --labels FILE, because ${because}`);
}

const PRESET_NAMES = Object.keys(PRESETS).join(', ');

/**
 * Checks a folder's description before its model is downloaded.
 *
 * @throws CommandError that names the missing option
 */
export async function assertDescribed(
  folder: string,
  { labels, preset }: Options,
  hasLabels: boolean,
): Promise<void> {
  const file = path.join(folder, 'config.json');
  const isConfigured = await isThere(file);
  const config = isConfigured ? readConfig(await readText(file)) : {};
  if (labels === undefined && !hasLabels && !isNamed(config)) throw noLabels(isConfigured);
  if (preset === undefined && (await preparedIn(folder)) === undefined) throw noPreset();
}

/** Name of the folder's file that describes the preprocessing; undefined if it has none. */
async function preparedIn(folder: string): Promise<string | undefined> {
  const own = 'preprocessor_config.json';
  if (await isThere(path.join(folder, own))) return own;
  const file = path.join(folder, 'config.json');
  const config = (await isThere(file)) ? readConfig(await readText(file)) : {};
  return isGiven(config.pretrained_cfg) ? 'pretrained_cfg in config.json' : undefined;
}

function noPreset(): CommandError {
  return new CommandError(
    `expected --preset NAME, because there is no preprocessor_config.json; one of ${PRESET_NAMES}`,
  );
}

/** @returns where the preprocessing came from */
async function writePreprocessing(folder: string, { preset }: Options): Promise<string> {
  const prepared = preset === undefined ? await preparedIn(folder) : undefined;
  if (prepared !== undefined) return prepared;
  const onnxFile = path.join(folder, MODEL);
  const isVision = preset === undefined && (await isCustomVision(onnxFile));
  const name = isVision ? 'custom-vision' : preset;
  if (name === undefined) throw noPreset();
  const chosen = PRESETS[name];
  if (!chosen) {
    throw new CommandError(`expected --preset to be one of ${PRESET_NAMES}, received ${name}`);
  }
  const config = chosen.config(await inputSide(onnxFile));
  await writeJson(path.join(folder, 'preprocessor_config.json'), config);
  return `preset ${name}`;
}

/**
 * Side of the model's input, in pixels.
 *
 * @throws CommandError if the file is not a model
 */
async function inputSide(onnxFile: string): Promise<number> {
  const session = await InferenceSession.create(onnxFile).catch((cause: unknown) => {
    const reason = explainLoadFailure(sentence(cause));
    throw new CommandError(`This model cannot be loaded: ${reason}.`, { cause });
  });
  const [input] = session.inputMetadata;
  await session.release();
  const sizes = input?.isTensor ? input.shape : [];
  // Height is dimension 2 of [batch, channels, height, width], but dimension 1 with channels last.
  const isLast = sizes[3] === 3 || (sizes[3] === 1 && sizes[1] !== 1);
  const side = isLast ? sizes[1] : sizes[2];
  return typeof side === 'number' && side > 0 ? side : USUAL_SIDE;
}

async function writeJson(file: string, value: object): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}
