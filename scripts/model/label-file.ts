/** Reads labels, in the order of the model's output, from the files that frameworks write. */
import papaparse from 'papaparse';
import { parse as parseYaml } from 'yaml';
import { CommandError } from './command';
import { parseJson, sentence } from './text';

/**
 * Reads one of these formats:
 * - text with one label per line (also Teachable Machine's `0 Class 1`, and synset.txt's `n01440764
 *   tench`)
 * - CSV with a header
 * - YAML with `names`
 * - TensorFlow's label map (pbtxt)
 * - JSON: a list of labels or of objects with a name; an object from index to label or to [id,
 *   label] (Keras, TorchServe); an object from label to index (Keras's class_indices); a whole
 *   config.json
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

/** Removes the number or WordNet id before the label, if every line has one of its own. */
function fromLines(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const synsets = lines.map((line) => /^n\d{8}\s+(\S.*)$/.exec(line));
  if (synsets.every((match) => match !== null)) return synsets.map((match) => match[1]!);
  const before = lines.map((line) => /^(?<index>\d+)[\s:.,]+(?<label>\S.*)$/.exec(line));
  const after = lines.map((line) => /^(?<label>\S.*?)\s*[,;:=\t]\s*(?<index>\d+)$/.exec(line));
  return fromNumbered(before) ?? fromNumbered(after) ?? lines;
}

/**
 * Numbers that start at 0 are indices of the output, whatever the order of the lines. Numbers that
 * start at 1 only count the lines. If labels would be equal without their numbers ("2 Euro", "1
 * Euro"), the numbers are part of the labels.
 */
function fromNumbered(matches: readonly (RegExpExecArray | null)[]): string[] | undefined {
  const pairs = matches.flatMap((match): [number, string][] =>
    match?.groups ? [[Number(match.groups.index), match.groups.label!]] : [],
  );
  if (pairs.length === 0 || pairs.length < matches.length) return undefined;
  const labels = pairs.map(([, label]) => label);
  const isInOrder = (first: number) => pairs.every(([index], i) => index === first + i);
  if (isInOrder(0)) return labels;
  if (new Set(labels).size < labels.length) return undefined;
  if (isInOrder(1)) return labels;
  return labelsByIndex(pairs);
}

const INDEX_COLUMNS = ['index', 'idx', 'id', 'class_id', 'class_index', 'label_id'];
const LABEL_COLUMNS = ['label', 'name', 'class_name', 'display_name', 'class'];

/** @returns undefined if the first line is not a header */
function fromCsv(name: string, text: string): string[] | undefined {
  const { data } = papaparse.parse<string[]>(text, { skipEmptyLines: true });
  const header = (data[0] ?? []).map((cell) => cell.trim().toLowerCase());
  const label = header.findIndex((cell) => LABEL_COLUMNS.includes(cell));
  const index = header.findIndex((cell) => INDEX_COLUMNS.includes(cell));
  const isHeader = header.length > 1 ? label >= 0 : label >= 0 && /\.csv$/i.test(name);
  if (!isHeader) return /\.csv$/i.test(name) ? fromNumberedRows(data) : undefined;
  const rows = data.slice(1);
  if (index < 0) return rows.map((row) => row[label] ?? '');
  return inOrder(
    name,
    rows.map((row) => [Number(row[index]), row[label] ?? '']),
  );
}

/** Reads two columns without a header, one of them numbers. */
function fromNumberedRows(rows: readonly (readonly string[])[]): string[] | undefined {
  if (rows.some((row) => row.length !== 2)) return undefined;
  const column = [0, 1].find((at) => rows.every((row) => /^\s*\d+\s*$/.test(row[at]!)));
  if (column === undefined) return undefined;
  return labelsByIndex(rows.map((row) => [Number(row[column]), row[1 - column]!]));
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

/** Reads `item { id: 1 name: "cat" display_name: "Cat" }`; ids may start at 1. */
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
    if (json.every(isObject)) return fromObjects(name, json);
  }
  if (isObject(json)) {
    if (isObject(json.id2label)) return fromJson(name, json.id2label);
    if (isObject(json.label2id)) return fromJson(name, json.label2id);
    const list = LIST_FIELDS.map((field) => json[field]).find(Array.isArray);
    if (list) return fromJson(name, list);
    const entries = Object.entries(json);
    const isIndex = (value: unknown) =>
      Number.isInteger(value) || (typeof value === 'string' && /^\d+$/.test(value));
    // Of {"0": "1", "1": "0"} the keys are the numbers, and the labels are digits.
    const isByLabel =
      entries.every(([, value]) => isIndex(value)) &&
      (entries.every(([, value]) => Number.isInteger(value)) ||
        !entries.every(([key]) => isIndex(key)));
    const pairs = entries.map(([key, value]): [number, string] =>
      isByLabel ? [Number(value), key] : [Number(key), textOf(value) ?? ''],
    );
    return inOrder(name, pairs);
  }
  throw unknown(name);
}

const LIST_FIELDS = ['label_names', 'names', 'labels', 'classes', 'categories'];

/** Reads `[{"id": 0, "name": "cat"}, …]`; ids may start at 1, in the order of the list. */
function fromObjects(name: string, list: readonly Record<string, unknown>[]): string[] {
  const read = (fields: readonly string[]) =>
    list.map((one) => fields.map((field) => one[field]).find((value) => value !== undefined));
  const labels = read(LABEL_COLUMNS).map((label) => textOf(label));
  const indices = read(INDEX_COLUMNS);
  const isComplete = labels.every((label) => label !== undefined);
  const isCounted = indices.every((index, i) => index === undefined || index === i + 1);
  if (isComplete && isCounted) return labels;
  return inOrder(
    name,
    labels.map((label, i) => [Number(indices[i]), label ?? '']),
  );
}

/** A label, or the last of a list of names, such as Keras's ["n01440764", "tench"]. */
function textOf(value: unknown): string | undefined {
  const last: unknown = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === 'string' ? last : undefined;
}

/** @throws CommandError if a number is missing or occurs twice */
function inOrder(name: string, pairs: readonly (readonly [number, string])[]): string[] {
  const labels = labelsByIndex(pairs);
  if (labels) return labels;
  const numbers = pairs.map(([index]) => index).sort((a, b) => a - b);
  const isFromOne = numbers.length > 0 && numbers.every((index, i) => index === i + 1);
  throw isFromOne ? fromOne(name) : unknown(name);
}

/** @returns undefined if the numbers are not 0, 1, 2 …, each once */
function labelsByIndex(pairs: readonly (readonly [number, string])[]): string[] | undefined {
  const byIndex = new Map(pairs);
  const labels = Array.from({ length: pairs.length }, (_, i) => byIndex.get(i));
  return labels.length > 0 && labels.every((label) => label !== undefined) ? labels : undefined;
}

/**
 * The error for numbers from 1. torchvision sorts folders named "1", "2", … "10" as text and
 * numbers the classes in that order.
 */
function fromOne(name: string): CommandError {
  return new CommandError(
    `expected ${name} to number the outputs from 0, but its numbers begin with 1, which may be those ` +
      'of folders; write the labels in the order of the output, one a line',
  );
}

function unknown(name: string): CommandError {
  return new CommandError(
    `expected ${name} to be a list of labels, or an object from 0, 1, 2 … to labels, or from labels to 0, 1, 2 …`,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A `config.json` with the labels only. */
export function configOf(labels: readonly string[]): Record<string, unknown> {
  return {
    id2label: Object.fromEntries(labels.map((label, i) => [String(i), label])),
    label2id: Object.fromEntries(labels.map((label, i) => [label, i])),
  };
}
