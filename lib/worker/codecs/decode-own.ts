/**
 * Our own decoders, for pictures that a browser's canvas would alter. Each decoder is downloaded
 * when the first picture needs it; the service worker then keeps it.
 */
import type { ImageFormat } from '@/lib/shared/contract/predict';
import type { PictureFacts } from '@/lib/shared/picture/facts';
import { crop, finishColours } from '@/lib/shared/picture/finish';
import { readProfile } from '@/lib/shared/picture/icc';
import { putUpright } from '@/lib/shared/picture/orientation';
import { readProfileBytes } from '@/lib/shared/picture/profile-bytes';
import { convert } from '@/lib/shared/picture/to-srgb';
import { toRgb, type PixelImage } from '@/lib/shared/vision/image';
import { WorkerError } from '../worker-error';

interface Codec {
  readonly decodePixels: (bytes: ArrayBuffer) => Promise<PixelImage>;
}

const CODECS: Readonly<Record<ImageFormat, () => Promise<Codec>>> = {
  jpeg: () => import('./jpeg-codec'),
  png: () => import('./png-codec'),
  webp: () => import('./webp-codec'),
  avif: () => import('./avif-codec'),
  gif: () => import('./gif-codec'),
};

/**
 * Decodes a picture to upright sRGB pixels on white, without a canvas.
 *
 * @throws WorkerError `undecodable-image`, `unsupported-picture` or `decoder-missing`
 */
export async function decodeWithoutCanvas(
  bytes: ArrayBuffer,
  facts: PictureFacts,
): Promise<PixelImage> {
  if (facts.channels === 'cmyk') {
    throw new WorkerError('unsupported-picture', 'This browser cannot read pictures in CMYK.');
  }
  if (facts.format === 'png' && facts.interlaced && facts.bitDepth < 8) {
    throw new WorkerError(
      'unsupported-picture',
      'Interlaced PNGs of fewer than 8 bits are not read without a canvas.',
    );
  }
  const { decodePixels } = await loadCodec(facts.format);
  let decoded: PixelImage;
  try {
    decoded = await decodePixels(bytes);
  } catch (cause) {
    throw new WorkerError('undecodable-image', 'The picture is broken.', { cause });
  }
  const shown = crop(layOnWhite(decoded), facts.crop);
  return putUpright(toColours(shown, bytes, facts), facts.orientation);
}

async function loadCodec(format: ImageFormat): Promise<Codec> {
  try {
    return await CODECS[format]();
  } catch (cause) {
    const message = `The decoder for ${format.toUpperCase()} could not be loaded.`;
    throw new WorkerError('decoder-missing', message, { cause });
  }
}

function toColours(image: PixelImage, bytes: ArrayBuffer, facts: PictureFacts): PixelImage {
  // libavif expands limited-range grey itself.
  if (facts.colour.kind !== 'icc') return finishColours(image, { ...facts, limitedGrey: false });
  const stored = readProfileBytes(new Uint8Array(bytes), facts);
  const profile = stored && readProfile(stored);
  if (profile) return convert(toRgb(image), profile);
  throw new WorkerError(
    'unsupported-picture',
    'The colours of this picture are described by a table, which is not read on this device.',
  );
}

function layOnWhite(image: PixelImage): PixelImage {
  const { data, width, height } = image;
  const onWhite = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]!;
    for (let j = i; j < i + 3; j++) {
      onWhite[j] =
        alpha === 255 ? data[j]! : Math.round((data[j]! * alpha + 255 * (255 - alpha)) / 255);
    }
    onWhite[i + 3] = 255;
  }
  return { data: onWhite, width, height, channels: 4 };
}
