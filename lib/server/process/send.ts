import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { gzipEtag } from '../http/etag';
import { fileBodyOf } from '../http/files';
import { jsonTextOf } from '../http/json-response';
import { pageHeaders } from '../http/page-headers';

/** Below this a few packets hold it, and compressing takes longer than sending. */
const COMPRESSED_BYTES = 4096;

type HeaderFields = Record<string, string | number>;

/** Sends an answer; what its body is read from is closed whether the client stays or leaves. */
export async function send(
  answer: Response,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const headers: HeaderFields = {
    ...pageHeaders(request.url ?? ''),
    ...Object.fromEntries(answer.headers),
  };
  if (request.method === 'HEAD') return sendHead(answer, headers, request, response);
  const text = jsonTextOf(answer);
  if (text !== undefined) return sendText(text, answer.status, headers, request, response);
  if (response.destroyed) return answer.body?.cancel();
  response.writeHead(answer.status, headers);
  const body = bodyOf(answer);
  if (!body) response.end();
  // A client that has left is no error of ours.
  else await pipeline(body, response).catch(() => undefined);
}

/** The length of what GET would send: none where that would be compressed first. */
function sendHead(
  { status }: Response,
  headers: HeaderFields,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  // Files are sent as they lie on the disk.
  const isFile = 'accept-ranges' in headers;
  if (!isFile && isCompressed(Number(headers['content-length'] ?? 0), headers, request)) {
    delete headers['content-length'];
    describeGzip(headers);
  }
  response.writeHead(status, headers).end();
}

async function sendText(
  text: string,
  status: number,
  headers: HeaderFields,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Node sends text in one piece with the headers before it.
  let body: string | Buffer = text;
  if (isCompressed(Buffer.byteLength(text), headers, request)) {
    body = await promisify(gzip)(text);
    describeGzip(headers);
  }
  if (response.destroyed) return;
  const length = Buffer.byteLength(body);
  response.writeHead(status, { ...headers, 'content-length': length }).end(body);
}

function isCompressed(bytes: number, headers: HeaderFields, request: IncomingMessage): boolean {
  const type = String(headers['content-type'] ?? '');
  if (bytes < COMPRESSED_BYTES || !/^(text\/|application\/(json|problem\+json))/.test(type)) {
    return false;
  }
  return /(^|[\s,])gzip(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(
    String(request.headers['accept-encoding'] ?? ''),
  );
}

function describeGzip(headers: HeaderFields): void {
  headers['content-encoding'] = 'gzip';
  headers.vary = [headers.vary, 'Accept-Encoding'].filter(Boolean).join(', ');
  if (headers.etag !== undefined) headers.etag = gzipEtag(String(headers.etag));
}

function bodyOf(answer: Response): Readable | undefined {
  const file = fileBodyOf(answer);
  if (file) return createReadStream(file.absolutePath, file.range);
  // Its type is the DOM's where tests are compiled.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-assertion
  return answer.body ? Readable.fromWeb(answer.body as NodeReadableStream) : undefined;
}
