import * as z from 'zod/mini';
import { readField, readObject, wrongField } from './field';

const names = z.record(z.string().check(z.regex(/^\d+$/)), z.string().check(z.minLength(1)));
const numbers = z.record(z.string().check(z.minLength(1)), z.int().check(z.minimum(0)));

/** Reads `model_type` of a `config.json`. */
export function parseModelType(json: unknown): string | undefined {
  const type = readField(readObject(json), 'model_type', 'a text', z.nullish(z.string()));
  return type ?? undefined;
}

/**
 * Reads the labels, in the order of the model's output.
 *
 * @throws Error if `id2label` (or else `label2id`) is missing, invalid, or skips a class number
 */
export function parseLabels(json: unknown): string[] {
  const config = readObject(json);
  // Exporters write null for a key without a value.
  const isNamed = config.id2label !== undefined && config.id2label !== null;
  const named = isNamed ? undefined : labelsOfTimm(config);
  if (named) return named;
  if (!isNamed && config.label2id !== undefined && config.label2id !== null) {
    const label2id = readField(config, 'label2id', 'an object of names to class numbers', numbers);
    const pairs = Object.entries(label2id).map(([label, index]) => [String(index), label]);
    const byIndex = Object.fromEntries(pairs) as Record<string, string>;
    return inOrder('label2id', byIndex, pairs.length);
  }
  const id2label = readField(config, 'id2label', 'an object of class numbers to names', names);
  return inOrder('id2label', id2label, Object.keys(id2label).length);
}

function inOrder(field: string, labels: Readonly<Record<string, string>>, count: number): string[] {
  if (count === 0) throw wrongField(field, 'to name at least one class', labels);
  return Array.from({ length: count }, (_, index) => {
    const label = labels[String(index)];
    if (label === undefined) {
      throw new Error(`expected ${field} to name class ${index} of ${count}, but it is missing`);
    }
    return label;
  });
}

const texts = z.array(z.string().check(z.minLength(1))).check(z.minLength(1));
const described = z.record(z.string(), z.string());

/** timm's `label_names`; `label_descriptions` replaces the names that it lists. */
function labelsOfTimm(config: Readonly<Record<string, unknown>>): string[] | undefined {
  const own = config.label_names === undefined ? config.pretrained_cfg : config;
  const fields = typeof own === 'object' && own !== null ? readObject(own) : {};
  const labels = texts.safeParse(fields.label_names);
  if (!labels.success) return undefined;
  const descriptions = described.safeParse(fields.label_descriptions ?? config.label_descriptions);
  return labels.data.map((name) => descriptions.data?.[name] ?? name);
}

const shown = new WeakMap<readonly string[], readonly string[]>();

/**
 * The shown name of each class. It is the label's first name if no other class has the same first
 * name, else the whole label. Equal labels also show their index.
 */
export function shownNames(labels: readonly string[]): readonly string[] {
  const known = shown.get(labels);
  if (known) return known;
  const firsts = labels.map(shortLabel);
  const isAlone = counter(firsts);
  const names = labels.map((label, i) =>
    firsts[i] !== '' && isAlone(firsts[i]!) ? firsts[i]! : label,
  );
  const isDistinct = counter(names);
  const numbered = names.map((name, i) => (isDistinct(name) ? name : `${labels[i]} (${i})`));
  const areDistinct = new Set(numbered).size === labels.length;
  const made = areDistinct ? numbered : labels.map((label, i) => `${i}: ${label}`);
  shown.set(labels, made);
  return made;
}

/** Returns a function that tells whether a name occurs once. */
function counter(names: readonly string[]): (name: string) => boolean {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return (name) => counts.get(name) === 1;
}

/** The name of a label in an answer, as the page shows it. */
export function shownName({ label, name }: { label: string; name?: string | undefined }): string {
  return name ?? shortLabel(label);
}

/** The first of a class's names: "tabby, tabby cat" → "tabby". */
export function shortLabel(label: string): string {
  return label.split(',', 1)[0]!.trim();
}

/** The other names of a class, empty where it has one name only. */
export function otherNames(label: string): string {
  return label.split(',').slice(1).join(',').trim();
}
