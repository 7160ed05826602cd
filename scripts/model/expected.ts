/** Reads the scores that the user's own framework gave, for comparison with both runtimes. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { CommandError } from './command';
import type { Picture } from './pictures';
import { sentence } from './text';

const expectedSchema = z.object({
  pictures: z
    .array(
      z.object({
        /** Path relative to the folder of this JSON file. */
        file: z.string(),
        /**
         * One score per label in the order of the output, or an object from label name to score.
         */
        scores: z.union([z.array(z.number()), z.record(z.string(), z.number())]),
      }),
    )
    .min(1),
});

export interface Expected {
  readonly pictures: readonly Picture[];
  /** By index of the label; undefined for a label without an expected score. */
  readonly scores: readonly (readonly (number | undefined)[])[];
}

/** @throws CommandError that names what cannot be read, or the label that the model lacks */
export async function readExpected(file: string, labels: readonly string[]): Promise<Expected> {
  const parsed = expectedSchema.safeParse(await readJson(file));
  if (!parsed.success) {
    throw new CommandError(
      `expected ${file} to be {"pictures": [{"file", "scores"}]}: ${sentence(parsed.error)}`,
    );
  }
  const pictures: Picture[] = [];
  for (const { file: name } of parsed.data.pictures) {
    const place = path.resolve(path.dirname(file), name);
    const bytes = await readFile(place).catch((cause: unknown) => {
      throw new CommandError(`${name} cannot be read: ${sentence(cause)}.`, { cause });
    });
    pictures.push({ name, bytes });
  }
  const scores = parsed.data.pictures.map((picture) => inOrder(picture, labels));
  return { pictures, scores };
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new CommandError(`${file} cannot be read: ${sentence(cause)}.`, { cause });
  }
}

function inOrder(
  { file, scores }: z.infer<typeof expectedSchema>['pictures'][number],
  labels: readonly string[],
): (number | undefined)[] {
  if (Array.isArray(scores)) {
    if (scores.length === labels.length) return scores;
    throw new CommandError(
      `expected ${labels.length} scores of ${file}, one a label, received ${scores.length}`,
    );
  }
  const unknown = Object.keys(scores).find((label) => !labels.includes(label));
  if (unknown !== undefined) {
    throw new CommandError(
      `expected scores of ${file} by the model's labels, received "${unknown}"`,
    );
  }
  return labels.map((label) => scores[label]);
}

export interface LargestDifference {
  readonly picture: string;
  readonly label: string;
  readonly expected: number;
  readonly received: number;
  readonly difference: number;
}

/** The largest difference between a runtime's scores and the expected ones, and where it is. */
export function largestDifference(
  { pictures, scores }: Expected,
  received: readonly ArrayLike<number>[],
  labels: readonly string[],
): LargestDifference {
  const all = scores.flatMap((row, picture) =>
    row.flatMap((expected, label) => {
      if (expected === undefined) return [];
      const own = received[picture]![label]!;
      return [
        {
          picture: pictures[picture]!.name,
          label: labels[label]!,
          expected,
          received: own,
          difference: Math.abs(own - expected),
        },
      ];
    }),
  );
  return all.reduce((most, one) => (one.difference > most.difference ? one : most));
}
