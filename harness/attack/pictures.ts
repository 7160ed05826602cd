/** Attacks with pictures that are small to send and expensive to decode. */
import sharp from 'sharp';
import { postPicture } from '../client';
import type { Attack } from './attack';
import { inLanes, tally, undocumented } from './raw';

const LANES = 4;
const ADDRESSES = 16;

const flat = (width: number, height: number) =>
  sharp({
    create: { width, height, channels: 3, background: '#6a7f5b' },
    limitInputPixels: false,
  });

/** A new picture of the same cost each time: decoders skip the few bytes added at its end. */
function variant(picture: Buffer, number: number): Buffer {
  const tail = Buffer.alloc(4);
  tail.writeUInt32LE(number);
  return Buffer.concat([picture, tail]);
}

/**
 * A progressive JPEG that repeats its last scan many times: a few kilobytes that take as long to
 * decode as thousands of pictures.
 */
export async function jpegOfManyScans(scans: number): Promise<Buffer> {
  const noise = Buffer.from(
    Array.from({ length: 3 * 1024 * 1024 }, (_, i) => (i * 2654435761) & 255),
  );
  const jpeg = await sharp(noise, { raw: { width: 1024, height: 1024, channels: 3 } })
    .jpeg({ progressive: true, quality: 1 })
    .toBuffer();
  const last = jpeg.lastIndexOf(Buffer.from([0xff, 0xda]));
  const scan = jpeg.subarray(last, -2);
  const end = Buffer.from([0xff, 0xd9]);
  return Buffer.concat([jpeg.subarray(0, -2), ...Array<Buffer>(scans).fill(scan), end]);
}

const KINDS: Record<string, () => Promise<Buffer>> = {
  'AVIF of 64 megapixels': () => flat(8000, 8000).avif({ quality: 1, effort: 0 }).toBuffer(),
  'interlaced 16-bit PNG of 36 megapixels': () =>
    flat(6000, 6000).toColourspace('rgb16').png({ progressive: true }).toBuffer(),
  'WebP of 64 megapixels': () => flat(8000, 8000).webp({ effort: 0 }).toBuffer(),
  'PNG of 225 megapixels': () => flat(15_000, 15_000).png().toBuffer(),
  'progressive JPEG of 400 scans': () => jpegOfManyScans(400),
};

export const dearPictures: readonly Attack[] = Object.entries(KINDS).map(([name, make]) => ({
  name,
  run: async (server, size) => {
    const picture = await make();
    const count = Math.max(2, Math.ceil(12 * size));
    const statuses = await inLanes(count, LANES, async (i) => {
      const address = { 'X-Forwarded-For': `203.0.113.${i % ADDRESSES}` };
      const answer = await postPicture(server.url, variant(picture, i), address);
      await answer.arrayBuffer();
      return answer.status;
    });
    return {
      measured: `${count} of ${Math.round(picture.byteLength / 1024)} KB: ${JSON.stringify(tally(statuses))}`,
      wrong: undocumented(statuses),
    };
  },
}));
