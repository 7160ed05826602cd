import sharp from 'sharp';
import { expect, test } from 'vitest';
import { HeaderError } from './bytes';
import { placeOnCanvas, readFirstWebpFrame } from './webp-frame';

const SIZE = { width: 60, height: 44 };

interface Kind {
  readonly lossless: boolean;
  readonly alpha: number;
}

/** An animation of two frames; the first one shows the picture. */
async function animation({ lossless, alpha }: Kind): Promise<Buffer> {
  const first = await sharp('public/samples/espresso.png')
    .resize(SIZE.width, SIZE.height, { fit: 'fill' })
    .removeAlpha()
    .ensureAlpha(alpha)
    .png()
    .toBuffer();
  const second = await sharp(first).negate({ alpha: false }).png().toBuffer();
  return sharp([first, second], { join: { animated: true } })
    .webp({ lossless })
    .toBuffer();
}

const pixelsOf = (file: Uint8Array) =>
  sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true });

test.each<Kind>([
  { lossless: true, alpha: 1 },
  { lossless: true, alpha: 0.5 },
  { lossless: false, alpha: 1 },
  { lossless: false, alpha: 0.5 },
])('the first frame alone has the pixels that libvips reads: %o', async (kind) => {
  const file = await animation(kind);
  const { still, left, top } = readFirstWebpFrame(file);
  const [whole, alone] = await Promise.all([pixelsOf(file), pixelsOf(still)]);
  expect((await sharp(still).metadata()).pages).toBeUndefined();
  expect([left, top]).toEqual([0, 0]);
  expect([alone.info.width, alone.info.height]).toEqual([SIZE.width, SIZE.height]);
  expect(alone.data.equals(whole.data)).toBe(true);
});

/** Places the first frame at an offset of `by`, on a canvas enlarged by twice as much. */
function moved(file: Buffer, by: number): Buffer {
  const copy = Buffer.from(file);
  copy.writeUIntLE(SIZE.width + 2 * by - 1, 24, 3);
  copy.writeUIntLE(SIZE.height + 2 * by - 1, 27, 3);
  const frame = copy.indexOf('ANMF') + 8;
  copy.writeUIntLE(by / 2, frame, 3);
  copy.writeUIntLE(by / 2, frame + 3, 3);
  return copy;
}

test('a frame that is smaller than the canvas lies where libvips puts it', async () => {
  const file = moved(await animation({ lossless: true, alpha: 1 }), 8);
  const frame = readFirstWebpFrame(file);
  const [whole, { data, info }] = await Promise.all([pixelsOf(file), pixelsOf(frame.still)]);
  const placed = placeOnCanvas({ data, ...info, channels: 4 }, frame, whole.info);
  expect([frame.left, frame.top]).toEqual([8, 8]);
  expect(Buffer.from(placed.data).equals(whole.data)).toBe(true);
});

test('a frame that reaches over the edge is cut there', () => {
  const image = { data: new Uint8Array(4 * 9).fill(7), width: 3, height: 3, channels: 4 as const };
  const placed = placeOnCanvas(image, { left: 2, top: 2 }, { width: 4, height: 3 });
  const filled = [...placed.data].flatMap((value, i) => (value === 7 ? [i >> 2] : []));
  expect([...new Set(filled)]).toEqual([10, 11]);
});

test('a still picture, and a file that ends in its first frame, are refused', async () => {
  const still = await sharp('public/samples/cat.png').resize(8).webp().toBuffer();
  const cut = (await animation({ lossless: true, alpha: 1 })).subarray(0, 200);
  expect(() => readFirstWebpFrame(still)).toThrow('The WebP has no frame.');
  expect(() => readFirstWebpFrame(cut)).toThrow(HeaderError);
});
