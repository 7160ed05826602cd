/** Reads sizes in the forms that old and new versions of `preprocessor_config.json` use. */
import * as z from 'zod/mini';
import { readField, wrongField } from './field';

type Config = Readonly<Record<string, unknown>>;

export type Size =
  | { readonly kind: 'exact'; readonly width: number; readonly height: number }
  | { readonly kind: 'shortest-edge'; readonly edge: number; readonly longest?: number };

/** For these processors a single number is the shortest edge; for all others it is a square. */
const EDGE_PROCESSORS = new Set([
  'bit',
  'chineseclip',
  'clip',
  'convnext',
  'dinov2',
  'levit',
  'mobilenetv1',
  'mobilenetv2',
  'mobilevit',
  'poolformer',
]);

function sizeSchemas(maxSide: number) {
  const pixels = z.int().check(z.minimum(1), z.maximum(maxSide));
  return {
    number: pixels,
    pair: z.tuple([pixels, pixels]),
    exact: z.strictObject({ height: pixels, width: pixels }),
    edge: z.strictObject({ shortest_edge: pixels, longest_edge: z.optional(pixels) }),
  };
}

/**
 * Reads `size`: {height, width}, {shortest_edge} with or without longest_edge, [height, width], or
 * a number.
 *
 * @param processor the processor's class in lower case, without its suffix
 */
export function readSize(config: Config, processor: string, maxSide: number): Size {
  assertGiven(config, 'size', 'do_resize');
  const { number, pair, exact, edge } = sizeSchemas(maxSide);
  const expected = `{"height", "width"}, {"shortest_edge"} or a number, from 1 to ${maxSide} pixels`;
  const schema = z.union([number, pair, exact, edge]);
  const size = readField(config, 'size', expected, schema);
  if (typeof size === 'number') {
    const isEdge = EDGE_PROCESSORS.has(processor) || config.default_to_square === false;
    return isEdge
      ? { kind: 'shortest-edge', edge: size }
      : { kind: 'exact', width: size, height: size };
  }
  if (Array.isArray(size)) return { kind: 'exact', height: size[0], width: size[1] };
  if ('height' in size) return { kind: 'exact', width: size.width, height: size.height };
  const { shortest_edge: shortest, longest_edge: longest } = size;
  if (longest === undefined) return { kind: 'shortest-edge', edge: shortest };
  if (longest < shortest) {
    throw wrongField('size', 'to have a longest_edge of at least its shortest_edge', size);
  }
  return { kind: 'shortest-edge', edge: shortest, longest };
}

/** Reads `crop_size`: {height, width}, [height, width], or a number for a square. */
export function readCrop(config: Config, maxSide: number): { width: number; height: number } {
  assertGiven(config, 'crop_size', 'do_center_crop');
  const { number, pair, exact } = sizeSchemas(maxSide);
  const expected = `{"height", "width"} or a number, from 1 to ${maxSide} pixels`;
  const size = readField(config, 'crop_size', expected, z.union([number, pair, exact]));
  if (typeof size === 'number') return { width: size, height: size };
  if (Array.isArray(size)) return { height: size[0], width: size[1] };
  return { width: size.width, height: size.height };
}

function assertGiven(config: Config, field: string, because: string): void {
  if (config[field] !== undefined && config[field] !== null) return;
  throw new Error(`expected ${field}, because ${because} is true, but it is missing`);
}
