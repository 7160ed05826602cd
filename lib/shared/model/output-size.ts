/** What to do where an output has another number of values than there are labels. */

export const ONLY_CLASSIFIERS =
  'only classifiers are served, with one value a label, and no detectors, segmenters or extractors ' +
  'of features';

/**
 * @param given values for each picture
 * @param perPicture the sizes of the output without that of the batch
 * @returns the end of a sentence, or nothing
 */
export function adviceOnSize(given: number, labels: number, perPicture: readonly number[]): string {
  if (perPicture.filter((size) => size !== 1).length > 1) {
    return ` (${perPicture.join(' × ')}); ${ONLY_CLASSIFIERS}`;
  }
  if (given > labels && given % labels === 0) return `; ${ONLY_CLASSIFIERS}`;
  if (given === 1)
    return '; if the graph chooses the best label itself, export the scores before it';
  return given === labels + 1
    ? "; TensorFlow's models count the background as class 0: then add it to the labels"
    : '';
}
