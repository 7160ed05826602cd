/** Generates pictures of every format, and corrupts them in many ways. */
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';

const SIDE = 40;

/** Small pictures, because corrupting large ones only takes longer. */
export async function seedPictures(): Promise<Buffer[]> {
  const base = () => sharp('public/samples/cat.png').resize(SIDE, SIDE - 8, { fit: 'fill' });
  return Promise.all(
    [
      base().jpeg({ quality: 70 }),
      base().jpeg({ progressive: true }).withMetadata({ orientation: 6 }),
      base().toColourspace('cmyk').jpeg(),
      base().png(),
      base().png({ palette: true, colours: 16 }),
      base().toColourspace('rgb16').png(),
      base().webp({ quality: 60 }),
      base().ensureAlpha(0.5).webp({ lossless: true }),
      base().avif({ quality: 40, effort: 0 }),
      base().gif(),
    ].map((picture) => picture.toBuffer()),
  );
}

type Mutation = (bytes: Buffer) => Buffer;

/**
 * A position in a picture of unknown length. Positions in the header are frequent, because it
 * decides most.
 */
const place = () => fc.oneof(fc.nat(64), fc.nat(4000));
const within = (position: number, bytes: Buffer) => position % (bytes.length + 1);

function insertAt(bytes: Buffer, position: number, inserted: Uint8Array): Buffer {
  const at = within(position, bytes);
  return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at)]);
}

const bitFlip = () =>
  fc.record({ at: place(), bit: fc.nat(7) }).map(({ at, bit }): Mutation => (bytes) => {
    const flipped = Buffer.from(bytes);
    if (flipped.length > 0) flipped[at % flipped.length]! ^= 1 << bit;
    return flipped;
  });

const cut = () =>
  fc.record({ at: place(), length: fc.nat(2000) }).map(({ at, length }): Mutation => (bytes) => {
    const from = within(at, bytes);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length)]);
  });

const truncation = () =>
  place().map(
    (at): Mutation =>
      (bytes) =>
        bytes.subarray(0, within(at, bytes)),
  );

const insertion = () =>
  fc.record({ at: place(), inserted: fc.uint8Array({ maxLength: 80 }) }).map(
    ({ at, inserted }): Mutation =>
      (bytes) =>
        insertAt(bytes, at, inserted),
  );

const duplication = () =>
  fc.record({ from: place(), length: fc.nat(600), at: place() }).map(
    ({ from, length, at }): Mutation =>
      (bytes) =>
        insertAt(bytes, at, bytes.subarray(within(from, bytes)).subarray(0, length)),
  );

const number = () =>
  fc
    .record({ at: place(), value: fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xffffffff) })
    .map(({ at, value }): Mutation => (bytes) => {
      if (bytes.length < 4) return bytes;
      const changed = Buffer.from(bytes);
      changed.writeUInt32BE(value, at % (bytes.length - 3));
      return changed;
    });

const foreignHeader = (seeds: readonly Buffer[]) =>
  fc.record({ other: fc.constantFrom(...seeds), length: fc.integer({ min: 1, max: 40 }) }).map(
    ({ other, length }): Mutation =>
      (bytes) =>
        Buffer.concat([other.subarray(0, length), bytes.subarray(length)]),
  );

const splice = (seeds: readonly Buffer[]) =>
  fc
    .record({ other: fc.constantFrom(...seeds), from: place(), length: fc.nat(500), at: place() })
    .map(
      ({ other, from, length, at }): Mutation =>
        (bytes) =>
          insertAt(bytes, at, other.subarray(within(from, other)).subarray(0, length)),
    );

const dimensions = () =>
  fc.tuple(side(), side()).map(
    ([width, height]): Mutation =>
      (bytes) =>
        withDimensions(bytes, width, height),
  );

const side = () =>
  fc.constantFrom(0, 1, 40, 7999, 8000, 8001, 16_383, 65_535, 100_000, 0x7fffffff, 0xffffffff);

/** The picture with another size in its header, otherwise unchanged. */
export function withDimensions(bytes: Buffer, width: number, height: number): Buffer {
  const changed = Buffer.from(bytes);
  const find = (marker: string) => changed.indexOf(marker, 0, 'latin1');
  const png = find('IHDR');
  if (png >= 0 && png + 21 <= changed.length) {
    changed.writeUInt32BE(width, png + 4);
    changed.writeUInt32BE(height, png + 8);
    changed.writeUInt32BE(crc32(changed.subarray(png, png + 17)), png + 17);
  }
  const gif = find('GIF8');
  if (gif >= 0 && gif + 10 <= changed.length) {
    changed.writeUInt16LE(width & 0xffff, gif + 6);
    changed.writeUInt16LE(height & 0xffff, gif + 8);
  }
  const jpeg = Math.max(find('\xff\xc0'), find('\xff\xc2'));
  if (jpeg >= 0 && jpeg + 9 <= changed.length) {
    changed.writeUInt16BE(height & 0xffff, jpeg + 5);
    changed.writeUInt16BE(width & 0xffff, jpeg + 7);
  }
  const webp = find('VP8X');
  if (webp >= 0 && webp + 18 <= changed.length) {
    changed.writeUIntLE((width - 1) & 0xffffff, webp + 12, 3);
    changed.writeUIntLE((height - 1) & 0xffffff, webp + 15, 3);
  }
  const avif = find('ispe');
  if (avif >= 0 && avif + 16 <= changed.length) {
    changed.writeUInt32BE(width, avif + 8);
    changed.writeUInt32BE(height, avif + 12);
  }
  return changed;
}

/** A valid picture, one with up to four corruptions, or sometimes no picture at all. */
export function pictures(seeds: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const mutation = fc.oneof(
    bitFlip(),
    cut(),
    truncation(),
    insertion(),
    duplication(),
    number(),
    foreignHeader(seeds),
    splice(seeds),
    { weight: 2, arbitrary: dimensions() },
  );
  const spoilt = fc
    .record({ seed: fc.constantFrom(...seeds), mutations: fc.array(mutation, { maxLength: 4 }) })
    .map(({ seed, mutations }) => mutations.reduce((bytes, mutate) => mutate(bytes), seed));
  const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
  return fc.oneof({ weight: 9, arbitrary: spoilt }, { weight: 1, arbitrary: bytes });
}
