import sharp, { type CreateRaw } from 'sharp';
import { expect, test } from 'vitest';
import { orientationOf, putUpright, turnOf, type Orientation } from './orientation';

const WIDTH = 37;
const HEIGHT = 70;
const ALL: Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8];

/** Neighbouring bytes differ, and the pattern repeats only after many of them. */
const stored = (channels: 3 | 4) =>
  Uint8Array.from({ length: WIDTH * HEIGHT * channels }, (_, i) => (i * 7 + (i >> 8)) & 255);

test.each(ALL.flatMap((orientation) => [3, 4].map((channels) => [orientation, channels] as const)))(
  'orientation %d with %d channels is turned as libvips turns it',
  async (orientation, channels) => {
    const data = stored(channels as 3 | 4);
    const raw = { width: WIDTH, height: HEIGHT, channels };
    const tagged = await sharp(data, { raw: raw as CreateRaw })
      .png()
      .withMetadata({ orientation })
      .toBuffer();
    const turned = await sharp(tagged).autoOrient().raw().toBuffer({ resolveWithObject: true });
    const ours = putUpright(
      { data, width: WIDTH, height: HEIGHT, channels: channels as 3 | 4 },
      orientation,
    );
    expect([ours.width, ours.height]).toEqual([turned.info.width, turned.info.height]);
    expect(Buffer.compare(Buffer.from(ours.data), turned.data)).toBe(0);
  },
);

test('turn and orientation say the same', () => {
  expect(ALL.map((orientation) => orientationOf(turnOf(orientation)))).toEqual(ALL);
});

test('the stored picture stays as it is', () => {
  const data = Buffer.from(stored(3));
  const before = Buffer.from(data);
  putUpright({ data, width: WIDTH, height: HEIGHT, channels: 3 }, 6);
  expect(data.equals(before)).toBe(true);
});
