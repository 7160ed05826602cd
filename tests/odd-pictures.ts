/** Pictures with what cameras, phones and tools write and our encoder does not. */
import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { withCodePoints, withProperty } from './avif-boxes';

/** A chunk right behind the header of a PNG. */
export function withChunk(png: Buffer, name: string, payload: Buffer): Buffer {
  const headerEnd = 8 + 12 + 13;
  const body = Buffer.concat([Buffer.from(name, 'latin1'), payload]);
  const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(payload.length);
  crc.writeUInt32BE(crc32(body));
  return Buffer.concat([png.subarray(0, headerEnd), length, body, crc, png.subarray(headerEnd)]);
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
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exif]);
  const head = Buffer.of(0xff, 0xe1, (body.length + 2) >> 8, (body.length + 2) & 255);
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
