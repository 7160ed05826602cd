/** Class activation map (Zhou et al. 2016, https://arxiv.org/abs/1512.04150). */
import type { Head } from '../../model/head';
import type { Grid } from './heat-map';

/** [1, classes, height, width]; the mean over all places is the logit. */
export interface Activations {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/**
 * The activation of one class at each place, minus the mean of all classes there: an equal gain of
 * all classes changes no probability. For a multi-label head, the activation alone.
 *
 * @throws RangeError if the output has another shape or no such class
 */
export function classActivationMap(
  { data, dims }: Activations,
  index: number,
  { kind }: Pick<Head, 'kind'> = { kind: 'single-label' },
): Grid {
  const [, classes = 0, height = 0, width = 0] = dims;
  if (dims.length !== 4 || index >= classes) {
    throw new RangeError(`expected activations of class ${index}, received [${dims.join(', ')}]`);
  }
  const places = width * height;
  const values = new Float64Array(places);
  for (let place = 0; place < places; place++) {
    let sum = 0;
    for (let i = 0; i < classes; i++) sum += data[i * places + place]!;
    const common = kind === 'multi-label' ? 0 : sum / classes;
    values[place] = data[index * places + place]! - common;
  }
  return { width, height, values };
}
