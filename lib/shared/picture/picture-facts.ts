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

/** How the stored values encode colour. */
export type Colour =
  | { readonly kind: 'srgb' }
  /** By an ICC profile. */
  | { readonly kind: 'icc' }
  /** By code points or chunks of the container. */
  | { readonly kind: 'coded'; readonly space: ColourSpace };

/** The content of a picture's header, read without decoding pixels. */
export interface PictureFacts {
  readonly format: ImageFormat;
  /** Stored size in pixels, before cropping and rotation. */
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
  readonly colour: Colour;
  readonly channels: 'grey' | 'rgb' | 'cmyk';
  readonly bitDepth: number;
  /** Number of scans of a JPEG; 1 for other formats. */
  readonly scans: number;
  /** Whether the file is a progressive JPEG, or an interlaced PNG or GIF. */
  readonly interlaced: boolean;
  readonly animated: boolean;
  /** Whether the file has everything that its header announces, up to the end marker. */
  readonly complete: boolean;
  /** The EXIF orientation, if there is one. */
  readonly exif?: ExifOrientation | undefined;
  /** The visible part of an AVIF (`clap`). */
  readonly crop?: Rectangle | undefined;
  /** Whether an AVIF has `irot` or `imir`. Some decoders apply them, some do not. */
  readonly turnedByProperty?: boolean;
  /** Whether an AVIF uses the limited range; browsers expand it with different rounding. */
  readonly limitedRange?: boolean;
  /** Whether grey values go from 16 to 235 (at 8 bits) instead of 0 to 255. */
  readonly limitedGrey?: boolean;
  /** Whether an AVIF has frames only, without a still picture. */
  readonly sequenceOnly?: boolean;
  /** The part of the canvas that the first frame covers; the rest is transparent. */
  readonly firstFrame?: Rectangle | undefined;
}
