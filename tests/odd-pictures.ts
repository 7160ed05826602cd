/** Pictures with what cameras, phones and tools write and our encoder does not. */
import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { withCodePoints, withProperty } from './avif-boxes';

/** A chunk right behind the header of a PNG. */
export function withChunk(png: Buffer, name: string, payload: Buffer): Buffer {
  const headerEnd = 8 + 12 + 13;
  return Buffer.concat([png.subarray(0, headerEnd), chunk(name, payload), png.subarray(headerEnd)]);
}

function chunk(name: string, payload: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), payload]);
  const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(payload.length);
  crc.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, crc]);
}

/**
 * An animation of one frame, which is another picture than the still one: viewers that know no
 * animations show that.
 */
export function pngWithFrame(still: Buffer, frame: Buffer): Buffer {
  const numbers = (...values: number[]) => {
    const payload = Buffer.alloc(values.length * 4);
    values.forEach((value, i) => payload.writeUInt32BE(value, i * 4));
    return payload;
  };
  const [width, height] = [still.readUInt32BE(16), still.readUInt32BE(20)];
  const control = Buffer.concat([numbers(0, width, height, 0, 0), Buffer.of(0, 1, 0, 1, 0, 0)]);
  const pixels = chunksOf(frame, 'IDAT');
  const animated = withChunk(still, 'acTL', numbers(1, 0));
  const end = animated.length - 12;
  return Buffer.concat([
    animated.subarray(0, end),
    chunk('fcTL', control),
    chunk('fdAT', Buffer.concat([numbers(1), ...pixels])),
    animated.subarray(end),
  ]);
}

function chunksOf(png: Buffer, name: string): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const data = png.subarray(at + 8, at + 8 + png.readUInt32BE(at));
    if (png.toString('latin1', at + 4, at + 8) === name) found.push(data);
  }
  return found;
}

/** A bare EXIF block that says how the picture lies, as a 16- or a 32-bit number. */
export function exifBlock(orientation: number, type: 'SHORT' | 'LONG' = 'SHORT'): Buffer {
  const block = Buffer.alloc(26);
  block.write('MM\0*', 0, 'latin1');
  block.writeUInt32BE(8, 4);
  block.writeUInt16BE(1, 8);
  block.writeUInt16BE(0x0112, 10);
  block.writeUInt16BE(type === 'SHORT' ? 3 : 4, 12);
  block.writeUInt32BE(1, 14);
  if (type === 'SHORT') block.writeUInt16BE(orientation, 18);
  else block.writeUInt32BE(orientation, 18);
  return block;
}

export function jpegWithExif(jpeg: Buffer, exif: Buffer): Buffer {
  return withSegment(jpeg, 0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exif]));
}

/** In one piece of 64 KB at most. */
export function jpegWithProfile(jpeg: Buffer, profile: Buffer): Buffer {
  const head = Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1');
  return withSegment(jpeg, 0xe2, Buffer.concat([head, profile]));
}

function withSegment(jpeg: Buffer, marker: number, body: Buffer): Buffer {
  const head = Buffer.of(0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

/** A first frame that is smaller than its canvas, as ImageMagick's trim leaves it. */
export function gifOnLargerCanvas(gif: Buffer, canvas: number, left: number, top: number): Buffer {
  const copy = Buffer.from(gif);
  copy.writeUInt16LE(canvas, 6);
  copy.writeUInt16LE(canvas, 8);
  const frame = findGifFrame(copy);
  copy.writeUInt16LE(left, frame + 1);
  copy.writeUInt16LE(top, frame + 3);
  return copy;
}

function findGifFrame(gif: Buffer): number {
  let at = 13 + ((gif[10]! & 0x80) === 0 ? 0 : 3 * 2 ** ((gif[10]! & 7) + 1));
  while (gif[at] === 0x21) {
    at += 2;
    while (gif[at] !== 0) at += 1 + gif[at]!;
    at++;
  }
  return at;
}

export const clap = (width: number, height: number, right: number, down: number): Buffer => {
  const payload = Buffer.alloc(32);
  [width, 1, height, 1, right, 1, down, 1].forEach((value, i) =>
    payload.writeInt32BE(value, i * 4),
  );
  return payload;
};

const gamma = (value: number): Buffer => {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(Math.round(value * 100_000));
  return payload;
};

/** ITU-T H.273. */
export const P3 = { primaries: 12, transfer: 13 };
export const PQ = { primaries: 9, transfer: 16 };
export const HLG = { primaries: 9, transfer: 18 };

/** Every kind, made of one picture. Those that are cut off are in `cutPictures`. */
export async function oddPictures(base: () => Sharp): Promise<Record<string, Buffer>> {
  const [png, jpeg, avif, webp, gif] = await Promise.all([
    base().png().toBuffer(),
    base().jpeg({ quality: 90 }).toBuffer(),
    base().avif({ quality: 70 }).toBuffer(),
    base().webp({ quality: 90 }).toBuffer(),
    base().gif().toBuffer(),
  ]);
  const cicp = (primaries: number, transfer: number) =>
    withChunk(png, 'cICP', Buffer.of(primaries, transfer, 0, 1));
  return {
    'jpeg-exif-long.jpg': jpegWithExif(jpeg, exifBlock(6, 'LONG')),
    'jpeg-cmyk.jpg': await base().toColourspace('cmyk').jpeg({ quality: 90 }).toBuffer(),
    'jpeg-cmyk-progressive.jpg': await base()
      .toColourspace('cmyk')
      .jpeg({ quality: 90, progressive: true })
      .toBuffer(),
    'png-exif.png': withChunk(png, 'eXIf', exifBlock(8)),
    'png-gamma-1.png': withChunk(png, 'gAMA', gamma(1)),
    'png-gamma-2.2.png': withChunk(png, 'gAMA', gamma(0.45455)),
    'png-animated.png': pngWithFrame(png, await base().negate().png().toBuffer()),
    'png-cicp-p3.png': cicp(P3.primaries, P3.transfer),
    'png-cicp-pq.png': cicp(PQ.primaries, PQ.transfer),
    'png-cicp-hlg.png': cicp(HLG.primaries, HLG.transfer),
    'webp-exif.webp': await sharp(webp).withMetadata({ orientation: 6 }).webp().toBuffer(),
    'avif-irot.avif': withProperty(avif, 'irot', Buffer.of(1)),
    'avif-imir.avif': withProperty(avif, 'imir', Buffer.of(0)),
    'avif-irot-imir.avif': withProperty(
      withProperty(avif, 'irot', Buffer.of(3)),
      'imir',
      Buffer.of(1),
    ),
    'avif-p3.avif': withCodePoints(avif, P3),
    'avif-2020.avif': withCodePoints(avif, { primaries: 9, transfer: 14 }),
    'avif-pq.avif': withCodePoints(avif, PQ),
    'avif-hlg.avif': withCodePoints(avif, HLG),
    'avif-limited.avif': withCodePoints(avif, { isLimited: true }),
    'avif-linear.avif': withCodePoints(avif, { transfer: 8 }),
    'avif-grey-limited.avif': await readFile('tests/fixtures/grey-limited.avif'),
    'avif-sequence.avif': await readFile('tests/fixtures/sequence.avif'),
    'gif-small-frame.gif': gifOnLargerCanvas(gif, 400, 30, 20),
  };
}

/** Files whose end is missing: not an answer on either side. */
export async function cutPictures(base: () => Sharp): Promise<Record<string, Buffer>> {
  const whole = {
    'png-no-end.png': [await base().png().toBuffer(), 12],
    'jpeg-no-end.jpg': [await base().jpeg().toBuffer(), 2],
    'jpeg-cut.jpg': [await base().jpeg().toBuffer(), 3000],
    'jpeg-progressive-cut.jpg': [await base().jpeg({ progressive: true }).toBuffer(), 1000],
    'webp-cut.webp': [await base().webp().toBuffer(), 1000],
    'avif-cut.avif': [await base().avif().toBuffer(), 200],
    'gif-cut.gif': [await base().gif().toBuffer(), 500],
  } as const;
  return Object.fromEntries(
    Object.entries(whole).map(([name, [bytes, missing]]) => [
      name,
      bytes.subarray(0, bytes.length - missing),
    ]),
  );
}
