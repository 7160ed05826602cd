/** Reads timm's preprocessing for evaluation from `pretrained_cfg` in `config.json`. */
import * as z from 'zod/mini';
import { RESAMPLE_FILTERS } from '../vision/filters';
import { readField, readObject, wrongField } from './field';
import { MAX_SIDE, type Preprocessing } from './preprocessing';

const pixels = z.int().check(z.minimum(1), z.maximum(MAX_SIDE));
const inputSize = z.tuple([z.int(), pixels, pixels]);
const numbers = z.array(z.number()).check(z.minLength(1), z.maxLength(3));
const positive = z.array(z.number().check(z.positive())).check(z.minLength(1), z.maxLength(3));
const share = z.number().check(z.positive(), z.maximum(1));

/** timm's defaults: IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD and DEFAULT_CROP_PCT. */
const MEAN = [0.485, 0.456, 0.406];
const STD = [0.229, 0.224, 0.225];
const CROP_SHARE = 0.875;

/** @returns undefined if `config.json` is not timm's */
export function parseTimm(config: unknown): Preprocessing | undefined {
  const { pretrained_cfg: own } = readObject(config);
  if (own === undefined || own === null) return undefined;
  return preparation(readObject(own));
}

function preparation(own: Readonly<Record<string, unknown>>): Preprocessing {
  const [channels, height, width] = readField(
    own,
    'input_size',
    'channels, height and width, as [3, 224, 224]',
    inputSize,
  );
  if (channels !== 1 && channels !== 3) {
    throw wrongField('input_size', 'to have 1 or 3 channels', own.input_size);
  }
  const optional = <T>(schema: z.ZodMiniType<T>) => z.nullish(schema);
  const filters = RESAMPLE_FILTERS.map((name) => `"${name}"`).join(', ');
  const filter =
    readField(own, 'interpolation', `one of ${filters}`, optional(z.enum(RESAMPLE_FILTERS))) ??
    'bicubic';
  const cropShare = readField(own, 'crop_pct', 'over 0, at most 1', optional(share)) ?? CROP_SHARE;
  const mode = readField(own, 'crop_mode', 'a text', optional(z.string())) ?? 'center';
  if (mode !== 'center' && mode !== 'squash') {
    throw wrongField('crop_mode', 'to be "center" or "squash"', mode);
  }
  const edge = (side: number) => Math.floor(side / cropShare);
  if (mode === 'center' && height !== width) {
    throw wrongField('input_size', 'to be a square, because crop_mode is "center"', own.input_size);
  }
  if (edge(Math.max(height, width)) > MAX_SIDE) {
    throw wrongField('crop_pct', `to make an edge of at most ${MAX_SIDE}`, cropShare);
  }
  return {
    resize:
      mode === 'center'
        ? { kind: 'shortest-edge', edge: edge(height), filter }
        : { kind: 'exact', height: edge(height), width: edge(width), filter },
    crop: { width, height },
    cropRounding: 'half-even',
    rescaleFactor: 1 / 255,
    normalization: {
      mean: three(readField(own, 'mean', '1 or 3 numbers', optional(numbers)) ?? MEAN),
      std: three(readField(own, 'std', '1 or 3 numbers over 0', optional(positive)) ?? STD),
    },
    ...(channels === 1 ? { isGrey: true } : {}),
  };
}

function three(values: readonly number[]): number[] {
  return values.length === 3 ? [...values] : [values[0]!, values[0]!, values[0]!];
}
