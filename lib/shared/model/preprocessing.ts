import * as z from 'zod/mini';
import { RESAMPLE_FILTERS } from '../vision/filters';
import { readField, readObject, wrongField } from './field';
import { readCrop, readSize, type Size } from './picture-size';
import { processorOf, withoutIgnored, type Processor } from './processors';

/** Longest side of a tensor, in pixels, however narrow the picture. It bounds the memory. */
export const MAX_SIDE = 4096;

const pixels = z.int().check(z.minimum(1), z.maximum(MAX_SIDE));
const exactSize = z.object({ height: pixels, width: pixels });
const perChannel = z.array(z.number()).check(z.length(3));

const filter = z.enum(RESAMPLE_FILTERS);

/** The steps from decoded pixels to the model's input, with every option decided. */
export const preprocessingSchema = z.object({
  resize: z.nullable(
    z.discriminatedUnion('kind', [
      z.extend(exactSize, { kind: z.literal('exact'), filter }),
      z.object({
        kind: z.literal('shortest-edge'),
        edge: pixels,
        /**
         * Longest allowed longer side. If it would be exceeded, the longer side gets this value and
         * the shorter side becomes less than `edge`.
         */
        longest: z.optional(pixels),
        filter,
      }),
    ]),
  ),
  crop: z.nullable(exactSize),
  /** Factor for each byte; default 1/255. */
  rescaleFactor: z.number().check(z.positive()),
  normalization: z.nullable(z.object({ mean: perChannel, std: perChannel })),
  /** Where an off-centre crop begins if an odd number of pixels is left over; default `floor`. */
  cropRounding: z.optional(z.enum(['floor', 'half-even'])),
  /** Blue channel first, as a few models were trained. */
  isBgr: z.optional(z.boolean()),
  /** One channel: luma of ITU-R BT.601. */
  isGrey: z.optional(z.boolean()),
});

export type Preprocessing = z.infer<typeof preprocessingSchema>;

type Config = Readonly<Record<string, unknown>>;

const flag = z.optional(z.boolean());
const factor = z.optional(z.number().check(z.positive()));
const resampleCode = z.optional(z.nullable(z.int().check(z.minimum(0), z.maximum(5))));
const share = z.optional(z.nullable(z.number().check(z.positive(), z.maximum(1))));
const channels = z.union([z.number(), perChannel]);
const positiveChannels = z.union([
  z.number().check(z.positive()),
  z.array(z.number().check(z.positive())).check(z.length(3)),
]);

/**
 * Switches without effect on a classifier's input here, because every picture is decoded to RGB.
 */
const WITHOUT_EFFECT = ['do_convert_rgb', 'do_reduce_labels'];
const SWITCHES = [
  'do_resize',
  'do_center_crop',
  'do_rescale',
  'do_normalize',
  'do_flip_channel_order',
  ...WITHOUT_EFFECT,
];

/** The keys under `sightline`, which add to those of transformers. */
const ownSchema = z.strictObject({
  crop_rounding: z.optional(z.enum(['floor', 'half-even'])),
  /** Mean and standard deviation are always in the order red, green, blue. */
  channel_order: z.optional(z.enum(['rgb', 'bgr', 'grey'])),
});

/**
 * Reads a `preprocessor_config.json` as the slow and fast image processors of Hugging Face
 * transformers do, keys of older versions included. A missing or null value becomes the default of
 * the processor's class.
 *
 * @param channels channels of the graph's input, if the graph says so
 * @throws Error naming the field, the expected and the received value, if a field is missing or not
 *   understood
 */
export function parsePreprocessing(json: unknown, channels?: number): Preprocessing {
  const written = withoutNulls(readObject(json));
  assertUnderstood(written);
  const processor = processorOf(written);
  const given = withoutIgnored(written, processor);
  assertComplete(given, processor);
  const config = { ...processor.defaults, ...given };
  const own = readField(
    { sightline: config.sightline ?? {} },
    'sightline',
    'an object with crop_rounding ("floor" or "half-even") or channel_order ("rgb", "bgr" or "grey")',
    ownSchema,
  );
  const isGrey = channels === 1 || own.channel_order === 'grey';
  const rounding = own.crop_rounding ?? (processor.isFast ? 'half-even' : 'floor');
  const isBgr = own.channel_order === 'bgr' || isOn(config, 'do_flip_channel_order', false);
  const geometry = readGeometry(config, processor.kind);
  return {
    ...geometry,
    ...readValues(config, processor.kind, isGrey),
    ...(geometry.crop && rounding === 'half-even' ? { cropRounding: rounding } : {}),
    ...(isBgr && !isGrey ? { isBgr } : {}),
    ...(isGrey ? { isGrey } : {}),
  };
}

/** Removes nulls: fast processors write null for the default of their class. */
function withoutNulls(config: Config): Config {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null));
}

const NEEDED = ['do_resize', 'do_rescale', 'do_normalize'] as const;

/** Refuses an incomplete file of an unknown class: its defaults are unknown, too. */
function assertComplete(config: Config, { name, defaults }: Processor): void {
  if (name === '' || defaults) return;
  const isDone = (step: string) => config[step] !== false;
  const needed = [
    ...NEEDED,
    ...(isDone('do_resize') ? ['size', 'resample'] : []),
    ...(isDone('do_normalize') ? ['image_mean', 'image_std'] : []),
  ];
  const missing = needed.find((key) => config[key] === undefined);
  if (missing === undefined) return;
  throw new Error(
    `expected ${missing}, because what ${name} does without it is not known here, but it is missing`,
  );
}

/**
 * Keys that other libraries use for steps that change the picture: the key that is read here
 * instead, and the values that change nothing.
 */
const FOREIGN: Readonly<Record<string, readonly [key: string, ...harmless: unknown[]]>> = {
  antialias: ['resample', true],
  channel_order: ['sightline.channel_order', 'rgb'],
  color_mode: ['sightline.channel_order', 'rgb', 'RGB'],
  crop_mode: ['crop_size'],
  crop_percentage: ['crop_pct'],
  ensure_multiple_of: ['size', 1],
  image_size: ['size'],
  input_size: ['size'],
  interpolation: ['resample'],
  interpolation_mode: ['resample'],
  keep_aspect_ratio: ['size', false],
  max_image_size: ['size'],
  mean: ['image_mean'],
  offset: ['rescale_offset', false],
  pad_size: ['crop_size'],
  padding: ['crop_size', false, 0],
  resize_mode: ['size'],
  size_divisibility: ['size'],
  size_divisor: ['size'],
  std: ['image_std'],
};

/** Refuses unknown switches that are on: they would change the picture, and so the answers. */
function assertUnderstood(config: Config): void {
  for (const [name, [key, ...harmless]] of Object.entries(FOREIGN)) {
    if (config[name] === undefined || harmless.includes(config[name])) continue;
    throw wrongField(name, `to be left out, because ${key} is read for it`, config[name]);
  }
  for (const name of Object.keys(config)) {
    if (!name.startsWith('do_')) continue;
    const isUnknown = !SWITCHES.includes(name) && config[name] !== false && config[name] !== null;
    if (isUnknown) {
      throw wrongField(name, 'to be false, for that step is not known here', config[name]);
    }
    if (SWITCHES.includes(name)) isOn(config, name, false);
  }
}

function isOn(config: Config, name: string, fallback: boolean): boolean {
  return readField(config, name, 'true or false', flag) ?? fallback;
}

function readGeometry(config: Config, processor: string): Pick<Preprocessing, 'resize' | 'crop'> {
  const crop = isOn(config, 'do_center_crop', config.crop_size !== undefined)
    ? readCrop(config, MAX_SIDE)
    : null;
  if (!isOn(config, 'do_resize', true)) return { resize: null, crop };
  const code = readField(config, 'resample', 'a whole number from 0 to 5', resampleCode);
  const resample = RESAMPLE_FILTERS[code ?? 2]!;
  const size = readSize(config, processor, MAX_SIDE);
  const cropShare = readField(config, 'crop_pct', 'a number over 0 and at most 1', share);
  if (cropShare !== undefined && cropShare !== null) {
    return resizeBeyondCrop(size, cropShare, crop, resample, processor === 'convnext');
  }
  if (size.kind === 'exact') return { resize: { ...size, filter: resample }, crop };
  const longest = size.longest ?? (crop ? undefined : MAX_SIDE);
  const bound = longest === undefined ? {} : { longest };
  return { resize: { kind: size.kind, edge: size.edge, ...bound, filter: resample }, crop };
}

/** From this size on, ConvNeXT's processor resizes without a crop and ignores the aspect ratio. */
const CONVNEXT_SQUASH_FROM = 384;

/** `size` is the crop. First the shortest edge is resized to size / crop_pct. */
function resizeBeyondCrop(
  size: Size,
  cropShare: number,
  crop: Preprocessing['crop'],
  resample: (typeof RESAMPLE_FILTERS)[number],
  isConvNext: boolean,
): Pick<Preprocessing, 'resize' | 'crop'> {
  const { width, height } = size.kind === 'exact' ? size : { width: size.edge, height: size.edge };
  if (isConvNext && width >= CONVNEXT_SQUASH_FROM) {
    return { resize: { kind: 'exact', width, height, filter: resample }, crop: null };
  }
  if (width !== height) {
    throw wrongField('size', 'to be a square, because there is crop_pct', { height, width });
  }
  const edge = Math.trunc(width / cropShare);
  if (edge > MAX_SIDE) {
    throw wrongField('crop_pct', `to make an edge of at most ${MAX_SIDE} of ${width}`, cropShare);
  }
  return {
    resize: { kind: 'shortest-edge', edge, filter: resample },
    crop: crop ?? { width, height },
  };
}

/**
 * How bytes become values. Two habits of EfficientNet's processor are folded into mean and standard
 * deviation: it subtracts 1 after rescaling, and divides by the standard deviation twice.
 */
function readValues(
  config: Config,
  processor: string,
  isGrey: boolean,
): Pick<Preprocessing, 'rescaleFactor' | 'normalization'> {
  const given = readField(config, 'rescale_factor', 'a number over 0', factor);
  const isRescaled = isOn(config, 'do_rescale', true);
  const rescaleFactor = isRescaled ? (given ?? 1 / 255) : 1;
  const offset = isRescaled && isOn(config, 'rescale_offset', false) ? 1 : 0;
  if (!isOn(config, 'do_normalize', true)) {
    const shifted = { mean: [offset, offset, offset], std: [1, 1, 1] };
    return { rescaleFactor, normalization: offset === 0 ? null : shifted };
  }
  if (isOn(config, 'do_flip_channel_order', false)) {
    throw wrongField('do_flip_channel_order', 'to be false, because do_normalize is true', true);
  }
  const mean = isGrey
    ? readOne(config, 'image_mean')
    : readChannels(config, 'image_mean', '3 numbers', channels);
  const std = isGrey
    ? readOne(config, 'image_std')
    : readChannels(config, 'image_std', '3 numbers over 0', positiveChannels);
  const isTwice = isOn(config, 'include_top', false) && processor === 'efficientnet';
  return {
    rescaleFactor,
    normalization: {
      mean: offset === 0 ? mean : mean.map((value) => value + offset),
      std: isTwice ? std.map((value) => value * value) : std,
    },
  };
}

function readChannels(
  config: Config,
  name: string,
  expected: string,
  schema: z.ZodMiniType<number | number[]>,
): number[] {
  if (config[name] === undefined) {
    throw new Error(`expected ${name}, because do_normalize is true, but it is missing`);
  }
  const value = readField(config, name, expected, schema);
  return typeof value === 'number' ? [value, value, value] : value;
}

/** For grey pictures one number, even if the file repeats it for each channel. */
function readOne(config: Config, name: 'image_mean' | 'image_std'): number[] {
  const expected = `1 number${name === 'image_std' ? ' over 0' : ''}, because pictures are grey`;
  const value = readField(config, name, expected, z.union([z.number(), z.array(z.number())]));
  const all = typeof value === 'number' ? [value] : value;
  const [first] = all;
  const isOne = first !== undefined && all.every((other) => other === first);
  if (!isOne || (name === 'image_std' && first <= 0)) {
    throw wrongField(name, `to be ${expected}`, value);
  }
  return [first, first, first];
}
