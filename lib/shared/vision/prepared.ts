/**
 * A prepared picture is a PNG of the pixels that the model sees: resized and cropped on the sender's
 * side, before its bytes become numbers. The receiver does the rest, so the answer is the same.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Preprocessing } from '../model/preprocessing';
import { encodePng } from '../png/encode';
import type { PixelImage } from './image';
import { fitImage } from './tensor';

/** To be raised when the same settings would lead to other pixels than before. */
const PIPELINE = 1;
const VERSION_DIGITS = 12;

/** What a prepared picture for a model has to be. */
export interface Preparation {
  /** 12 hex digits; of equal ones the pixels are equal. */
  readonly version: string;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/** @returns undefined where pictures of other shapes become inputs of other sizes */
export function preparationOf(preprocessing: Preprocessing): Preparation | undefined {
  const { resize, crop } = preprocessing;
  const size = crop ?? (resize?.kind === 'exact' ? resize : undefined);
  if (!size) return undefined;
  const { width, height } = size;
  const channels = preprocessing.isGrey ? 1 : 3;
  return { version: versionOf(preprocessing), width, height, channels };
}

/** In an order of its own: settings that crossed a network may name their fields in another. */
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

/** Decoded pixels to a prepared picture. */
export function preparePicture(
  image: PixelImage,
  preprocessing: Preprocessing,
): Uint8Array<ArrayBuffer> {
  const fitted = fitImage(image, preprocessing);
  if (!preprocessing.isGrey) return encodePng(fitted);
  const { width, height } = fitted;
  // All three are the same.
  const data = Uint8Array.from({ length: width * height }, (_, pixel) => fitted.data[pixel * 3]!);
  return encodePng({ data, width, height, channels: 1 });
}

/** The settings for a picture that is prepared: its bytes become numbers, and nothing else. */
export function afterPreparation(preprocessing: Preprocessing): Preprocessing {
  return { ...preprocessing, resize: null, crop: null };
}
