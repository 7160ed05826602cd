import type { ImageFormat } from '../contract/predict';
import type { ColourSpace } from './colour-space';
import type { ExifOrientation } from './exif';
import type { Orientation } from './orientation';

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
  /** An AVIF whose numbers do not fill their range, which browsers spread in steps of their own. */
  readonly limitedRange?: boolean;
  /** Grey whose values go from 16 to 235 instead of from 0 to 255, in 8 bits. */
  readonly limitedGrey?: boolean;
  /** An AVIF of frames alone, without a still picture. */
  readonly sequenceOnly?: boolean;
  /** Where the first frame lies on its canvas; the rest is transparent. */
  readonly firstFrame?: Rectangle | undefined;
}
