/** The server on what cameras, phones and tools write: each beside the same picture without it. */
import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { withProperty } from '../../../tests/avif-boxes';
import { clap, cutPictures, oddPictures, withChunk } from '../../../tests/odd-pictures';
import { DEFAULT_PICTURE_LIMITS } from '@/lib/shared/picture/rules';
import type { RgbImage } from '@/lib/shared/vision/image';
import { configureDecoder, decodeImage } from './decode';

const LIMITS = { ...DEFAULT_PICTURE_LIMITS, timeoutSeconds: 10 };
const WIDTH = 96;
const HEIGHT = 72;
/** Out of memory: the decoder's threads read no files. */
const sample = readFileSync('public/samples/espresso.png');
const base = () => sharp(sample).resize(WIDTH, HEIGHT, { fit: 'fill' }).removeAlpha();

let odd: Record<string, Buffer>;
let cut: Record<string, Buffer>;
let upright: RgbImage;

async function decode(bytes: Buffer): Promise<RgbImage> {
  const result = await decodeImage(bytes, LIMITS);
  if (!result.ok) throw new Error(result.problem.received);
  return result.image;
}

/** Mean difference of two pictures of one size, in steps of 255. */
function distance(a: RgbImage, b: RgbImage): number {
  expect([a.width, a.height]).toEqual([b.width, b.height]);
  const sum = a.data.reduce((total, value, i) => total + Math.abs(value - b.data[i]!), 0);
  return sum / a.data.length;
}

async function libvips(picture: Sharp): Promise<RgbImage> {
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: 3 };
}

beforeAll(async () => {
  [odd, cut] = await Promise.all([oddPictures(base), cutPictures(base)]);
  upright = await libvips(base());
  configureDecoder();
});

test.each([
  ['jpeg-exif-long.jpg', 90],
  ['png-exif.png', 270],
  ['webp-exif.webp', 90],
  ['avif-irot.avif', 270],
])('turns %s', async (name, degrees) => {
  const stored = await base().png().toBuffer();
  const turned = await libvips(sharp(stored).rotate(degrees));
  expect(distance(await decode(odd[name]!), turned)).toBeLessThan(6);
});

test.each(['avif-p3.avif', 'png-cicp-p3.png'])(
  '%s is converted as a profile would be',
  async (name) => {
    const red = await decode(odd[name]!);
    const stored = await sharp(odd[name]).removeAlpha().png().toBuffer();
    const { data: profile } = await p3Profile();
    const byProfile = sharp(withProfile(stored, profile)).toColourspace('srgb').removeAlpha();
    expect(distance(red, await libvips(byProfile))).toBeLessThan(1);
    expect(distance(red, upright)).toBeGreaterThan(1);
  },
);

test('grey of the limited range gets the full one', async () => {
  const grey = await decode(odd['avif-grey-limited.avif']!);
  const stored = await base().grayscale().png().toBuffer();
  const full = await libvips(sharp(stored).toColourspace('srgb'));
  expect(distance(grey, full)).toBeLessThan(8);
  expect(Math.min(...grey.data)).toBeLessThan(8);
});

test('a gamma of 1 is light itself', async () => {
  const [number] = (await libvips(sharp(odd['png-gamma-1.png']).removeAlpha())).data;
  const [shown] = (await decode(odd['png-gamma-1.png']!)).data;
  const light = number! / 255;
  expect(shown).toBe(Math.round(255 * (1.055 * light ** (1 / 2.4) - 0.055)));
});

test('the usual gamma is sRGB', async () => {
  expect(distance(await decode(odd['png-gamma-2.2.png']!), upright)).toBe(0);
});

test.each(['avif-pq.avif', 'png-cicp-pq.png', 'avif-hlg.avif', 'png-cicp-hlg.png'])(
  'HDR (%s) is mapped, not taken for sRGB',
  async (name) => {
    expect(distance(await decode(odd[name]!), upright)).toBeGreaterThan(10);
  },
);

test('one mapping of HDR, whatever the container', async () => {
  const [avif, png] = await Promise.all(
    ['avif-pq.avif', 'png-cicp-pq.png'].map((n) => decode(odd[n]!)),
  );
  expect(distance(avif!, png!)).toBeLessThan(5);
});

test('the first frame of an AVIF sequence', async () => {
  expect(distance(await decode(odd['avif-sequence.avif']!), upright)).toBeLessThan(15);
});

test.each([
  ['PNG of 16 bits', () => base().toColourspace('rgb16').withIccProfile('p3').png()],
  ['AVIF of 10 bits', () => base().withIccProfile('p3').avif({ quality: 90, bitdepth: 10 })],
])('a profile in a %s is applied once', async (_, make: () => Sharp) => {
  const picture = await make().toBuffer();
  expect((await sharp(picture).metadata()).depth).toBe('ushort');
  expect(distance(await decode(picture), upright)).toBeLessThan(3);
});

test('the still picture of an animated PNG, which is no frame of it', async () => {
  expect(distance(await decode(odd['png-animated.png']!), upright)).toBe(0);
});

test('an AVIF sequence that is not read is left to other decoders', async () => {
  const sequence = Buffer.from(odd['avif-sequence.avif']!);
  const pixels = sequence.indexOf('mdat', 0, 'latin1') + 4;
  sequence.fill(0xff, pixels, pixels + 200);
  expect(await decodeImage(sequence, LIMITS)).toMatchObject({
    ok: false,
    problem: { type: 'unsupported-image', expected: 'an AVIF that libheif reads' },
  });
});

test('white where the first frame of a GIF does not reach', async () => {
  const { data, width, height } = await decode(odd['gif-small-frame.gif']!);
  const at = (x: number, y: number) => [
    ...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
  ];
  expect([width, height]).toEqual([400, 400]);
  expect([at(0, 0), at(29, 50), at(30 + WIDTH, 50), at(50, 20 + HEIGHT), at(399, 399)]).toEqual(
    Array(5).fill([255, 255, 255]),
  );
  expect(at(30, 20)).not.toEqual([255, 255, 255]);
});

test.each(['jpeg-cmyk.jpg', 'jpeg-cmyk-progressive.jpg'])(
  '%s: each ink darkens by its share',
  async (name) => {
    const ink = await sharp(odd[name])
      .pipelineColourspace('cmyk')
      .toColourspace('cmyk')
      .raw()
      .toBuffer();
    const [cyan, , , black] = ink;
    const [red] = (await decode(odd[name]!)).data;
    expect(red).toBe(Math.round(((255 - cyan!) * (255 - black!)) / 255));
  },
);

test('the part of an AVIF that is to be shown', async () => {
  const avif = await base().avif({ quality: 90 }).toBuffer();
  const shown = await decode(withProperty(avif, 'clap', clap(40, 30, -10, 5)));
  const part = await libvips(base().extract({ left: 18, top: 26, width: 40, height: 30 }));
  expect(distance(shown, part)).toBeLessThan(8);
});

describe('what the header forbids', () => {
  test('a file without its end is broken', async () => {
    for (const bytes of Object.values(cut)) {
      expect(await decodeImage(bytes, LIMITS)).toMatchObject({
        ok: false,
        problem: { type: 'undecodable-image', received: 'a file without its end' },
      });
    }
  });

  test('an AVIF that costs too much is refused before it is decoded', async () => {
    const avif = await base().avif().toBuffer();
    const at = avif.indexOf('ispe', 0, 'latin1') + 8;
    avif.writeUInt32BE(8000, at);
    avif.writeUInt32BE(8000, at + 4);
    expect(await decodeImage(avif, LIMITS)).toMatchObject({
      ok: false,
      problem: { type: 'too-many-pixels', expected: 'at most 536870912 bytes to decode' },
    });
  });
});

async function p3Profile(): Promise<{ data: Buffer }> {
  const { icc } = await sharp(await base().withIccProfile('p3').png().toBuffer()).metadata();
  return { data: icc! };
}

/** The same numbers, called colours of a profile. */
function withProfile(png: Buffer, profile: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from('p3\0\0', 'latin1'), deflateSync(profile)]);
  return withChunk(png, 'iCCP', named);
}
