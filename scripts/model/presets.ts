/** preprocessor_config.json for common preprocessing, for models that come without one. */

const IMAGENET = { image_mean: [0.485, 0.456, 0.406], image_std: [0.229, 0.224, 0.225] };
const CLIP = {
  image_mean: [0.48145466, 0.4578275, 0.40821073],
  image_std: [0.26862954, 0.26130258, 0.27577711],
};
const HALVES = { image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] };
const BILINEAR = 2;
const BICUBIC = 3;

interface Preset {
  readonly summary: string;
  /** @param side side of the model's square input, in pixels */
  readonly config: (side: number) => Record<string, unknown>;
}

const exact = (side: number) => ({
  do_resize: true,
  size: { height: side, width: side },
  resample: BILINEAR,
  do_center_crop: false,
});

const cropped = (edge: number, side: number, resample: number) => ({
  do_resize: true,
  size: { shortest_edge: edge },
  resample,
  do_center_crop: true,
  crop_size: { height: side, width: side },
});

/** Crops like torchvision, timm and Ultralytics. */
const torchvision = { sightline: { crop_rounding: 'half-even' } };

const rescaled = { do_rescale: true, rescale_factor: 1 / 255 };

export const PRESETS: Readonly<Record<string, Preset>> = {
  imagenet: {
    summary: 'torchvision: shortest edge to 256, bilinear, centre 224 × 224, ImageNet mean and std',
    config: (side) => ({
      ...cropped(Math.round((side * 256) / 224), side, BILINEAR),
      ...rescaled,
      do_normalize: true,
      ...IMAGENET,
      ...torchvision,
    }),
  },
  clip: {
    summary: 'CLIP: shortest edge to 224, bicubic, centre 224 × 224, its mean and std',
    config: (side) => ({
      ...cropped(side, side, BICUBIC),
      ...rescaled,
      do_normalize: true,
      ...CLIP,
    }),
  },
  timm: {
    summary: 'timm: shortest edge to 256, bicubic, centre 224 × 224, ImageNet mean and std',
    config: (side) => ({
      ...cropped(Math.floor(side / 0.875), side, BICUBIC),
      ...rescaled,
      do_normalize: true,
      ...IMAGENET,
      ...torchvision,
    }),
  },
  inception: {
    summary: 'Inception, MobileNet and others of Keras: the whole picture squeezed, −1 to 1',
    config: (side) => ({ ...exact(side), ...rescaled, do_normalize: true, ...HALVES }),
  },
  'keras-tf': {
    summary: 'Keras, mode "tf": the same as inception',
    config: (side) => ({ ...exact(side), ...rescaled, do_normalize: true, ...HALVES }),
  },
  'keras-torch': {
    summary: 'Keras, mode "torch": the whole picture squeezed, ImageNet mean and std',
    config: (side) => ({ ...exact(side), ...rescaled, do_normalize: true, ...IMAGENET }),
  },
  'keras-caffe': {
    summary: 'Keras, mode "caffe": the whole picture squeezed, blue first, less the mean',
    config: (side) => ({
      ...exact(side),
      do_rescale: false,
      do_normalize: true,
      image_mean: [123.68, 116.779, 103.939],
      image_std: [1, 1, 1],
      sightline: { channel_order: 'bgr' },
    }),
  },
  yolo: {
    summary: 'YOLO-cls of Ultralytics: shortest edge to 224, bilinear, centre 224 × 224, 0 to 1',
    config: (side) => ({
      ...cropped(side, side, BILINEAR),
      ...rescaled,
      do_normalize: false,
      ...torchvision,
    }),
  },
  'custom-vision': {
    summary: 'Custom Vision: shortest edge to 224, centre 224 × 224, blue first, 0 to 255',
    config: (side) => ({
      ...cropped(side, side, BILINEAR),
      do_rescale: false,
      do_normalize: false,
      sightline: { channel_order: 'bgr' },
    }),
  },
  unit: {
    summary: 'the whole picture squeezed, 0 to 1',
    config: (side) => ({ ...exact(side), ...rescaled, do_normalize: false }),
  },
  none: {
    summary: 'the whole picture squeezed, 0 to 255, for models that prepare pictures themselves',
    config: (side) => ({ ...exact(side), do_rescale: false, do_normalize: false }),
  },
};
