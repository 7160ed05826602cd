/**
 * Default values of the image processors of Hugging Face transformers, by class. They apply where
 * the processor's file sets no value. Slow and fast processors share them.
 * Source: src/transformers/models/<name>/image_processing_<name>.py.
 */

type Values = Readonly<Record<string, unknown>>;

const HALVES = { image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] };
const IMAGENET = { image_mean: [0.485, 0.456, 0.406], image_std: [0.229, 0.224, 0.225] };
const CLIP_VALUES = {
  image_mean: [0.48145466, 0.4578275, 0.40821073],
  image_std: [0.26862954, 0.26130258, 0.27577711],
};

const NEAREST = 0;
const BILINEAR = 2;
const BICUBIC = 3;

const square = (side: number) => ({ height: side, width: side });
const usual = { do_resize: true, do_rescale: true, do_normalize: true };
const uncropped = { ...usual, do_center_crop: false };
const cropped = { ...usual, do_center_crop: true, crop_size: square(224) };
const shortest = (edge: number) => ({ shortest_edge: edge });

const VIT = { ...uncropped, size: square(224), resample: BILINEAR, ...HALVES };
const CONVNEXT = {
  ...uncropped,
  size: shortest(384),
  crop_pct: 224 / 256,
  resample: BILINEAR,
  ...HALVES,
};
const DEIT = { ...cropped, size: square(256), resample: BICUBIC, ...HALVES };
const BIT = { ...cropped, size: shortest(224), resample: BICUBIC, ...CLIP_VALUES };
const MOBILENET = { ...cropped, size: shortest(256), resample: BILINEAR, ...HALVES };

/** By class, in lower case, without its suffix. */
const DEFAULTS: Readonly<Record<string, Values>> = {
  vit: VIT,
  swin: VIT,
  beit: DEIT,
  deit: DEIT,
  convnext: CONVNEXT,
  resnet: CONVNEXT,
  mobilenetv1: MOBILENET,
  mobilenetv2: MOBILENET,
  mobilevit: {
    do_resize: true,
    size: shortest(224),
    resample: BILINEAR,
    do_center_crop: true,
    crop_size: square(256),
    do_rescale: true,
    do_normalize: false,
    do_flip_channel_order: true,
  },
  efficientnet: {
    ...uncropped,
    size: square(346),
    resample: NEAREST,
    include_top: true,
    ...HALVES,
  },
  levit: { ...cropped, size: shortest(224), crop_pct: 224 / 256, resample: BICUBIC, ...IMAGENET },
  poolformer: { ...cropped, size: shortest(224), crop_pct: 0.9, resample: BICUBIC, ...IMAGENET },
  clip: BIT,
  bit: BIT,
  dinov2: BIT,
  siglip: { ...uncropped, size: square(224), resample: BICUBIC, ...HALVES },
  pvt: { ...uncropped, size: square(224), resample: BILINEAR, ...IMAGENET },
};

export interface Processor {
  /** The class as the file names it; empty if it names none. */
  readonly name: string;
  /** The class in lower case, without its suffix. */
  readonly kind: string;
  /** Fast processors crop with torchvision. */
  readonly isFast: boolean;
  /** Undefined for an unknown class. */
  readonly defaults: Values | undefined;
}

/** The class that wrote the file. Older versions called it a feature extractor. */
export function processorOf(config: Values): Processor {
  const { image_processor_type: type, feature_extractor_type: olderType } = config;
  const name = typeof type === 'string' ? type : typeof olderType === 'string' ? olderType : '';
  const kind = name.replace(/(ImageProcessor(Fast|Pil)?|FeatureExtractor)$/, '').toLowerCase();
  return { name, kind, isFast: name.endsWith('Fast'), defaults: DEFAULTS[kind] };
}

/** Keys that only the listed classes read; all other classes ignore them. */
const OWN_KEYS: Readonly<Record<string, readonly string[]>> = {
  crop_pct: ['convnext', 'resnet', 'levit', 'poolformer'],
  rescale_offset: ['efficientnet'],
  include_top: ['efficientnet'],
};

/** The keys that the class reads; for an unknown class, all keys. */
export function withoutIgnored(config: Values, { kind, defaults }: Processor): Values {
  if (!defaults) return config;
  const isRead = (key: string) => OWN_KEYS[key]?.includes(kind) ?? true;
  return Object.fromEntries(Object.entries(config).filter(([key]) => isRead(key)));
}
