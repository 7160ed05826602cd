import type { Preprocessing } from '../model/preprocessing';
import { centerCrop, centerWindow, cropStart } from './crop';
import type { PixelImage, RgbImage } from './image';
import { toGrey, toRgb } from './image';
import { resize } from './resize';

/** One picture as a tensor. */
export interface ImageTensor {
  /** Values channel by channel (NCHW), rows from the top. */
  readonly data: Float32Array<ArrayBuffer>;
  /** [batch = 1, channels = 3 (1 for grey), height, width] */
  readonly dims: readonly [1, 1 | 3, number, number];
}

/**
 * All steps from decoded pixels to the model's input, shared by server and browser: resize, centre
 * crop, rescale, normalise.
 */
export function imageToTensor(image: PixelImage, preprocessing: Preprocessing): ImageTensor {
  return normalize(fitImage(image, preprocessing), preprocessing);
}

/** Resizes and crops. The result is what the model "sees", before normalisation. */
export function fitImage(picture: PixelImage, preprocessing: Preprocessing): RgbImage {
  const { resize: size, crop, cropRounding, isGrey = false } = preprocessing;
  const image = isGrey ? toGrey(picture) : picture;
  const resized = size ? resizeTo(image, size, preprocessing) : toRgb(image);
  return crop ? centerCrop(resized, crop.width, crop.height, cropRounding) : resized;
}

/**
 * Computes only what the crop keeps: resizing the shortest edge of a very narrow picture would give
 * an enormous image.
 */
function resizeTo(
  image: PixelImage,
  size: NonNullable<Preprocessing['resize']>,
  { crop, cropRounding }: Preprocessing,
): RgbImage {
  const { width, height } = size.kind === 'exact' ? size : fitShortestEdge(image, size);
  const window = crop ? centerWindow({ width, height }, crop, cropRounding) : undefined;
  return resize(image, width, height, size.filter, window);
}

/**
 * A part of a picture, with sides as shares of the picture's sides. Values below 0 or above 1 lie
 * outside the picture.
 */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The part of a picture that the model sees. */
export function seenArea(
  image: Pick<PixelImage, 'width' | 'height'>,
  { resize: size, crop, cropRounding }: Preprocessing,
): Area {
  const resized = size ? (size.kind === 'exact' ? size : fitShortestEdge(image, size)) : image;
  const seen = crop ?? resized;
  return {
    left: cropStart(resized.width, seen.width, cropRounding) / resized.width,
    top: cropStart(resized.height, seen.height, cropRounding) / resized.height,
    width: seen.width / resized.width,
    height: seen.height / resized.height,
  };
}

function fitShortestEdge(
  { width, height }: Pick<PixelImage, 'width' | 'height'>,
  { edge, longest = Infinity }: { edge: number; longest?: number | undefined },
) {
  const shorter = Math.min(width, height);
  const longer = Math.trunc((edge * Math.max(width, height)) / shorter);
  const isTooLong = longer > longest;
  const short = isTooLong ? Math.max(1, Math.trunc((longest * edge) / longer)) : edge;
  const long = isTooLong ? longest : longer;
  return width === shorter
    ? { width: short, height: height === shorter ? short : long }
    : { width: long, height: short };
}

/** Computes (byte × rescaleFactor − mean) / std, with a table of all 256 byte values. */
function normalize(image: RgbImage, preprocessing: Preprocessing): ImageTensor {
  const { rescaleFactor, normalization, isBgr = false, isGrey = false } = preprocessing;
  const channels = isGrey ? 1 : 3;
  const { width, height } = image;
  const plane = width * height;
  const data = new Float32Array(plane * channels);
  for (let channel = 0; channel < channels; channel++) {
    const mean = normalization?.mean[channel] ?? 0;
    const std = normalization?.std[channel] ?? 1;
    const table = Float32Array.from(
      { length: 256 },
      (_, value) => (value * rescaleFactor - mean) / std,
    );
    const offset = (isBgr ? 2 - channel : channel) * plane;
    for (let pixel = 0; pixel < plane; pixel++) {
      data[offset + pixel] = table[image.data[pixel * 3 + channel]!]!;
    }
  }
  return { data, dims: [1, channels, height, width] };
}
