import { ApiError } from '../http/api-error';
import type { ApiRequest } from '../http/api-request';
import { UploadClock } from './upload-clock';
import { enterBody } from './uploads';

export interface BodyLimits {
  /** The largest picture in bytes, which error messages name. */
  readonly maxBytes: number;
  /** Bytes that the encoding of the request adds to the picture: part headers, base64. */
  readonly overheadBytes?: number;
  readonly timeoutMs: number;
  /** Content encodings that the caller decodes; identity alone by default. */
  readonly encodings?: readonly string[];
}

/**
 * The chunks of a request's body, counted while they arrive and read no further than the limit.
 *
 * @throws ApiError `unsupported-encoding`, `too-large`, `upload-timeout` when the body is not there
 *   in time or comes too slowly, or `overloaded` when a large one finds no place
 */
export async function* readChunks(
  request: ApiRequest,
  { maxBytes, overheadBytes = 0, timeoutMs, encodings = [] }: BodyLimits,
): AsyncGenerator<Uint8Array> {
  refuseEncoding(request, encodings);
  const maxBodyBytes = maxBytes + overheadBytes;
  const declaredBytes = Number(request.headers.get('content-length') ?? 0);
  if (declaredBytes > maxBodyBytes) throw tooLarge(maxBytes, `a body of ${declaredBytes} bytes`);
  if (!request.body) return;

  const reader = request.body.getReader();
  const clock = new UploadClock(timeoutMs, declaredBytes);
  let received = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), clock.late]);
      if (done || value === undefined) return;
      if (received === 0) {
        clock.pause();
        await enterBody(request);
        clock.resume();
      }
      clock.received(value.byteLength);
      received += value.byteLength;
      if (received > maxBodyBytes)
        throw tooLarge(maxBytes, `a body of more than ${maxBodyBytes} bytes`);
      yield value;
    }
  } catch (error) {
    throw ApiError.is(error) ? error : brokenOff(error);
  } finally {
    clock.pause();
    reader.releaseLock();
  }
}

/** The whole body in a buffer of its own, which may be moved to another thread. */
export async function readBytes(
  request: ApiRequest,
  limits: BodyLimits,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readChunks(request, limits)) chunks.push(chunk);
  return concatenate(chunks);
}

/** Always a new buffer; small Buffers would be views of a shared pool. */
export function concatenate(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

export function tooLarge(maxBytes: number, received: string): ApiError {
  return new ApiError('too-large', `A picture may have up to ${maxBytes} bytes.`, {
    expected: `at most ${maxBytes} bytes`,
    received,
  });
}

/** The Content-Encoding of a body in lower case; `identity` where there is none. */
export function encodingOf({ headers }: Pick<ApiRequest, 'headers'>): string {
  return (headers.get('content-encoding') ?? 'identity').trim().toLowerCase();
}

function refuseEncoding(request: ApiRequest, encodings: readonly string[]): void {
  const encoding = encodingOf(request);
  const known = ['identity', ...encodings];
  if (known.includes(encoding)) return;
  const advice = encodings.length === 0 ? 'Send the picture as it is, without an encoding.' : '';
  throw new ApiError('unsupported-encoding', advice || 'This Content-Encoding is not read here.', {
    expected: known.join(', '),
    received: encoding,
  });
}

function brokenOff(cause: unknown): ApiError {
  return new ApiError('invalid-request', 'The body ended before it was complete.', { cause });
}
