/** Serves files, both of the build and of model folders. */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { ApiRequest } from './api-request';
import { matchesEtag } from './etag';

/** A file as it lies on the disk, in one encoding. */
export interface StoredFile {
  readonly absolutePath: string;
  readonly bytes: number;
  /** Identifies these bytes; each encoding has its own ETag. */
  readonly etag: string;
}

export interface ByteRange {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
}

/** What an answer's body is read from. */
export interface FileBody {
  readonly absolutePath: string;
  readonly range: ByteRange | undefined;
}

const fileBodies = new WeakMap<Response, FileBody>();

/** The file that is the body of an answer of `serveFile`; undefined for other answers. */
export function fileBodyOf(response: Response): FileBody | undefined {
  return fileBodies.get(response);
}

/**
 * The answer to GET or HEAD: the whole file, a range, or 304. HEAD has the Content-Length of GET.
 *
 * @param headers beside ETag, Accept-Ranges, Content-Range and Content-Length
 */
export function serveFile(
  { method, headers: asked }: Pick<ApiRequest, 'method' | 'headers'>,
  file: StoredFile,
  headers: Readonly<Record<string, string>>,
): Response {
  const own = new Headers({ ...headers, ETag: file.etag, 'Accept-Ranges': 'bytes' });
  if (matchesEtag(asked.get('if-none-match'), file.etag)) {
    return new Response(null, { status: 304, headers: own });
  }
  const range = method === 'GET' ? parseRange(asked, file) : undefined;
  if (range === 'unsatisfiable') {
    own.set('Content-Range', `bytes */${file.bytes}`);
    own.set('Cache-Control', 'no-store');
    return new Response(null, { status: 416, headers: own });
  }
  if (range) own.set('Content-Range', `bytes ${range.start}-${range.end}/${file.bytes}`);
  own.set('Content-Length', String(range ? range.end - range.start + 1 : file.bytes));
  const init = { status: range ? 206 : 200, headers: own };
  if (method === 'HEAD') return new Response(null, init);
  const response = new Response(lazyStream(file.absolutePath, range), init);
  fileBodies.set(response, { absolutePath: file.absolutePath, range });
  return response;
}

/** Supports a single range; several, or an invalid one, are ignored (RFC 9110, 14.2). */
function parseRange(
  headers: Pick<Headers, 'get'>,
  { bytes, etag }: StoredFile,
): ByteRange | 'unsatisfiable' | undefined {
  const ifRange = headers.get('if-range');
  if (ifRange !== null && ifRange !== etag) return undefined;
  const match = /^bytes=(\d*)-(\d*)$/.exec(headers.get('range') ?? '');
  const [first = '', last = ''] = match?.slice(1) ?? [];
  if (first === '') return last === '' ? undefined : lastBytes(Number(last), bytes);
  const range = { start: Number(first), end: last === '' ? Infinity : Number(last) };
  if (range.end < range.start) return undefined;
  return range.start < bytes ? { ...range, end: Math.min(range.end, bytes - 1) } : 'unsatisfiable';
}

function lastBytes(count: number, bytes: number): ByteRange | 'unsatisfiable' {
  if (count === 0 || bytes === 0) return 'unsatisfiable';
  return { start: Math.max(0, bytes - count), end: bytes - 1 };
}

/**
 * Opens the file on the first read, so that an answer that is never read leaves no open descriptor.
 */
function lazyStream(absolutePath: string, range: ByteRange | undefined): ReadableStream {
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        reader ??= (
          Readable.toWeb(createReadStream(absolutePath, range)) as ReadableStream<Uint8Array>
        ).getReader();
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader?.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
