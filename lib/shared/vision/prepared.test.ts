import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { configureDecoder, decodeImage } from '../../server/intake/decode';
import {
  parsePreprocessing,
  preprocessingSchema,
  type Preprocessing,
} from '../model/preprocessing';
import type { RgbImage } from './image';
import { DEFAULT_PICTURE_LIMITS } from '../picture/rules';
import { afterPreparation, preparationOf, preparePicture } from './prepared';
import { imageToTensor } from './tensor';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const LIMITS = { ...DEFAULT_PICTURE_LIMITS, timeoutSeconds: 10 };
const IMAGENET = { image_mean: [0.485, 0.456, 0.406], image_std: [0.229, 0.224, 0.225] };

const GEOMETRIES: Record<string, object> = {
  'squashed to 64': { size: { height: 64, width: 64 } },
  'squashed to 40 × 28, bicubic': { size: { height: 28, width: 40 }, resample: 3 },
  'squashed to 64, nearest': { size: { height: 64, width: 64 }, resample: 0 },
  'edge 256, crop 224': { size: { shortest_edge: 256 }, crop_size: 224, resample: 3 },
  'edge 32, crop 64 with a border': { size: { shortest_edge: 32 }, crop_size: 64 },
  'grey, edge 73, crop 64': {
    size: { shortest_edge: 73 },
    crop_size: 64,
    sightline: { channel_order: 'grey' },
    image_mean: 0.5,
    image_std: 0.5,
  },
  'crop alone': { do_resize: false, crop_size: 80 },
  'half to a side, blue first': {
    size: { height: 96, width: 96 },
    do_normalize: false,
    do_flip_channel_order: true,
  },
  levit: {
    image_processor_type: 'LevitImageProcessor',
    size: { shortest_edge: 224 },
    do_center_crop: true,
    crop_size: 224,
    resample: 2,
  },
  'edge 40, crop 31 as torchvision rounds': {
    size: { shortest_edge: 40 },
    crop_size: 31,
    sightline: { crop_rounding: 'half-even' },
  },
};

async function decode(bytes: Uint8Array): Promise<RgbImage> {
  const decoded = await decodeImage(bytes, LIMITS);
  if (!decoded.ok) throw new Error(decoded.problem.detail);
  return decoded.image;
}

const sameBits = (a: Float32Array, b: Float32Array) =>
  Buffer.from(a.buffer).equals(Buffer.from(b.buffer));
const settings = (config: object) => parsePreprocessing({ ...IMAGENET, ...config });
let pictures: { name: string; image: RgbImage }[];

beforeAll(async () => {
  configureDecoder();
  const samples = path.join(ROOT, 'public/samples');
  const fixtures = path.join(ROOT, 'lib/shared/vision/fixtures');
  const list = async (folder: string, pattern: RegExp) =>
    (await readdir(folder))
      .filter((name) => pattern.test(name))
      .map((name) => path.join(folder, name));
  const files = [...(await list(samples, /\.(png|jpg)$/)), ...(await list(fixtures, /\.in\.png$/))];
  pictures = await Promise.all(
    files.map(async (file) => ({
      name: path.basename(file),
      image: await decode(await readFile(file)),
    })),
  );
});

describe('a prepared picture', () => {
  test.each(Object.keys(GEOMETRIES))('gives the tensor of the whole one: %s', async (name) => {
    const preprocessing = settings(GEOMETRIES[name]!);
    const { width, height } = preparationOf(preprocessing)!;
    expect(pictures.length).toBeGreaterThanOrEqual(8);
    for (const { image } of pictures) {
      const received = await decode(preparePicture(image, preprocessing));
      expect([received.width, received.height]).toEqual([width, height]);
      const tensor = imageToTensor(received, afterPreparation(preprocessing));
      const whole = imageToTensor(image, preprocessing);
      expect(tensor.dims).toEqual(whole.dims);
      expect(sameBits(tensor.data, whole.data)).toBe(true);
    }
  });

  test('of a model that sees grey has one channel', async () => {
    const preprocessing = settings(GEOMETRIES['grey, edge 73, crop 64']!);
    const png = preparePicture(pictures[0]!.image, preprocessing);
    expect(preparationOf(preprocessing)).toMatchObject({ channels: 1, width: 64, height: 64 });
    expect(await sharp(png).metadata()).toMatchObject({ channels: 1, space: 'b-w', width: 64 });
  });

  test('is the same file for the same pixels out of another file', () => {
    const preprocessing = settings(GEOMETRIES['squashed to 64']!);
    const { image } = pictures[0]!;
    const rgba = new Uint8ClampedArray(image.width * image.height * 4).map((_, i) =>
      i % 4 === 3 ? 255 : image.data[(i >> 2) * 3 + (i % 4)]!,
    );
    const fromCanvas = { ...image, data: rgba, channels: 4 as const };
    expect(preparePicture(fromCanvas, preprocessing)).toEqual(preparePicture(image, preprocessing));
  });
});

describe('the version of a preparation', () => {
  const versionOf = (preprocessing: Preprocessing) => preparationOf(preprocessing)?.version;

  test('is another for every geometry, and says nothing of what becomes of the bytes', () => {
    const all = Object.values(GEOMETRIES).map((config) => versionOf(settings(config)));
    expect(all.every((version) => /^[0-9a-f]{12}$/.test(version ?? ''))).toBe(true);
    expect(new Set(all).size).toBe(all.length);
    const size = { height: 64, width: 64 };
    expect(versionOf(settings({ size, do_normalize: false }))).toBe(versionOf(settings({ size })));
  });

  test('outlives a journey as JSON, which may name the fields in another order', () => {
    for (const config of Object.values(GEOMETRIES)) {
      const sent = settings(config);
      const received = preprocessingSchema.parse(JSON.parse(JSON.stringify(sent)));
      expect(versionOf(received)).toBe(versionOf(sent));
    }
  });

  test('is not there where pictures keep their own shape', () => {
    expect(preparationOf(settings({ size: { shortest_edge: 64 }, do_center_crop: false }))).toBe(
      undefined,
    );
  });
});
