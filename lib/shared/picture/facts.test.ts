import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  clap,
  cutPictures,
  exifBlock,
  jpegWithExif,
  oddPictures,
} from '../../../tests/odd-pictures';
import { withProperty } from '../../../tests/avif-boxes';
import { readFacts, type PictureFacts } from './facts';

const base = () => sharp('public/samples/espresso.png').resize(96, 72);
let odd: Record<string, Buffer>;
let cut: Record<string, Buffer>;

beforeAll(async () => {
  [odd, cut] = await Promise.all([oddPictures(base), cutPictures(base)]);
});

function factsOf(bytes: Uint8Array): PictureFacts {
  const facts = readFacts(bytes);
  if (!facts || facts === 'broken') throw new Error(`expected facts, received ${facts}`);
  return facts;
}

test.each([
  ['jpeg-exif-long.jpg', 6],
  ['png-exif.png', 8],
  ['webp-exif.webp', 6],
  ['avif-irot.avif', 8],
  ['avif-imir.avif', 4],
  ['avif-irot-imir.avif', 5],
  ['png-gamma-1.png', 1],
])('reads the orientation of %s', (name, orientation) => {
  expect(factsOf(odd[name]!).orientation).toBe(orientation);
});

test.each([
  ['jpeg-cmyk.jpg', 'srgb'],
  ['png-gamma-2.2.png', 'srgb'],
  ['png-gamma-1.png', 'coded'],
  ['png-cicp-p3.png', 'coded'],
  ['avif-p3.avif', 'coded'],
  ['avif-pq.avif', 'coded'],
  ['avif-2020.avif', 'coded'],
  ['avif-irot.avif', 'srgb'],
])('tells where the colours of %s are described', (name, kind) => {
  expect(factsOf(odd[name]!).colour.kind).toBe(kind);
});

test('finds a profile in JPEG, PNG, WebP and AVIF', async () => {
  const wide = base().withIccProfile('p3');
  for (const make of ['jpeg', 'png', 'webp', 'avif'] as const) {
    expect(factsOf(await wide.clone()[make]().toBuffer())).toMatchObject({
      format: make,
      width: 96,
      height: 72,
      complete: true,
      colour: { kind: 'icc' },
    });
  }
});

test('tells scans, interlacing and depth', async () => {
  const progressive = await base().jpeg({ progressive: true }).toBuffer();
  expect(factsOf(progressive)).toMatchObject({ scans: 10, interlaced: true, bitDepth: 8 });
  const deep = base().toColourspace('rgb16').png({ progressive: true });
  expect(factsOf(await deep.toBuffer())).toMatchObject({ interlaced: true, bitDepth: 16 });
});

test('tells what an AVIF is made of', () => {
  expect(factsOf(odd['avif-grey-limited.avif']!)).toMatchObject({
    channels: 'grey',
    limitedRange: true,
    limitedGrey: true,
  });
  expect(factsOf(odd['avif-sequence.avif']!)).toMatchObject({ animated: true, complete: true });
  const cropped = withProperty(odd['avif-p3.avif']!, 'clap', clap(40, 30, -10, 5));
  expect(factsOf(cropped).crop).toEqual({ left: 18, top: 26, width: 40, height: 30 });
});

test('tells a first frame that is smaller than its canvas', () => {
  expect(factsOf(odd['gif-small-frame.gif']!)).toMatchObject({
    width: 400,
    height: 400,
    firstFrame: { left: 30, top: 20, width: 96, height: 72 },
  });
});

test('every whole picture is complete, every cut one is not', () => {
  const complete = (pictures: Record<string, Buffer>) =>
    Object.entries(pictures).map(([name, bytes]) => [name, factsOf(bytes).complete]);
  expect(complete(odd)).toEqual(Object.keys(odd).map((name) => [name, true]));
  expect(complete(cut)).toEqual(Object.keys(cut).map((name) => [name, false]));
});

test('EXIF without sense is upright', async () => {
  const jpeg = await base().jpeg().toBuffer();
  for (const exif of [exifBlock(9), exifBlock(0), Buffer.from('II*\0'), Buffer.alloc(30)]) {
    expect(factsOf(jpegWithExif(jpeg, exif)).orientation).toBe(1);
  }
});

describe('whatever comes', () => {
  test('another format has no facts', () => {
    expect(readFacts(Buffer.from('hello'))).toBeUndefined();
    expect(readFacts(new Uint8Array())).toBeUndefined();
  });

  test('no beginning of a picture throws or hangs', () => {
    for (const bytes of Object.values(odd)) {
      for (let length = 0; length < Math.min(bytes.length, 600); length += 3) {
        readFacts(bytes.subarray(0, length));
      }
    }
  });

  test('no changed byte of a header throws or hangs', () => {
    for (const bytes of Object.values(odd)) {
      const copy = Buffer.from(bytes);
      for (let at = 0; at < Math.min(copy.length, 500); at++) {
        const [before] = [copy[at]!];
        for (const value of [0, 1, 255]) {
          copy[at] = value;
          readFacts(copy);
        }
        copy[at] = before;
      }
    }
  });
});
