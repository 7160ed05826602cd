import type { BatchResponse } from '@/lib/shared/contract/batch';
import type { Sent } from '../client';
import { predictBatchOnServer, type PredictOptions } from '../predict';
import type { Prepared, Preparer } from './preparer';
import { isAboutPreparation } from './problems';

/** For each picture in order, what was sent instead of the file; undefined if the file was sent. */
export interface BatchAnswer extends BatchResponse {
  readonly sent?: readonly (Sent | undefined)[];
}

/**
 * Like `predictBatchOnServer`, but sends prepared pictures where they are smaller. A request states
 * once how all of its pictures were prepared, so pictures that cannot be prepared go in a second
 * request.
 *
 * @returns the answer, with the sizes of the whole pictures
 * @throws as `request` does
 */
export async function predictBatchPrepared(
  preparer: Pick<Preparer, 'prepareAll' | 'forget'>,
  pictures: readonly File[],
  options: PredictOptions,
  askServer = predictBatchOnServer,
): Promise<BatchAnswer> {
  const prepared = await preparer.prepareAll(pictures, options.model, options.signal);
  const version = prepared?.find((one) => one !== undefined)?.version;
  if (!prepared || version === undefined) return askServer(pictures, options);
  const small = pictures.flatMap((_, i) => (prepared[i] ? [i] : []));
  const whole = pictures.flatMap((_, i) => (prepared[i] ? [] : [i]));
  const files = small.map((i) => new File([prepared[i]!.png], pictures[i]!.name));
  try {
    const answer = placed(await askServer(files, { ...options, prepared: version }), small);
    const sent = pictures.map(({ size }, i) => {
      const png = prepared[i]?.png;
      return png && { bytes: png.size, ofBytes: size };
    });
    const first = { ...withSizes(answer, prepared), sent };
    if (whole.length === 0) return first;
    const rest = await askServer(
      whole.map((i) => pictures[i]!),
      options,
    );
    return { ...first, results: [...first.results, ...placed(rest, whole).results] };
  } catch (error) {
    if (!isAboutPreparation(error)) throw error;
    preparer.forget();
    return askServer(pictures, options);
  }
}

/** Gives the results the positions of their pictures in the whole batch. */
function placed(answer: BatchResponse, positions: readonly number[]): BatchResponse {
  const results = answer.results.map((result) => ({
    ...result,
    index: positions[result.index] ?? result.index,
  }));
  return { ...answer, results };
}

function withSizes(
  answer: BatchResponse,
  prepared: readonly (Prepared | undefined)[],
): BatchResponse {
  const results = answer.results.map((result) => {
    const whole = prepared[result.index];
    if ('problem' in result || !whole) return result;
    const { width, height } = whole;
    return { ...result, image: { ...result.image, width, height } };
  });
  return { ...answer, results };
}
