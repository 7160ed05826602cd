import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { ApiError } from '../http/api-error';
import { matchesEtag } from '../http/etag';
import type { FolderFile, ModelFolder } from '../models/folder';

const CONTENT_TYPES: Record<string, string> = {
  json: 'application/json; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
};
const BINARY = 'application/octet-stream';

/**
 * A file of a model folder as the Hugging Face hub serves it: by revision or `main`, with ETag,
 * conditional and ranged.
 *
 * @throws ApiError `not-found` for an unknown revision or a file that is not served
 */
export function serveModelFile(
  request: Request,
  model: ModelFolder,
  revision: string,
  filePath: string,
): Response {
  const file = findFile(model, revision, filePath);
  const etag = `"${file.sha256}"`;
  const headers = new Headers({
    ETag: etag,
    'Accept-Ranges': 'bytes',
    'Cache-Control':
      revision === 'main' ? 'no-cache' : 'public, max-age=31536000, immutable, no-transform',
    'Content-Type': contentType(file) ?? BINARY,
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'X-Content-Type-Options': 'nosniff',
    'X-Repo-Commit': model.revision,
  });
  if (matchesEtag(request.headers.get('if-none-match'), etag)) {
    return new Response(null, { status: 304, headers });
  }
  const range = parseRange(request, file, etag);
  if (range === 'unsatisfiable') {
    headers.set('Content-Range', `bytes */${file.bytes}`);
    headers.set('Cache-Control', 'no-store');
    return new Response(null, { status: 416, headers });
  }
  return range ? sendRange(request, file, range, headers) : sendWhole(request, file, headers);
}

function findFile(model: ModelFolder, revision: string, filePath: string): FolderFile {
  if (revision !== 'main' && revision !== model.revision) {
    throw new ApiError('not-found', `Model "${model.id}" has no revision "${revision}".`, {
      expected: `main or ${model.revision}`,
      received: revision,
    });
  }
  const file = model.files.find((candidate) => candidate.path === filePath);
  if (file) return file;
  throw new ApiError('not-found', `Model "${model.id}" has no file "${filePath}".`, {
    expected: `one of: ${model.files.map((candidate) => candidate.path).join(', ')}`,
    received: filePath,
  });
}

interface ByteRange {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
}

/** One range of a GET is honoured; several, or one that makes no sense, are ignored (RFC 9110). */
function parseRange(
  request: Request,
  { bytes }: FolderFile,
  etag: string,
): ByteRange | 'unsatisfiable' | undefined {
  if (request.method !== 'GET') return undefined;
  const ifRange = request.headers.get('if-range');
  if (ifRange !== null && ifRange !== etag) return undefined;
  const match = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get('range') ?? '');
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

function sendRange(
  request: Request,
  file: FolderFile,
  range: ByteRange,
  headers: Headers,
): Response {
  headers.set('Content-Range', `bytes ${range.start}-${range.end}/${file.bytes}`);
  headers.set('Content-Length', String(range.end - range.start + 1));
  return new Response(streamFile(request, file, range), { status: 206, headers });
}

/** As it is: Next takes Content-Encoding off what a route answers, and compresses by itself. */
function sendWhole(request: Request, file: FolderFile, headers: Headers): Response {
  headers.set('Content-Length', String(file.bytes));
  return new Response(streamFile(request, file), { headers });
}

function contentType(file: FolderFile): string | undefined {
  return CONTENT_TYPES[file.path.split('.').pop()!];
}

/** Nothing is opened for HEAD, whose body nobody would read or close. */
function streamFile(request: Request, file: FolderFile, range?: ByteRange): ReadableStream | null {
  if (request.method === 'HEAD') return null;
  return Readable.toWeb(createReadStream(file.absolutePath, range)) as ReadableStream;
}
