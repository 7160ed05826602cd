/**
 * A prepared picture is a PNG of the pixels that the model sees: the sender resizes and crops it,
 * but does not normalise it. The receiver normalises it, so the answer is the same as for the
 * original.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Preprocessing } from '../model/preprocessing';
import { encodePng } from '../png/encode';
import type { PixelImage } from './image';
import { fitImage } from './tensor';

/** Increase this when the same settings give other pixels than before. */
const PIPELINE = 1;
const VERSION_DIGITS = 12;

/** What a prepared picture must match, for one model. */
export interface Preparation {
  /** 12 hex digits. Equal versions mean equal pixels. */
  readonly version: string;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/** @returns undefined if the size of the model's input depends on the picture */
export function preparationOf(preprocessing: Preprocessing): Preparation | undefined {
  const { resize, crop } = preprocessing;
  const size = crop ?? (resize?.kind === 'exact' ? resize : undefined);
  if (!size) return undefined;
  const { width, height } = size;
  const channels = preprocessing.isGrey ? 1 : 3;
  return { version: versionOf(preprocessing), width, height, channels };
}

/** Lists the settings in a fixed order: over a network, fields may arrive in another. */
function versionOf({ resize, crop, cropRounding, isGrey = false }: Preprocessing): string {
  const resized =
    resize?.kind === 'exact'
      ? [resize.kind, resize.width, resize.height, resize.filter]
      : resize && [resize.kind, resize.edge, resize.longest ?? null, resize.filter];
  const rounding = cropRounding === 'half-even' ? [cropRounding] : [];
  const cropped = crop && [crop.width, crop.height, ...rounding];
  const text = JSON.stringify([PIPELINE, resized, cropped, ...(isGrey ? ['grey'] : [])]);
  return bytesToHex(sha256(utf8ToBytes(text))).slice(0, VERSION_DIGITS);
}

/** Resizes and crops decoded pixels and encodes them as a PNG. */
export function preparePicture(
  image: PixelImage,
  preprocessing: Preprocessing,
): Uint8Array<ArrayBuffer> {
  const fitted = fitImage(image, preprocessing);
  if (!preprocessing.isGrey) return encodePng(fitted);
  const { width, height } = fitted;
  // All three channels are equal.
  const data = Uint8Array.from({ length: width * height }, (_, pixel) => fitted.data[pixel * 3]!);
  return encodePng({ data, width, height, channels: 1 });
}

/** The settings for a prepared picture: without resizing and cropping. */
export function afterPreparation(preprocessing: Preprocessing): Preprocessing {
  return { ...preprocessing, resize: null, crop: null };
}
