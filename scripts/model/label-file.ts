/** Labels in the order of the model's output, out of the files that frameworks write them in. */
import papaparse from 'papaparse';
import { parse as parseYaml } from 'yaml';
import { CommandError } from './command';
import { parseJson, sentence } from './text';

/**
 * Reads a text with one label a line (Teachable Machine's `0 Class 1` and `n01440764 tench` of
 * synset.txt included), a CSV with a header, a YAML file with `names`, a label map of TensorFlow
 * (pbtxt), or JSON: a list, an object from index to label or to [id, label] (Keras, TorchServe), from
 * label to index (Keras's class_indices), or a whole config.json.
 *
 * @throws CommandError that says what was expected
 */
export function parseLabelFile(name: string, text: string): string[] {
  const trimmed = text.trim();
  const labels = readAs(name, trimmed).map((label) => label.trim());
  const empty = labels.findIndex((label) => label === '');
  if (labels.length > 0 && empty < 0) return labels;
  throw new CommandError(`expected ${name} to name each class, but class ${empty} has no name`);
}

function readAs(name: string, text: string): string[] {
  if (/^[[{]/.test(text)) return fromJson(name, parseJson(name, text));
  if (/\.pbtxt$/i.test(name) || /^item\s*:?\s*\{/.test(text)) return fromLabelMap(name, text);
  if (/\.ya?ml$/i.test(name) || /^names\s*:/m.test(text)) return fromYaml(name, text);
  return fromCsv(name, text) ?? fromLines(text);
}

/** Lines that all begin with their own number, or with a WordNet id, have it cut off. */
function fromLines(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const numbered = lines.map((line) => /^(\d+)[\s:.,]+(\S.*)$/.exec(line));
  if (numbered.every((match, i) => match !== null && Number(match[1]) === i)) {
    return numbered.map((match) => match![2]!);
  }
  const synsets = lines.map((line) => /^n\d{8}\s+(\S.*)$/.exec(line));
  return synsets.every((match) => match !== null) ? synsets.map((match) => match[1]!) : lines;
}

const INDEX_COLUMNS = ['index', 'idx', 'id', 'class_id', 'class_index', 'label_id'];
const LABEL_COLUMNS = ['label', 'name', 'class_name', 'display_name', 'class'];

/** @returns undefined where the first line is no header */
function fromCsv(name: string, text: string): string[] | undefined {
  const { data } = papaparse.parse<string[]>(text, { skipEmptyLines: true });
  const header = (data[0] ?? []).map((cell) => cell.trim().toLowerCase());
  const label = header.findIndex((cell) => LABEL_COLUMNS.includes(cell));
  const index = header.findIndex((cell) => INDEX_COLUMNS.includes(cell));
  const isHeader = header.length > 1 ? label >= 0 : label >= 0 && /\.csv$/i.test(name);
  if (!isHeader) return undefined;
  const rows = data.slice(1);
  if (index < 0) return rows.map((row) => row[label] ?? '');
  return inOrder(
    name,
    rows.map((row) => [Number(row[index]), row[label] ?? '']),
  );
}

function fromYaml(name: string, text: string): string[] {
  const document = readYaml(name, text);
  const names = isObject(document) && 'names' in document ? document.names : document;
  return fromJson(name, names);
}

function readYaml(name: string, text: string): unknown {
  try {
    return parseYaml(text);
  } catch (cause) {
    throw new CommandError(`expected ${name} to be YAML: ${sentence(cause)}`, { cause });
  }
}

/** `item { id: 1 name: "cat" display_name: "Cat" }`; ids may begin with 1. */
function fromLabelMap(name: string, text: string): string[] {
  const items = [...text.matchAll(/item\s*:?\s*\{([^}]*)\}/g)].map(([, body = '']) => {
    const field = (key: string) =>
      new RegExp(`(?:^|\\s)${key}\\s*:\\s*(?:"([^"]*)"|'([^']*)'|(\\d+))`).exec(body);
    const valueOf = (match: RegExpExecArray | null) => match?.[1] ?? match?.[2] ?? match?.[3];
    const label = valueOf(field('display_name')) ?? valueOf(field('name')) ?? '';
    return [Number(valueOf(field('id'))), label] as [number, string];
  });
  const first = Math.min(...items.map(([id]) => id));
  return inOrder(
    name,
    items.map(([id, label]) => [id - (first === 1 ? 1 : 0), label]),
  );
}

function fromJson(name: string, json: unknown): string[] {
  if (Array.isArray(json)) {
    const labels = json.map(textOf);
    if (labels.every((label) => label !== undefined)) return labels;
  }
  if (isObject(json)) {
    if (isObject(json.id2label)) return fromJson(name, json.id2label);
    if (isObject(json.label2id)) return fromJson(name, json.label2id);
    if (Array.isArray(json.label_names)) return fromJson(name, json.label_names);
    const entries = Object.entries(json);
    const isByLabel = entries.every(([, value]) => Number.isInteger(value));
    const pairs = entries.map(([key, value]): [number, string] =>
      isByLabel ? [Number(value), key] : [Number(key), textOf(value) ?? ''],
    );
    return inOrder(name, pairs);
  }
  throw unknown(name);
}

/** A label, or the last of a list of names, as Keras has ["n01440764", "tench"]. */
function textOf(value: unknown): string | undefined {
  const last: unknown = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === 'string' ? last : undefined;
}

/** @throws CommandError where a number is missing, or there twice */
function inOrder(name: string, pairs: readonly (readonly [number, string])[]): string[] {
  const byIndex = new Map(pairs);
  const labels = Array.from({ length: pairs.length }, (_, i) => byIndex.get(i));
  if (labels.length > 0 && labels.every((label) => label !== undefined)) return labels;
  throw unknown(name);
}

function unknown(name: string): CommandError {
  return new CommandError(
    `expected ${name} to be a list of labels, or an object from 0, 1, 2 … to labels, or from labels to 0, 1, 2 …`,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A `config.json` that names the classes and nothing else. */
export function configOf(labels: readonly string[]): Record<string, unknown> {
  return {
    id2label: Object.fromEntries(labels.map((label, i) => [String(i), label])),
    label2id: Object.fromEntries(labels.map((label, i) => [label, i])),
  };
}
