import type { RgbImage } from './image';
import type { ImageWindow } from './resize';

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Where a crop begins if the margin is odd. `floor`: transformers' slow processors round down.
 * `half-even`: torchvision (timm, fast processors) rounds half to even.
 */
export type CropRounding = 'floor' | 'half-even';

/**
 * Cuts out the centre of an image. If the crop is larger than the image, the rest is black (0), as
 * in the image processors of Hugging Face transformers and in torchvision.
 */
export function centerCrop(
  image: RgbImage,
  width: number,
  height: number,
  rounding: CropRounding = 'floor',
): RgbImage {
  if (image.width === width && image.height === height) return image;
  const left = cropStart(image.width, width, rounding);
  const top = cropStart(image.height, height, rounding);
  const data = new Uint8Array(width * height * 3);
  const firstColumn = Math.max(0, -left);
  const lastColumn = Math.min(width, image.width - left);
  for (let y = Math.max(0, -top); y < Math.min(height, image.height - top); y++) {
    const from = ((y + top) * image.width + firstColumn + left) * 3;
    const bytes = (lastColumn - firstColumn) * 3;
    data.set(image.data.subarray(from, from + bytes), (y * width + firstColumn) * 3);
  }
  return { data, width, height, channels: 3 };
}

/** The part of an image of the given size that `centerCrop` keeps. */
export function centerWindow(
  image: Size,
  crop: Size,
  rounding: CropRounding = 'floor',
): ImageWindow {
  return {
    left: Math.max(0, cropStart(image.width, crop.width, rounding)),
    top: Math.max(0, cropStart(image.height, crop.height, rounding)),
    width: Math.min(image.width, crop.width),
    height: Math.min(image.height, crop.height),
  };
}

/**
 * First pixel of the crop; negative if the crop begins outside the image.
 * Source of `half-even`: torchvision, transforms/functional.py, `center_crop`.
 */
export function cropStart(
  imageSize: number,
  cropSize: number,
  rounding: CropRounding = 'floor',
): number {
  const half = (imageSize - cropSize) / 2;
  if (rounding === 'floor' || Number.isInteger(half)) return Math.floor(half);
  if (half < 0) return Math.ceil(half);
  return Math.floor(half) % 2 === 0 ? Math.floor(half) : Math.ceil(half);
}
