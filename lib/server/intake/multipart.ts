import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { ApiError } from '../http/api-error';
import { concatenate, readChunks, type BodyLimits } from './body';

/** Boundaries and part headers around the pictures themselves. */
const FRAMING_BYTES = 64 * 1024;

export interface UploadedFile {
  readonly field: string;
  readonly fileName: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The part had more than the limit of a file; the rest was not kept. */
  readonly isCut: boolean;
}

export interface Multipart {
  readonly files: readonly UploadedFile[];
  /** Text parts by name; of equal names the last. */
  readonly texts: ReadonlyMap<string, string>;
}

export interface MultipartLimits extends BodyLimits {
  readonly maxFileBytes: number;
  /** One more than is allowed is read, so that "too many" can be told from "enough". */
  readonly maxFiles: number;
}

/**
 * Reads a multipart/form-data body while it streams.
 *
 * @throws ApiError `invalid-request` for broken framing, and whatever `readChunks` throws
 */
export async function readMultipart(request: Request, limits: MultipartLimits): Promise<Multipart> {
  const parser = createParser(request, limits);
  const collected = collect(parser);
  // Awaited below; a failure before that must not count as unhandled.
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
  request: Request,
  { maxFileBytes, maxFiles }: MultipartLimits,
): BusboyInstance {
  try {
    return new Busboy({
      headers: { 'content-type': request.headers.get('content-type') ?? '' },
      limits: { files: maxFiles + 1, fileSize: maxFileBytes, fields: 16, fieldSize: FRAMING_BYTES },
    });
  } catch (error) {
    throw broken(error);
  }
}

function collect(parser: BusboyInstance): Promise<Multipart> {
  return new Promise((resolve, reject) => {
    const files: UploadedFile[] = [];
    const texts = new Map<string, string>();
    parser.on('file', (field, stream, fileName) => {
      let chunks: Uint8Array[] = [];
      let isCut = false;
      stream.on('data', (chunk: Uint8Array) => chunks.push(chunk));
      stream.on('limit', () => {
        isCut = true;
        chunks = [];
      });
      stream.on('error', (error: Error) => reject(broken(error)));
      stream.on('end', () => {
        files.push({ field, fileName, isCut, bytes: concatenate(isCut ? [] : chunks) });
      });
    });
    parser.on('field', (name, value) => texts.set(name, value));
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
