import { fileTypeFromBuffer } from 'file-type';
import {
  IMAGE_FORMATS,
  IMAGE_FORMATS_SENTENCE,
  type ImageFormat,
} from '../../shared/contract/predict';
import { ApiError } from '../http/api-error';

/** How much of a file decides its format. */
const SNIFF_BYTES = 4100;

/**
 * The picture's format from its bytes alone; names and declared types are not looked at.
 *
 * @throws ApiError `invalid-request` if there are no bytes, `unsupported-image` if they are
 *   anything but JPEG, PNG, WebP, AVIF or GIF
 */
export async function sniffFormat(bytes: Uint8Array): Promise<ImageFormat> {
  if (bytes.length === 0) {
    throw new ApiError('invalid-request', 'The picture is empty: it has no bytes.', {
      expected: IMAGE_FORMATS_SENTENCE,
      received: '0 bytes',
    });
  }
  const head = bytes.subarray(0, SNIFF_BYTES);
  const mime = (await fileTypeFromBuffer(head).catch(() => undefined))?.mime ?? '';
  const format = mime.replace(/^image\//, '');
  const known = IMAGE_FORMATS.find((name) => name === format || `a${name}` === format);
  if (known) return known;

  const received = mime || describeUnknown(head);
  throw new ApiError(
    'unsupported-image',
    `This is not ${IMAGE_FORMATS_SENTENCE}: it is ${received}.`,
    {
      expected: IMAGE_FORMATS_SENTENCE,
      received,
    },
  );
}

function describeUnknown(head: Uint8Array): string {
  const text = new TextDecoder().decode(head);
  if (/<svg[\s>]/i.test(text)) return 'image/svg+xml';
  if (/^\s*(<!doctype html|<html)/i.test(text)) return 'text/html';
  // Control characters other than white space do not occur in text.
  return /[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text) ? 'data of an unknown kind' : 'text';
}
