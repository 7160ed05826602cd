import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { ApiError } from '../http/api-error';
import type { ApiRequest } from '../http/api-request';
import { concatenate, readChunks, type BodyLimits } from './body';

/** Boundaries and part headers around the pictures themselves. */
const FRAMING_BYTES = 64 * 1024;
/** How many text parts are read; our own forms send none. */
const MAX_TEXTS = 16;

export interface UploadedFile {
  readonly field: string;
  /** Empty where the sender gave none, which RFC 7578 (section 4.2) allows. */
  readonly fileName: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The part had more than the limit of a file; the rest was not kept. */
  readonly isCut: boolean;
}

export interface UploadedText {
  readonly value: string;
  /** The part had more than the limit of a text; the rest was not kept. */
  readonly isCut: boolean;
}

export interface Multipart {
  readonly files: readonly UploadedFile[];
  /** Text parts by name; of equal names the last. */
  readonly texts: ReadonlyMap<string, UploadedText>;
}

export interface MultipartLimits extends BodyLimits {
  readonly maxFileBytes: number;
  /** One more than this is read, to detect that there are too many. */
  readonly maxFiles: number;
}

/**
 * Reads a multipart/form-data body while it streams.
 *
 * @throws ApiError `invalid-request` for broken framing, and whatever `readChunks` throws
 */
export async function readMultipart(
  request: ApiRequest,
  limits: MultipartLimits,
): Promise<Multipart> {
  const parser = createParser(request, limits);
  const collected = collect(parser, limits.maxFiles + 1 + MAX_TEXTS);
  // Awaited below; a rejection before that would count as unhandled.
  collected.catch(() => undefined);
  try {
    for await (const chunk of readChunks(request, { ...limits, overheadBytes: FRAMING_BYTES })) {
      parser.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      if (parser.destroyed) break;
    }
    parser.end();
    return await collected;
  } finally {
    parser.destroy();
  }
}

function createParser(
  request: ApiRequest,
  { maxFileBytes, maxFiles }: MultipartLimits,
): BusboyInstance {
  try {
    return new Busboy({
      headers: { 'content-type': request.headers.get('content-type') ?? '' },
      limits: {
        files: maxFiles + 1,
        fileSize: maxFileBytes,
        fields: MAX_TEXTS,
        parts: maxFiles + 1 + MAX_TEXTS,
        // A picture in base64 is a text part too; the limit of the body bounds all of them.
        fieldSize: maxFileBytes + FRAMING_BYTES,
      },
      isPartAFile: (_field, contentType, fileName) =>
        fileName !== undefined || isPictureType(contentType ?? ''),
    });
  } catch (error) {
    throw broken(error);
  }
}

/** A part of such a type is a file, whether or not it has a file name (RFC 7578, section 4.2). */
function isPictureType(contentType: string): boolean {
  return /^(application\/octet-stream|image\/)/i.test(contentType);
}

function collect(parser: BusboyInstance, maxParts: number): Promise<Multipart> {
  return new Promise((resolve, reject) => {
    const files: UploadedFile[] = [];
    const texts = new Map<string, UploadedText>();
    parser.on('file', (field, stream, fileName: string | undefined) => {
      let chunks: Uint8Array[] = [];
      let isCut = false;
      stream.on('data', (chunk: Uint8Array) => chunks.push(chunk));
      stream.on('limit', () => {
        isCut = true;
        chunks = [];
      });
      stream.on('error', (error: Error) => reject(broken(error)));
      stream.on('end', () => {
        const bytes = concatenate(isCut ? [] : chunks);
        files.push({ field, fileName: fileName ?? '', isCut, bytes });
      });
    });
    parser.on('field', (name, value, _nameIsCut, isCut) => texts.set(name, { value, isCut }));
    parser.on('partsLimit', () => {
      reject(broken(new Error(`more than ${maxParts} parts`)));
      // The rest of the body is not read.
      parser.destroy();
    });
    parser.on('finish', () => resolve({ files, texts }));
    parser.on('error', (error) => reject(broken(error)));
  });
}

function broken(cause: unknown): ApiError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ApiError('invalid-request', 'The multipart body cannot be read.', {
    expected: 'multipart/form-data with a boundary, each part complete',
    received: reason,
    cause,
  });
}
