import { describe, expect, test } from 'vitest';
import { parsePreprocessing } from './preprocessing';

const complete = {
  do_resize: true,
  size: { height: 64, width: 48 },
  resample: 3,
  do_center_crop: false,
  do_rescale: true,
  rescale_factor: 0.5,
  do_normalize: true,
  image_mean: [0.1, 0.2, 0.3],
  image_std: [1, 2, 3],
};

describe('parsePreprocessing', () => {
  test('reads every choice', () => {
    expect(parsePreprocessing(complete)).toEqual({
      resize: { kind: 'exact', width: 48, height: 64, filter: 'bicubic' },
      crop: null,
      rescaleFactor: 0.5,
      normalization: { mean: [0.1, 0.2, 0.3], std: [1, 2, 3] },
    });
  });

  test('reads a shortest edge and a crop', () => {
    const config = {
      ...complete,
      size: { shortest_edge: 256 },
      do_center_crop: true,
      crop_size: { height: 224, width: 224 },
    };
    expect(parsePreprocessing(config)).toMatchObject({
      resize: { kind: 'shortest-edge', edge: 256 },
      crop: { width: 224, height: 224 },
    });
  });

  test('leaves out what is switched off', () => {
    const config = { do_resize: false, do_rescale: false, do_normalize: false };
    expect(parsePreprocessing(config)).toEqual({
      resize: null,
      crop: null,
      rescaleFactor: 1,
      normalization: null,
    });
  });

  test.each([
    ['size', { size: undefined }],
    ['crop_size', { do_center_crop: true }],
    ['image_mean', { image_mean: undefined }],
    ['image_std', { image_std: undefined }],
  ])('names %s when it is missing', (field, change) => {
    expect(() => parsePreprocessing({ ...complete, ...change })).toThrow(`expected ${field}`);
  });

  const fields = { image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] };
  const geometry = (config: object) => {
    const { resize, crop } = parsePreprocessing({ ...fields, ...config });
    return { resize, crop };
  };
  const filter = 'bilinear';

  test.each<[string, object, object]>([
    ['a number is a square', { size: 224 }, { kind: 'exact', width: 224, height: 224 }],
    ['a pair is height and width', { size: [32, 48] }, { kind: 'exact', width: 48, height: 32 }],
    [
      'a number for a processor that fits the shortest edge',
      {
        size: 224,
        feature_extractor_type: 'CLIPFeatureExtractor',
        do_center_crop: false,
        resample: 2,
      },
      { kind: 'shortest-edge', edge: 224, longest: 4096 },
    ],
    [
      'a shortest edge without a crop has a bound',
      { size: { shortest_edge: 224 } },
      { kind: 'shortest-edge', edge: 224, longest: 4096 },
    ],
    [
      'a longest edge',
      { size: { shortest_edge: 224, longest_edge: 300 } },
      { kind: 'shortest-edge', edge: 224, longest: 300 },
    ],
  ])('%s', (_, config, resize) => {
    expect(geometry(config)).toEqual({ resize: { ...resize, filter }, crop: null });
  });

  const square = (side: number) => ({ width: side, height: side });

  test.each<[string, object, object, object | null]>([
    [
      'crop_pct with a number',
      { size: 224, crop_pct: 0.875 },
      { kind: 'shortest-edge', edge: 256 },
      square(224),
    ],
    [
      'crop_pct with a square',
      { size: square(224), crop_pct: 0.9 },
      { kind: 'shortest-edge', edge: 248 },
      square(224),
    ],
    [
      'crop_pct with a crop_size of its own',
      { size: { shortest_edge: 224 }, crop_pct: 0.9, do_center_crop: true, crop_size: 200 },
      { kind: 'shortest-edge', edge: 248 },
      square(200),
    ],
    [
      'ConvNeXT without crop_pct',
      { size: { shortest_edge: 224 }, image_processor_type: 'ConvNextImageProcessor' },
      { kind: 'shortest-edge', edge: 256 },
      square(224),
    ],
    [
      'ConvNeXT from 384 on squashes',
      { size: 384, crop_pct: 0.875, feature_extractor_type: 'ConvNextFeatureExtractor' },
      { kind: 'exact', ...square(384) },
      null,
    ],
    [
      'LeViT fits an edge that is longer by a seventh',
      {
        size: 224,
        do_center_crop: true,
        crop_size: 224,
        image_processor_type: 'LevitImageProcessor',
        resample: 2,
      },
      { kind: 'shortest-edge', edge: 256 },
      square(224),
    ],
    [
      'a crop that is larger than the picture',
      { size: 200, do_center_crop: true, crop_size: { height: 240, width: 224 } },
      { kind: 'exact', ...square(200) },
      { width: 224, height: 240 },
    ],
    [
      'a crop_size without the switch of newer versions',
      { size: 256, crop_size: 224 },
      { kind: 'exact', ...square(256) },
      square(224),
    ],
    [
      'a crop_size that is switched off',
      { size: 256, crop_size: 224, do_center_crop: false },
      { kind: 'exact', ...square(256) },
      null,
    ],
  ])('%s', (_, config, resize, crop) => {
    expect(geometry(config)).toEqual({ resize: { ...resize, filter }, crop });
  });

  test.each(['nearest', 'lanczos', 'bilinear', 'bicubic', 'box', 'hamming'])(
    'resample codes are those of Pillow: %s',
    (name) => {
      const code = ['nearest', 'lanczos', 'bilinear', 'bicubic', 'box', 'hamming'].indexOf(name);
      expect(geometry({ size: 8, resample: code }).resize).toMatchObject({ filter: name });
    },
  );

  test('one number for mean and deviation holds for each channel', () => {
    const config = { ...complete, image_mean: 0.5, image_std: 0.25 };
    expect(parsePreprocessing(config).normalization).toEqual({
      mean: [0.5, 0.5, 0.5],
      std: [0.25, 0.25, 0.25],
    });
  });

  test('without do_rescale a byte stays a byte', () => {
    expect(parsePreprocessing({ ...complete, do_rescale: false }).rescaleFactor).toBe(1);
  });

  test("EfficientNet's offset and second division are folded into mean and deviation", () => {
    const config = {
      ...complete,
      image_processor_type: 'EfficientNetImageProcessor',
      rescale_factor: 1 / 127.5,
      rescale_offset: true,
      include_top: true,
      image_mean: [0, 0.5, 0],
      image_std: [0.5, 1, 0.1],
    };
    const { normalization } = parsePreprocessing(config);
    expect(normalization?.mean).toEqual([1, 1.5, 1]);
    expect(normalization?.std[0]).toBeCloseTo(0.25, 9);
    expect(normalization?.std[2]).toBeCloseTo(0.01, 9);
  });

  test('a channel order that is turned round', () => {
    const config = { size: 256, do_normalize: false, do_flip_channel_order: true };
    expect(parsePreprocessing(config).isBgr).toBe(true);
  });

  test.each<[object, string]>([
    [{ resample: 9 }, 'expected resample to be a whole number from 0 to 5, received 9'],
    [{ image_std: [1, 0, 1] }, 'expected image_std to be 3 numbers over 0, received [1,0,1]'],
    [{ image_mean: [1] }, 'expected image_mean to be 3 numbers, received [1]'],
    [
      { size: { height: 0, width: 4 } },
      'expected size to be {"height", "width"}, {"shortest_edge"} or a number, from 1 to 4096 pixels, received {"height":0,"width":4}',
    ],
    [
      { size: { longest_edge: 300 } },
      'expected size to be {"height", "width"}, {"shortest_edge"} or a number, from 1 to 4096 pixels, received {"longest_edge":300}',
    ],
    [
      { size: { shortest_edge: 300, longest_edge: 200 } },
      'expected size to have a longest_edge of at least its shortest_edge, received {"shortest_edge":300,"longest_edge":200}',
    ],
    [
      { do_center_crop: true, crop_size: 'all' },
      'expected crop_size to be {"height", "width"} or a number, from 1 to 4096 pixels, received "all"',
    ],
    [{ crop_pct: 1.2 }, 'expected crop_pct to be a number over 0 and at most 1, received 1.2'],
    [
      { size: 224, crop_pct: 0.01 },
      'expected crop_pct to make an edge of at most 4096 of 224, received 0.01',
    ],
    [
      { crop_pct: 0.9 },
      'expected size to be a square, because there is crop_pct, received {"height":64,"width":48}',
    ],
    [{ rescale_factor: 0 }, 'expected rescale_factor to be a number over 0, received 0'],
    [{ do_resize: 'yes' }, 'expected do_resize to be true or false, received "yes"'],
    [{ do_convert_rgb: 1 }, 'expected do_convert_rgb to be true or false, received 1'],
    [
      { do_pad: true },
      'expected do_pad to be false, for that step is not known here, received true',
    ],
    [
      { do_flip_channel_order: true },
      'expected do_flip_channel_order to be false, because do_normalize is true, received true',
    ],
  ])('refuses %j', (change, message) => {
    expect(() => parsePreprocessing({ ...complete, ...change })).toThrow(message);
  });

  test.each([[[]], [null], ['x']])('refuses a file that holds %j', (json) => {
    expect(() => parsePreprocessing(json)).toThrow('expected an object, received');
  });
});
