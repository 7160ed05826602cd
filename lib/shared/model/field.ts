import type * as z from 'zod/mini';

const MAX_SHOWN = 80;

/**
 * Reads a field of a file that people write by hand.
 *
 * @param expected describes a valid value; the message reads "expected <name> to be <expected>"
 * @throws Error naming the field, the expected and the received value
 */
export function readField<T>(
  json: Readonly<Record<string, unknown>>,
  name: string,
  expected: string,
  schema: z.ZodMiniType<T>,
): T {
  const parsed = schema.safeParse(json[name]);
  if (parsed.success) return parsed.data;
  throw wrongField(name, `to be ${expected}`, json[name]);
}

export function wrongField(name: string, expected: string, received: unknown): Error {
  return new Error(`expected ${name} ${expected}, received ${describeValue(received)}`);
}

/** @throws Error if the value is not an object */
export function readObject(json: unknown): Readonly<Record<string, unknown>> {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) {
    return json as Record<string, unknown>;
  }
  throw new Error(`expected an object, received ${describeValue(json)}`);
}

function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
