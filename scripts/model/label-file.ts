import { CommandError } from './command';

/**
 * Labels in the order of the model's output, from a text with one a line, or from JSON: a list, an
 * object from index to label (id2label), or from label to index (label2id, Keras's class_indices).
 *
 * @throws CommandError that says what was expected
 */
export function parseLabelFile(name: string, text: string): string[] {
  const trimmed = text.trim();
  const labels = /^[[{]/.test(trimmed)
    ? fromJson(name, trimmed)
    : trimmed.split(/\r?\n/).map((line) => line.trim());
  const empty = labels.findIndex((label) => label === '');
  if (labels.length > 0 && empty < 0) return labels;
  throw new CommandError(`expected ${name} to name each class, but class ${empty} has no name`);
}

function fromJson(name: string, text: string): string[] {
  const json = parse(name, text);
  const isText = (value: unknown): value is string => typeof value === 'string';
  if (Array.isArray(json) && json.every(isText)) return json;
  if (typeof json === 'object' && json !== null) {
    const entries = Object.entries(json);
    const pairs = entries.every(([, value]) => Number.isInteger(value))
      ? entries.map(([label, index]): [number, unknown] => [Number(index), label])
      : entries.map(([index, label]): [number, unknown] => [Number(index), label]);
    const byIndex = new Map(pairs);
    const labels = Array.from({ length: pairs.length }, (_, i) => byIndex.get(i));
    if (labels.every(isText)) return labels;
  }
  throw new CommandError(
    `expected ${name} to be a list of labels, or an object from 0, 1, 2 … to labels, or from labels to 0, 1, 2 …`,
  );
}

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CommandError(`expected ${name} to be JSON: ${String(cause)}`, { cause });
  }
}

/** A `config.json` that names the classes and nothing else. */
export function configOf(labels: readonly string[]): Record<string, unknown> {
  return {
    id2label: Object.fromEntries(labels.map((label, i) => [String(i), label])),
    label2id: Object.fromEntries(labels.map((label, i) => [label, i])),
  };
}
