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

  test.each([
    ['resample', { resample: 9 }],
    ['image_std', { image_std: [1, 0, 1] }],
    ['size', { size: { height: 0, width: 4 } }],
  ])('names %s when it is wrong', (field, change) => {
    expect(() => parsePreprocessing({ ...complete, ...change })).toThrow(field);
  });
});
