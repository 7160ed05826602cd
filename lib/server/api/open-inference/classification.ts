/**
 * Outputs as their best classes instead of all scores: the classification extension,
 * https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_classification.md
 */
import type { OipRequest, OipResponseOutput } from '@/lib/shared/contract/open-inference';
import { ApiError } from '../../http/api-error';
import type { NamedTensor } from '../../inference/task';

/**
 * How many classes of an output were asked for.
 *
 * @returns undefined where all scores are wanted
 * @throws ApiError `invalid-request` for what is no number of classes
 */
export function classesWanted({ outputs }: OipRequest, name: string): number | undefined {
  const count = outputs?.find((output) => output.name === name)?.parameters?.classification;
  if (count === undefined || count === 0) return undefined;
  if (typeof count === 'number' && Number.isSafeInteger(count) && count > 0) return count;
  throw new ApiError('invalid-request', `The classification of output "${name}" is no number.`, {
    expected: 'a whole number of classes, 1 or more',
    received: JSON.stringify(count),
  });
}

/**
 * The best classes of each row of [pictures, classes] as "score:index:label", in falling order.
 *
 * @throws ApiError `invalid-request` for an output whose rows are not the model's labels
 */
export function classify(
  { name, dims, data }: NamedTensor,
  labels: readonly string[],
  wanted: number,
): OipResponseOutput {
  const [rows = 0, classes = 0] = dims;
  if (dims.length !== 2 || classes !== labels.length) {
    throw new ApiError('invalid-request', `Output "${name}" has no classes to rank.`, {
      expected: `classification of an output of shape [pictures, ${labels.length}]`,
      received: `an output of shape ${JSON.stringify(dims)}`,
    });
  }
  const count = Math.min(wanted, classes);
  const texts = Array.from({ length: rows }, (_, row) =>
    bestOf(data.subarray(row * classes, (row + 1) * classes), count).map(
      ([index, score]) => `${score}:${index}:${labels[index]}`,
    ),
  );
  return { name, datatype: 'BYTES', shape: [rows, count], data: texts.flat() };
}

function bestOf(scores: Float32Array, count: number): [index: number, score: number][] {
  const entries = Array.from(scores, (score, index): [number, number] => [index, score]);
  return entries.sort(([, a], [, b]) => b - a).slice(0, count);
}
