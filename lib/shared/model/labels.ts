import * as z from 'zod/mini';
import { readField, readObject, wrongField } from './field';

const names = z.record(z.string().check(z.regex(/^\d+$/)), z.string().check(z.minLength(1)));

/** `model_type` of a `config.json`. */
export function parseModelType(json: unknown): string | undefined {
  const type = readField(readObject(json), 'model_type', 'a text', z.nullish(z.string()));
  return type ?? undefined;
}

/**
 * Labels in the order of the model's output.
 *
 * @throws Error if `id2label` is missing, is not understood, or has a gap in its class numbers
 */
export function parseLabels(json: unknown): string[] {
  const config = readObject(json);
  const id2label = readField(config, 'id2label', 'an object of class numbers to names', names);
  const count = Object.keys(id2label).length;
  if (count === 0) throw wrongField('id2label', 'to name at least one class', id2label);
  return Array.from({ length: count }, (_, index) => {
    const label = id2label[String(index)];
    if (label === undefined) {
      throw new Error(`expected id2label to name class ${index} of ${count}, but it is missing`);
    }
    return label;
  });
}

/** The first of a class's names: "tabby, tabby cat" → "tabby". */
export function shortLabel(label: string): string {
  return label.split(',', 1)[0]!.trim();
}

/** The other names of a class, empty where it has one name only. */
export function otherNames(label: string): string {
  return label.split(',').slice(1).join(',').trim();
}
