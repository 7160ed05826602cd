import type { RgbImage } from './image';
import type { ImageWindow } from './resize';

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Cuts the middle out of an image; where the crop is larger than the image, the rest is black
 * (zeros), as the image processors of Hugging Face transformers do it.
 */
export function centerCrop(image: RgbImage, width: number, height: number): RgbImage {
  if (image.width === width && image.height === height) return image;
  const left = cropStart(image.width, width);
  const top = cropStart(image.height, height);
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

/** The part of an image of that size that `centerCrop` keeps. */
export function centerWindow(image: Size, crop: Size): ImageWindow {
  return {
    left: Math.max(0, cropStart(image.width, crop.width)),
    top: Math.max(0, cropStart(image.height, crop.height)),
    width: Math.min(image.width, crop.width),
    height: Math.min(image.height, crop.height),
  };
}

/** Where the crop begins in the image; below 0 where it begins before the image does. */
function cropStart(imageSize: number, cropSize: number): number {
  return Math.floor((imageSize - cropSize) / 2);
}
