import { predictJsonBodySchema } from '../../shared/contract/predict';
import { ApiError } from '../http/api-error';
import type { ApiRequest } from '../http/api-request';
import type { Settings } from '../settings';
import { readBytes, tooLarge } from './body';
import { assertFewValues, parseJson, readJson } from './json';
import { readMultipart, type UploadedFile, type UploadedText } from './multipart';

const IMAGE_PARTS = ['image', 'file'];
/** Content types of clients that declare none; curl sends the second one by default. */
const UNDECLARED_TYPES = ['', 'application/x-www-form-urlencoded'];
const WHITE_SPACE = [...' \t\r\n'].map((character) => character.charCodeAt(0));
const JSON_ENVELOPE_BYTES = 1024;
/** Four bytes (an escaped \r\n) for every 76 characters. */
const LINE_BREAKS = 1.06;

type IntakeSettings = Pick<Settings, 'maxUploadBytes' | 'uploadTimeoutMs'>;

/**
 * The one picture of a request, in whichever of the three ways it was sent: a multipart part, the
 * raw body, or base64 in JSON.
 *
 * @throws ApiError `invalid-request`, `too-large`, `upload-timeout` or `unsupported-encoding`
 */
export async function readSingleImage(
  request: ApiRequest,
  settings: IntakeSettings,
): Promise<Uint8Array<ArrayBuffer>> {
  const type = (request.headers.get('content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase();
  if (type === 'multipart/form-data') return readImagePart(request, settings);
  if (type === 'application/json') return readJsonImage(request, settings);
  if (UNDECLARED_TYPES.includes(type)) return readUndeclared(request, settings);
  if (type === 'application/octet-stream' || type.startsWith('image/')) {
    return readBytes(request, {
      maxBytes: settings.maxUploadBytes,
      timeoutMs: settings.uploadTimeoutMs,
    });
  }
  throw new ApiError('invalid-request', `The Content-Type "${type}" holds no picture.`, {
    expected:
      'Content-Type multipart/form-data, image/*, application/octet-stream or application/json',
    received: type,
  });
}

/** A body without a declared type: JSON if it begins with `{`, else the picture. */
async function readUndeclared(
  request: ApiRequest,
  { maxUploadBytes, uploadTimeoutMs: timeoutMs }: IntakeSettings,
): Promise<Uint8Array<ArrayBuffer>> {
  const overheadBytes = base64OverheadBytes(maxUploadBytes);
  const bytes = await readBytes(request, { maxBytes: maxUploadBytes, overheadBytes, timeoutMs });
  if (beginsAsJsonObject(bytes)) {
    assertFewValues(bytes);
    return pictureOfJson(parseJson(bytes), maxUploadBytes);
  }
  if (bytes.byteLength > maxUploadBytes) {
    throw tooLarge(maxUploadBytes, `a body of ${bytes.byteLength} bytes`);
  }
  return bytes;
}

/** No picture format begins with `{`, with or without white space before it. */
function beginsAsJsonObject(bytes: Uint8Array): boolean {
  const first = bytes.subarray(0, 64).find((byte) => !WHITE_SPACE.includes(byte));
  return first === '{'.charCodeAt(0);
}

async function readImagePart(
  request: ApiRequest,
  { maxUploadBytes, uploadTimeoutMs }: IntakeSettings,
): Promise<Uint8Array<ArrayBuffer>> {
  const { files, texts } = await readMultipart(request, {
    maxBytes: maxUploadBytes,
    maxFileBytes: maxUploadBytes,
    maxFiles: 1,
    timeoutMs: uploadTimeoutMs,
  });
  const images = files.filter((file) => IMAGE_PARTS.includes(file.field));
  const [image] = images;
  if (image && images.length === 1) {
    if (image.isCut) throw tooLarge(maxUploadBytes, `more than ${maxUploadBytes} bytes`);
    return image.bytes;
  }
  const text = texts.get('image') ?? texts.get('file');
  if (images.length === 0 && text !== undefined) return pictureOfText(text, maxUploadBytes);
  throw new ApiError('invalid-request', 'Send exactly one picture, in a part named "image".', {
    expected: 'one file part named "image" or "file"',
    received: describeParts(files, images.length),
  });
}

/** A text part with base64 or a data URL, as forms and scripts without a file send it. */
function pictureOfText({ value, isCut }: UploadedText, maxBytes: number): Uint8Array<ArrayBuffer> {
  if (isCut) throw tooLarge(maxBytes, `a text part of more than ${maxBytes} bytes`);
  if (value.trim() === '') {
    throw new ApiError('invalid-request', 'The part with the picture is empty.', {
      expected: 'a file, base64 or a data URL in the part named "image" or "file"',
      received: 'an empty text part',
    });
  }
  return decodeBase64(value, maxBytes);
}

function describeParts(files: readonly UploadedFile[], images: number): string {
  if (images > 1) return `${images} pictures`;
  if (files.length === 0) return 'no file part';
  return `file parts named ${files.map((file) => `"${file.field}"`).join(', ')}`;
}

async function readJsonImage(
  request: ApiRequest,
  { maxUploadBytes, uploadTimeoutMs }: IntakeSettings,
): Promise<Uint8Array<ArrayBuffer>> {
  const body = await readJson(request, {
    maxBytes: maxUploadBytes,
    overheadBytes: base64OverheadBytes(maxUploadBytes),
    timeoutMs: uploadTimeoutMs,
  });
  return pictureOfJson(body, maxUploadBytes);
}

function pictureOfJson(json: unknown, maxBytes: number): Uint8Array<ArrayBuffer> {
  const parsed = predictJsonBodySchema.safeParse(json);
  if (!parsed.success) {
    throw new ApiError('invalid-request', 'The JSON has no picture.', {
      expected: '{"image": "<base64 or data URL>"}',
      received: parsed.error.issues[0]!.message,
    });
  }
  return decodeBase64(parsed.data.image, maxBytes);
}

/** @throws ApiError `invalid-request` for anything but base64, `too-large` measured decoded */
export function decodeBase64(text: string, maxBytes: number): Uint8Array<ArrayBuffer> {
  const payload = text.replace(/^data:[^,]*;base64,/i, '').replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(payload)) refuseText(text);
  const decoded = Buffer.from(payload, 'base64');
  if (decoded.byteLength > maxBytes) throw tooLarge(maxBytes, `${decoded.byteLength} bytes`);
  return new Uint8Array(decoded);
}

/** Refuses text in place of a picture; an address gets a hint. */
function refuseText(text: string): never {
  if (/^\s*https?:\/\//i.test(text)) {
    throw new ApiError(
      'invalid-request',
      'Addresses are not fetched: load the picture yourself and send its bytes.',
      { expected: 'the bytes of a picture', received: 'an http(s) address' },
    );
  }
  throw new ApiError('invalid-request', 'The picture is not valid base64.', {
    expected: 'base64, or a data URL with base64',
    received: `text that begins with ${JSON.stringify(text.slice(0, 16))}`,
  });
}

/**
 * The bytes that base64 in JSON adds to a picture: a third, line breaks, and the rest of the JSON.
 */
export function base64OverheadBytes(maxBytes: number): number {
  const encoded = Math.ceil(maxBytes / 3) * 4;
  return Math.ceil(encoded * LINE_BREAKS) - maxBytes + JSON_ENVELOPE_BYTES;
}
