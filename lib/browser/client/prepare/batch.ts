import type { BatchResponse } from '@/lib/shared/contract/batch';
import { predictBatchOnServer, type PredictOptions } from '../predict';
import type { Prepared, Preparer } from './preparer';
import { isAboutPreparation } from './problems';

/**
 * As `predictBatchOnServer`, but sends what the model sees where that is less.
 *
 * @returns an answer whose sizes are those of the whole pictures
 * @throws as `request`
 */
export async function predictBatchPrepared(
  preparer: Pick<Preparer, 'prepareAll' | 'forget'>,
  pictures: readonly File[],
  options: PredictOptions,
  askServer = predictBatchOnServer,
): Promise<BatchResponse> {
  const prepared = await preparer.prepareAll(pictures, options.model, options.signal);
  const version = prepared?.[0]?.version;
  if (!prepared || version === undefined) return askServer(pictures, options);
  const files = prepared.map(({ png }, i) => new File([png], pictures[i]!.name));
  try {
    return withSizes(await askServer(files, { ...options, prepared: version }), prepared);
  } catch (error) {
    if (!isAboutPreparation(error)) throw error;
    preparer.forget();
    return askServer(pictures, options);
  }
}

function withSizes(answer: BatchResponse, prepared: readonly Prepared[]): BatchResponse {
  const results = answer.results.map((result) => {
    const whole = prepared[result.index];
    if ('problem' in result || !whole) return result;
    const { width, height } = whole;
    return { ...result, image: { ...result.image, width, height } };
  });
  return { ...answer, results };
}
