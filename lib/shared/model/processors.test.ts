import { describe, expect, test } from 'vitest';
import { parsePreprocessing } from './preprocessing';
import { parseTimm } from './timm';

const HALVES = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };

const HALVES_CONFIG = { image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] };

describe("what a processor's class does where its file says nothing", () => {
  test.each<[string, object, object]>([
    [
      'a fast processor writes null for what it leaves alone',
      {
        image_processor_type: 'ViTImageProcessorFast',
        crop_size: null,
        do_center_crop: null,
        resample: null,
        size: { height: 224, width: 224 },
        do_normalize: true,
        image_mean: [0.5, 0.5, 0.5],
        image_std: [0.5, 0.5, 0.5],
      },
      {
        resize: { kind: 'exact', width: 224, height: 224, filter: 'bilinear' },
        crop: null,
        normalization: HALVES,
      },
    ],
    [
      'MobileViT: blue first, no normalising',
      {
        feature_extractor_type: 'MobileViTFeatureExtractor',
        crop_size: { height: 256, width: 256 },
        do_center_crop: true,
        do_flip_channel_order: true,
        do_resize: true,
        size: { shortest_edge: 288 },
        resample: 2,
      },
      {
        resize: { kind: 'shortest-edge', edge: 288, filter: 'bilinear' },
        crop: { width: 256, height: 256 },
        isBgr: true,
        normalization: null,
        rescaleFactor: 1 / 255,
      },
    ],
    [
      'BEiT crops 224 out of 256, bicubic',
      { image_processor_type: 'BeitImageProcessor' },
      {
        resize: { kind: 'exact', width: 256, height: 256, filter: 'bicubic' },
        crop: { width: 224, height: 224 },
        normalization: HALVES,
      },
    ],
    [
      'PoolFormer crops nine tenths',
      { image_processor_type: 'PoolFormerImageProcessor' },
      { resize: { kind: 'shortest-edge', edge: 248, filter: 'bicubic' } },
    ],
    [
      'SigLIP squeezes',
      { image_processor_type: 'SiglipImageProcessor' },
      { resize: { kind: 'exact', width: 224, height: 224, filter: 'bicubic' }, crop: null },
    ],
    [
      'EfficientNet takes the nearest pixel',
      { image_processor_type: 'EfficientNetImageProcessor' },
      { resize: { kind: 'exact', width: 346, height: 346, filter: 'nearest' }, crop: null },
    ],
    [
      'a fast processor crops with torchvision',
      { image_processor_type: 'CLIPImageProcessorFast' },
      { crop: { width: 224, height: 224 }, cropRounding: 'half-even' },
    ],
  ])('%s', (_, config, expected) => {
    expect(parsePreprocessing(config)).toMatchObject(expected);
  });

  test('a slow processor crops from the smaller half', () => {
    const config = { image_processor_type: 'CLIPImageProcessor' };
    expect(parsePreprocessing(config).cropRounding).toBeUndefined();
  });

  test.each([
    ['CLIPImageProcessor', 'half-even'],
    ['CLIPImageProcessorPil', undefined],
  ])('%s of version 5, which writes data_format', (image_processor_type, cropRounding) => {
    const config = { image_processor_type, data_format: 'channels_first', do_pad: null };
    expect(parsePreprocessing(config).cropRounding).toBe(cropRounding);
  });

  test.each([
    [{ image_processor_type: 'PerceiverImageProcessor' }, 'PerceiverImageProcessor prepares'],
    [{ feature_extractor_type: 'ImageGPTFeatureExtractor' }, 'ImageGPTFeatureExtractor prepares'],
    [{ auto_map: { AutoImageProcessor: 'own.OwnProcessor' } }, 'expected auto_map to be left out'],
  ])('refuses %j, whatever else it says', (type, says) => {
    const complete = {
      do_resize: true,
      size: { height: 224, width: 224 },
      resample: 3,
      do_rescale: true,
      do_normalize: true,
      ...HALVES_CONFIG,
    };
    expect(() => parsePreprocessing({ ...complete, ...type })).toThrow(says);
  });

  test('a class that is not known has to say everything', () => {
    const config = {
      image_processor_type: 'DonutImageProcessor',
      do_resize: true,
      do_rescale: true,
    };
    expect(() => parsePreprocessing(config)).toThrow(
      'expected do_normalize, because what DonutImageProcessor does without it is not known here',
    );
  });
});

describe('keys of other classes and libraries', () => {
  const vit = { image_processor_type: 'ViTImageProcessor', size: 224 };

  test.each([
    ['crop_pct', { crop_pct: 0.875 }],
    ['an offset', { rescale_factor: 1 / 127.5, rescale_offset: true }],
    ['what changes nothing', { antialias: true, ensure_multiple_of: 1, keep_aspect_ratio: false }],
  ])('%s: left alone by a class that does not read it', (_, more) => {
    const { rescaleFactor = 1 / 255 } = parsePreprocessing({ ...vit, ...more });
    expect(parsePreprocessing({ ...vit, ...more })).toEqual({
      ...parsePreprocessing(vit),
      rescaleFactor,
    });
  });

  test('an offset: after rescaling to 0 to 2, for EfficientNet', () => {
    const config = {
      image_processor_type: 'EfficientNetImageProcessor',
      rescale_factor: 1 / 127.5,
      rescale_offset: true,
      do_normalize: false,
    };
    expect(parsePreprocessing(config)).toMatchObject({
      rescaleFactor: 1 / 127.5,
      normalization: { mean: [1, 1, 1], std: [1, 1, 1] },
    });
  });

  test.each([
    [{ interpolation: 'bicubic' }, 'resample is read for it, received "bicubic"'],
    [{ antialias: false }, 'expected antialias to be left out'],
    [{ mean: [0.5] }, 'image_mean is read for it, received [0.5]'],
    [{ size_divisor: 32 }, 'expected size_divisor to be left out'],
    [{ color_mode: 'bgr' }, 'sightline.channel_order is read for it'],
    [{ size: { max_height: 9, max_width: 9 } }, 'expected size to be {"height", "width"}'],
    [{ size: { longest_edge: 224 } }, 'expected size to be {"height", "width"}'],
    [{ image_mean: [0.5] }, 'expected image_mean to be 3 numbers, received [0.5]'],
    [{ image_std: [1, 1, 1, 1] }, 'expected image_std to be 3 numbers over 0'],
  ])('refuses %j', (more, says) => {
    expect(() => parsePreprocessing({ ...vit, ...more })).toThrow(says);
  });
});

describe('grey pictures', () => {
  test.each([[[0.1307]], [0.1307], [[0.1307, 0.1307, 0.1307]]])(
    'take one number for their channel: %j',
    (mean) => {
      const config = { size: 28, image_mean: mean, image_std: [0.3081] };
      expect(parsePreprocessing(config, 1)).toMatchObject({
        isGrey: true,
        normalization: { mean: [0.1307, 0.1307, 0.1307] },
      });
    },
  );
});

describe("timm's pretrained_cfg", () => {
  const own = {
    input_size: [3, 224, 224],
    interpolation: 'bicubic',
    crop_pct: 0.9,
    mean: [0.5, 0.5, 0.5],
    std: [0.5, 0.5, 0.5],
  };

  test('is read as timm reads it', () => {
    expect(parseTimm({ pretrained_cfg: own })).toEqual({
      resize: { kind: 'shortest-edge', edge: 248, filter: 'bicubic' },
      crop: { width: 224, height: 224 },
      cropRounding: 'half-even',
      rescaleFactor: 1 / 255,
      normalization: HALVES,
    });
  });

  test('squashes where it says so', () => {
    const config = { pretrained_cfg: { ...own, crop_mode: 'squash', crop_pct: 1 } };
    expect(parseTimm(config)?.resize).toMatchObject({ kind: 'exact', width: 224, height: 224 });
  });

  test.each([
    [{ height: 288, width: 288 }, 288, 288],
    [{ height: 224, width: 224 }, 248, 224],
    [undefined, 248, 224],
  ])('has a second size, for a graph that takes it: %j', (input, edge, side) => {
    const config = { pretrained_cfg: { ...own, test_input_size: [3, 288, 288], test_crop_pct: 1 } };
    expect(parseTimm(config, input)).toMatchObject({
      resize: { edge },
      crop: { width: side, height: side },
    });
  });

  test.each([
    [{ crop_mode: 'border' }, 'expected crop_mode to be "center" or "squash", received "border"'],
    [{ interpolation: 'random' }, 'expected interpolation to be one of'],
    [{ input_size: [4, 8, 8] }, 'expected input_size to have 1 or 3 channels'],
    [{ input_size: undefined }, 'expected input_size to be channels, height and width'],
  ])('refuses %j', (change, says) => {
    expect(() => parseTimm({ pretrained_cfg: { ...own, ...change } })).toThrow(says);
  });

  test('is not there in the config of others', () => {
    expect(parseTimm({})).toBeUndefined();
  });
});
