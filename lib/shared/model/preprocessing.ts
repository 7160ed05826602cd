import * as z from 'zod/mini';
import { RESAMPLE_FILTERS } from '../vision/filters';

const pixels = z.int().check(z.minimum(1), z.maximum(4096));
const exactSize = z.object({ height: pixels, width: pixels });
const perChannel = z.array(z.number()).check(z.length(3));

const filter = z.enum(RESAMPLE_FILTERS);

/** What happens between decoded pixels and the model's input, with every choice made. */
export const preprocessingSchema = z.object({
  resize: z.nullable(
    z.discriminatedUnion('kind', [
      z.extend(exactSize, { kind: z.literal('exact'), filter }),
      z.object({ kind: z.literal('shortest-edge'), edge: pixels, filter }),
    ]),
  ),
  crop: z.nullable(exactSize),
  /** Each byte is multiplied by this; 1/255 where nothing else is said. */
  rescaleFactor: z.number().check(z.positive()),
  normalization: z.nullable(z.object({ mean: perChannel, std: perChannel })),
});

export type Preprocessing = z.infer<typeof preprocessingSchema>;

/** `preprocessor_config.json`, as far as it decides how a picture is prepared. */
export const preprocessorConfigSchema = z.looseObject({
  do_resize: z._default(z.boolean(), true),
  size: z.optional(z.union([exactSize, z.object({ shortest_edge: pixels })])),
  resample: z._default(z.int().check(z.minimum(0), z.maximum(5)), 2),
  do_center_crop: z._default(z.boolean(), false),
  crop_size: z.optional(exactSize),
  do_rescale: z._default(z.boolean(), true),
  rescale_factor: z._default(z.number().check(z.positive()), 1 / 255),
  do_normalize: z._default(z.boolean(), true),
  image_mean: z.optional(perChannel),
  image_std: z.optional(z.array(z.number().check(z.positive())).check(z.length(3))),
});

type PreprocessorConfig = z.infer<typeof preprocessorConfigSchema>;

/**
 * Reads a `preprocessor_config.json`.
 *
 * @throws Error naming the field, what was expected and what came, if something is missing or is
 *   not understood
 */
export function parsePreprocessing(json: unknown): Preprocessing {
  const config = preprocessorConfigSchema.parse(json);
  return {
    resize: parseResize(config),
    crop: config.do_center_crop ? required('crop_size', 'do_center_crop', config.crop_size) : null,
    rescaleFactor: config.do_rescale ? config.rescale_factor : 1,
    normalization: config.do_normalize
      ? {
          mean: required('image_mean', 'do_normalize', config.image_mean),
          std: required('image_std', 'do_normalize', config.image_std),
        }
      : null,
  };
}

function parseResize(config: PreprocessorConfig): Preprocessing['resize'] {
  if (!config.do_resize) return null;
  const size = required('size', 'do_resize', config.size);
  const resample = RESAMPLE_FILTERS[config.resample]!;
  return 'shortest_edge' in size
    ? { kind: 'shortest-edge', edge: size.shortest_edge, filter: resample }
    : { kind: 'exact', width: size.width, height: size.height, filter: resample };
}

function required<T>(field: string, because: string, value: T | undefined): T {
  if (value === undefined) {
    throw new Error(`expected ${field}, because ${because} is true, but it is missing`);
  }
  return value;
}
