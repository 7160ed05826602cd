import { readFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { configureDecoder, decodeImage, type DecodeResult } from './decode';
import { sniffFormat } from './sniff';

const LIMITS = { maxImagePixels: 1_000_000, maxDecodeBytes: 2e7, timeoutSeconds: 10 };

/** Left half red, right half blue, a white row on top: every orientation tells itself apart. */
function halves(width = 8, height = 6, channels: 3 | 4 = 3): Sharp {
  const data = Buffer.alloc(width * height * channels, 255);
  for (let y = 1; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data.set(x < width / 2 ? [255, 0, 0] : [0, 0, 255], (y * width + x) * channels);
    }
  }
  return sharp(data, { raw: { width, height, channels } });
}

/** How to undo what each EXIF orientation says was done. */
const STORED: Record<number, (upright: Sharp) => Sharp> = {
  1: (image) => image,
  2: (image) => image.flop(),
  3: (image) => image.rotate(180),
  4: (image) => image.flip(),
  5: (image) => image.rotate(270).flop(),
  6: (image) => image.rotate(270),
  7: (image) => image.rotate(90).flop(),
  8: (image) => image.rotate(90),
};

/** Black that is clear, black, black that is half clear. */
function grayWithAlpha(): Sharp {
  const raw = { width: 3, height: 1, channels: 2 as const };
  return sharp(Buffer.of(0, 0, 0, 255, 0, 128), { raw }).toColourspace('b-w');
}

const pictures: Record<string, Buffer> = {};

async function orient(orientation: number): Promise<Buffer> {
  const upright = await halves().png().toBuffer();
  const stored = await STORED[orientation]!(sharp(upright)).png().toBuffer();
  return sharp(stored).withMetadata({ orientation }).png().toBuffer();
}

beforeAll(async () => {
  for (let i = 1; i <= 8; i++) pictures[`orientation-${i}`] = await orient(i);
  const clear = { r: 0, g: 0, b: 0, alpha: 0 };
  const gray = { width: 2, height: 2, channels: 3 as const, background: { r: 90, g: 90, b: 90 } };
  const frames = await Promise.all(
    [halves(8, 8), sharp({ create: { ...gray, width: 8, height: 8 } })].map((image) =>
      image.png().toBuffer(),
    ),
  );
  Object.assign(pictures, {
    upright: await halves().png().toBuffer(),
    transparent: await sharp({ create: { width: 2, height: 2, channels: 4, background: clear } })
      .png()
      .toBuffer(),
    gray: await sharp({ create: gray }).toColourspace('b-w').png().toBuffer(),
    deep: await sharp({ create: gray }).toColourspace('rgb16').png().toBuffer(),
    palette: await sharp({ create: gray }).png({ palette: true }).toBuffer(),
    cmyk: await sharp({
      create: { ...gray, width: 16, height: 16, background: { r: 255, g: 255, b: 255 } },
    })
      .toColourspace('cmyk')
      .jpeg()
      .toBuffer(),
    gif: await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer(),
    webp: await sharp(frames, { join: { animated: true } })
      .webp({ lossless: true })
      .toBuffer(),
    avif: await halves(64, 64).avif({ lossless: true }).toBuffer(),
    tiff: await halves().tiff().toBuffer(),
    svg: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>'),
    jpeg: await halves(64, 64).jpeg().toBuffer(),
    narrow: await sharp({ create: { ...gray, width: 1, height: 65_536 } })
      .png()
      .toBuffer(),
    grayClear: await grayWithAlpha().png().toBuffer(),
    deepClear: await grayWithAlpha().toColourspace('grey16').png().toBuffer(),
    paletteClear: await sharp(Buffer.of(255, 0, 0, 255, 0, 0, 0, 0), {
      raw: { width: 2, height: 1, channels: 4 },
    })
      .png({ palette: true })
      .toBuffer(),
    wide: await sharp({ create: { ...gray, background: { r: 250, g: 20, b: 20 } } })
      .withIccProfile('p3')
      .png()
      .toBuffer(),
    large: await sharp({ create: { ...gray, width: 1001, height: 1000 } })
      .png()
      .toBuffer(),
  });
  configureDecoder();
});

function image(result: DecodeResult) {
  if (!result.ok) throw new Error(result.problem.received);
  return result.image;
}

const decode = (name: string) => decodeImage(pictures[name]!, LIMITS);
const pixels = async (name: string) => [...image(await decode(name)).data];

describe('decodeImage', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('puts orientation %d upright', async (orientation) => {
    const { width, height } = image(await decode(`orientation-${orientation}`));
    expect([width, height]).toEqual([8, 6]);
    expect(await pixels(`orientation-${orientation}`)).toEqual(await pixels('upright'));
  });

  test('lays transparency on white', async () => {
    expect(await pixels('transparent')).toEqual(Array(12).fill(255));
  });

  test.each(['grayClear', 'deepClear'])('lays %s on white by its share', async (name) => {
    expect(await pixels(name)).toEqual([255, 255, 255, 0, 0, 0, 127, 127, 127]);
  });

  test('lays a clear palette colour on white', async () => {
    expect(await pixels('paletteClear')).toEqual([255, 0, 0, 255, 255, 255]);
  });

  test('turns colours of a wider profile into sRGB', async () => {
    const [red, green, blue] = await pixels('wide');
    expect(Math.abs(red! - 250)).toBeLessThanOrEqual(2);
    expect(Math.abs(green! - 20)).toBeLessThanOrEqual(4);
    expect(Math.abs(blue! - 20)).toBeLessThanOrEqual(4);
  });

  test.each(['gray', 'deep', 'palette'])('makes RGB of a %s picture', async (name) => {
    expect(await pixels(name)).toEqual(Array(12).fill(90));
  });

  test('makes RGB of CMYK: no ink is white', async () => {
    expect(Math.min(...(await pixels('cmyk')))).toBeGreaterThan(245);
  });

  test.each(['gif', 'webp'])('takes the first frame of an animated %s', async (name) => {
    const { width, height, data } = image(await decode(name));
    expect([width, height]).toEqual([8, 8]);
    expect([...data.subarray(-3)]).toEqual([0, 0, 255]);
  });

  test('reads AVIF', async () => {
    const { data } = image(await decode('avif'));
    expect(data.at(-1)).toBeGreaterThan(240);
    expect(data.at(-3)).toBeLessThan(15);
  });

  test.each(['tiff', 'svg'])('has no decoder for %s, whatever asks for one', async (name) => {
    expect(await decode(name)).toMatchObject({ ok: false, problem: { type: 'undecodable-image' } });
  });

  test.each(['jpeg', 'upright', 'webp', 'avif'])(
    'says that half a picture (%s) is broken',
    async (name) => {
      const bytes = pictures[name]!;
      const half = await decodeImage(bytes.subarray(0, Math.ceil(bytes.length / 2)), LIMITS);
      expect(half).toMatchObject({ ok: false, problem: { type: 'undecodable-image' } });
    },
  );

  test('refuses too many pixels by the header alone', async () => {
    const withoutPixels = Buffer.from(pictures['large']!).fill(0, 200);
    expect(await decodeImage(withoutPixels, LIMITS)).toMatchObject({
      ok: false,
      problem: { type: 'too-many-pixels', received: '1001000 pixels' },
    });
  });
});

test('refuses a side longer than a JPEG can have by the header alone', async () => {
  const withoutPixels = Buffer.from(pictures['narrow']!).fill(0, 200);
  expect(await decodeImage(withoutPixels, LIMITS)).toMatchObject({
    ok: false,
    problem: { type: 'too-many-pixels', received: '1 × 65536 pixels' },
  });
});

describe('sniffFormat', () => {
  test.each([
    ['upright', 'png'],
    ['jpeg', 'jpeg'],
    ['webp', 'webp'],
    ['gif', 'gif'],
    ['avif', 'avif'],
  ])('calls %s %s', async (name, format) => {
    expect(await sniffFormat(pictures[name]!)).toBe(format);
  });

  test.each<[string, () => Buffer, string]>([
    ['TIFF', () => pictures['tiff']!, 'image/tiff'],
    ['SVG', () => pictures['svg']!, 'image/svg+xml'],
    ['a page', () => Buffer.from('<!DOCTYPE html><html></html>'), 'text/html'],
    ['text', () => Buffer.from('hello'), 'text'],
    ['a PDF', () => Buffer.from('%PDF-1.7\n'), 'application/pdf'],
    ['one byte', () => Buffer.from([0xff]), 'data of an unknown kind'],
  ])('says of %s what it is', async (_name, bytes, received) => {
    await expect(sniffFormat(bytes())).rejects.toMatchObject({
      type: 'unsupported-image',
      received,
    });
  });

  test('refuses an empty body as an invalid request', async () => {
    await expect(sniffFormat(new Uint8Array())).rejects.toMatchObject({ type: 'invalid-request' });
  });

  test('detects the format of the samples from their bytes, not their names', async () => {
    expect(await sniffFormat(await readFile('public/samples/rocket.jpg'))).toBe('jpeg');
  });
});
