/** Class activation map (Zhou et al. 2016, https://arxiv.org/abs/1512.04150). */
import type { Grid } from './heat-map';

/** [1, classes, height, width], whose mean over the places is the logit. */
export interface Activations {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/**
 * The activation of one class at each place, less the mean of all classes there: what every class
 * gains alike changes no probability.
 *
 * @throws RangeError where the output has another shape, or no such class
 */
export function classActivationMap({ data, dims }: Activations, index: number): Grid {
  const [, classes = 0, height = 0, width = 0] = dims;
  if (dims.length !== 4 || index >= classes) {
    throw new RangeError(`expected activations of class ${index}, received [${dims.join(', ')}]`);
  }
  const places = width * height;
  const values = new Float64Array(places);
  for (let place = 0; place < places; place++) {
    let sum = 0;
    for (let i = 0; i < classes; i++) sum += data[i * places + place]!;
    values[place] = data[index * places + place]! - sum / classes;
  }
  return { width, height, values };
}
