/** Every format with every feature that tools write, on several pictures: the same in every run. */
import sharp, { type Sharp } from 'sharp';
import { exifBlock, jpegWithExif, oddPictures, withChunk } from './odd-pictures';
import { withProperty } from './avif-boxes';
import type { TestPicture } from '../harness/pictures';

const BASES = ['espresso.png', 'school-bus.webp'] as const;

type Make = (base: () => Sharp) => Sharp | Promise<Buffer>;

const ORIENTATIONS = [2, 3, 4, 5, 6, 7, 8] as const;

/** As AVIF says it: turned to the left by so many quarters, then mirrored. */
const AVIF_TURNS: Record<(typeof ORIENTATIONS)[number], { turn: number; mirror?: 0 | 1 }> = {
  2: { turn: 0, mirror: 1 },
  3: { turn: 2 },
  4: { turn: 0, mirror: 0 },
  5: { turn: 1, mirror: 0 },
  6: { turn: 3 },
  7: { turn: 3, mirror: 0 },
  8: { turn: 1 },
};

const FEATURES: Record<string, Make> = {
  'jpeg-q30.jpg': (base) => base().jpeg({ quality: 30 }),
  'jpeg-q95.jpg': (base) => base().jpeg({ quality: 95 }),
  'jpeg-444.jpg': (base) => base().jpeg({ quality: 85, chromaSubsampling: '4:4:4' }),
  'jpeg-progressive.jpg': (base) => base().jpeg({ progressive: true }),
  'jpeg-mozjpeg.jpg': (base) => base().jpeg({ mozjpeg: true }),
  'jpeg-grey.jpg': (base) => base().grayscale().jpeg(),
  'jpeg-p3.jpg': (base) => base().withIccProfile('p3').jpeg({ quality: 90 }),
  'jpeg-srgb-profile.jpg': (base) => base().withIccProfile('srgb').jpeg({ quality: 90 }),
  'jpeg-odd-size.jpg': (base) => base().resize(333, 217, { fit: 'fill' }).jpeg(),
  'png-rgb.png': (base) => base().png(),
  'png-interlaced.png': (base) => base().png({ progressive: true }),
  'png-16-bit.png': (base) => base().toColourspace('rgb16').png(),
  'png-grey.png': (base) => base().grayscale().png(),
  'png-grey-16-bit.png': (base) => base().grayscale().toColourspace('grey16').png(),
  'png-palette-256.png': (base) => base().png({ palette: true, colours: 256 }),
  'png-palette-16.png': (base) => base().png({ palette: true, colours: 16 }),
  'png-alpha.png': (base) => base().ensureAlpha(0.6).png(),
  'png-p3-16-bit.png': (base) => base().toColourspace('rgb16').withIccProfile('p3').png(),
  'png-p3.png': (base) => base().withIccProfile('p3').png(),
  'webp-lossy.webp': (base) => base().webp({ quality: 75 }),
  'webp-sharp-yuv.webp': (base) => base().webp({ quality: 85, smartSubsample: true }),
  'webp-lossless.webp': (base) => base().webp({ lossless: true }),
  'webp-alpha.webp': (base) => base().ensureAlpha(0.6).webp({ quality: 85 }),
  'webp-p3.webp': (base) => base().withIccProfile('p3').webp({ quality: 90 }),
  'webp-animated.webp': (base) => animated(base, (frames) => frames.webp({ lossless: true })),
  'avif-420.avif': (base) => base().avif({ quality: 60, chromaSubsampling: '4:2:0' }),
  'avif-444.avif': (base) => base().avif({ quality: 60 }),
  'avif-grey.avif': (base) => base().grayscale().avif({ quality: 70 }),
  'avif-alpha.avif': (base) => base().ensureAlpha(0.6).avif({ quality: 70 }),
  'avif-lossless.avif': (base) => base().avif({ lossless: true }),
  'avif-p3-profile.avif': (base) => base().withIccProfile('p3').avif({ quality: 80 }),
  'gif-still.gif': (base) => base().gif(),
  'gif-interlaced.gif': (base) => base().gif({ progressive: true }),
  'gif-animated.gif': (base) => animated(base, (frames) => frames.gif()),
  ...Object.fromEntries(ORIENTATIONS.flatMap(turned)),
};

function turned(orientation: (typeof ORIENTATIONS)[number]): [string, Make][] {
  const exif = exifBlock(orientation);
  const { turn, mirror } = AVIF_TURNS[orientation];
  return [
    [
      `jpeg-orientation-${orientation}.jpg`,
      async (base) => jpegWithExif(await base().jpeg({ quality: 90 }).toBuffer(), exif),
    ],
    [
      `png-orientation-${orientation}.png`,
      async (base) => withChunk(await base().png().toBuffer(), 'eXIf', exif),
    ],
    [
      `webp-orientation-${orientation}.webp`,
      (base) => base().withMetadata({ orientation }).webp({ quality: 90 }),
    ],
    [
      `avif-turn-${orientation}.avif`,
      async (base) => {
        const avif = await base().avif({ quality: 80 }).toBuffer();
        const turnedBytes = turn === 0 ? avif : withProperty(avif, 'irot', Buffer.of(turn));
        return mirror === undefined
          ? turnedBytes
          : withProperty(turnedBytes, 'imir', Buffer.of(mirror));
      },
    ],
  ];
}

/** The picture, then its negative. */
async function animated(base: () => Sharp, write: (frames: Sharp) => Sharp): Promise<Buffer> {
  const frames = await Promise.all([base().png().toBuffer(), base().negate().png().toBuffer()]);
  return write(sharp(frames, { join: { animated: true } })).toBuffer();
}

/**
 * At least 120 pictures; the first word of a name is its format, the rest its feature.
 *
 * @param bases which pictures they are made of; all by default
 */
export async function makeCorpus(bases: readonly string[] = BASES): Promise<TestPicture[]> {
  const corpus: TestPicture[] = [];
  for (const file of bases) {
    const base = () =>
      sharp(`public/samples/${file}`).resize(320, 240, { fit: 'cover' }).removeAlpha();
    const subject = file.replace(/\..*/, '');
    for (const [name, make] of Object.entries(FEATURES)) {
      const made = await make(base);
      const bytes = Buffer.isBuffer(made) ? made : await made.toBuffer();
      corpus.push({ name: `${subject}/${name}`, bytes });
    }
    for (const [name, bytes] of Object.entries(await oddPictures(base))) {
      corpus.push({ name: `${subject}/${name}`, bytes });
    }
  }
  return corpus;
}
