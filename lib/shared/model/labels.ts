import * as z from 'zod/mini';

/** `config.json`, as far as it names the classes. */
export const modelConfigSchema = z.looseObject({
  model_type: z.optional(z.string()),
  id2label: z.record(z.string().check(z.regex(/^\d+$/)), z.string().check(z.minLength(1))),
});

/**
 * Labels in the order of the model's output.
 *
 * @throws Error if the class numbers of `id2label` have a gap
 */
export function parseLabels(json: unknown): string[] {
  const { id2label } = modelConfigSchema.parse(json);
  const count = Object.keys(id2label).length;
  if (count === 0) throw new Error('expected id2label to name at least one class, but it is empty');
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
