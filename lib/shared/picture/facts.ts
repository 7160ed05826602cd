import type { ImageFormat } from '../contract/predict';
import { readAvif } from './avif';
import { Bytes, HeaderError } from './bytes';
import type { ColourSpace } from './colour-space';
import type { ExifOrientation } from './exif';
import { readGif } from './gif';
import { readJpeg } from './jpeg';
import type { Orientation } from './orientation';
import { readPng } from './png';
import { readWebp } from './webp';

export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What the numbers of the pixels mean. */
export type Colour =
  | { readonly kind: 'srgb' }
  /** An ICC profile says it. */
  | { readonly kind: 'icc' }
  /** Code points or chunks of the container say it. */
  | { readonly kind: 'coded'; readonly space: ColourSpace };

/** What a picture's header says, read without decoding a pixel. */
export interface PictureFacts {
  readonly format: ImageFormat;
  /** As stored, before it is cropped and turned. */
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
  readonly colour: Colour;
  readonly channels: 'grey' | 'rgb' | 'cmyk';
  readonly bitDepth: number;
  /** Of a JPEG, else 1. */
  readonly scans: number;
  /** A progressive JPEG, an interlaced PNG or GIF. */
  readonly interlaced: boolean;
  readonly animated: boolean;
  /** Whether the file has all that its header announces, up to its end mark. */
  readonly complete: boolean;
  /** Where EXIF says how it lies. */
  readonly exif?: ExifOrientation | undefined;
  /** The part to show, of AVIF (`clap`). */
  readonly crop?: Rectangle | undefined;
  /** AVIF's own turning (`irot`, `imir`), which its decoders may apply by themselves. */
  readonly turnedByProperty?: boolean;
  /** Grey whose values go from 16 to 235 instead of from 0 to 255, in 8 bits. */
  readonly limitedGrey?: boolean;
  /** An AVIF of frames alone, without a still picture. */
  readonly sequenceOnly?: boolean;
  /** Where the first frame lies on its canvas; the rest is transparent. */
  readonly firstFrame?: Rectangle | undefined;
}

const READERS: readonly [isIt: (file: Bytes) => boolean, read: (file: Bytes) => PictureFacts][] = [
  [(file) => file.length > 2 && file.u16(0) === 0xffd8, readJpeg],
  [(file) => file.has(0, '\u0089PNG\r\n\u001a\n'), readPng],
  [(file) => file.has(0, 'RIFF') && file.has(8, 'WEBP'), readWebp],
  [(file) => file.has(0, 'GIF8'), readGif],
  [(file) => file.has(4, 'ftyp'), readAvif],
];

/**
 * Reads what the header of a JPEG, PNG, WebP, AVIF or GIF says.
 *
 * @returns undefined for another format, `broken` where the header cannot be made sense of
 */
export function readFacts(bytes: Uint8Array): PictureFacts | 'broken' | undefined {
  const file = new Bytes(bytes);
  const read = READERS.find(([isIt]) => isIt(file))?.[1];
  try {
    const facts = read?.(file);
    return facts && (facts.width < 1 || facts.height < 1) ? 'broken' : facts;
  } catch (error) {
    if (error instanceof HeaderError) return 'broken';
    throw error;
  }
}
