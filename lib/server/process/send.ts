import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { chooseEncoding, ENCODINGS, type Encoding } from '../http/encoding';
import { encodedEtag } from '../http/etag';
import { fileBodyOf } from '../http/files';
import { jsonTextOf } from '../http/json-response';
import { pageHeaders } from '../http/page-headers';

/** Shorter bodies fit into a few packets, and compressing would take longer than sending. */
const COMPRESSED_BYTES = 4096;

/** As fast as gzip, with a smaller result; the highest qualities take a hundred times as long. */
const BROTLI_QUALITY = 4;

const COMPRESS: Readonly<Record<Encoding, (text: string) => Promise<Buffer>>> = {
  br: (text) =>
    promisify(brotliCompress)(text, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      },
    }),
  gzip: (text) => promisify(gzip)(text),
};

type HeaderFields = Record<string, string | number>;

/** Sends an answer; the source of the body is closed even if the client disconnects. */
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
  // A client that disconnects is not an error of the server.
  else await pipeline(body, response).catch(() => undefined);
}

/** The Content-Length of GET; none if GET would compress the body. */
function sendHead(
  { status }: Response,
  headers: HeaderFields,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  // Files are sent as they are stored.
  const isFile = 'accept-ranges' in headers;
  const encoding = isFile
    ? 'identity'
    : encodingFor(Number(headers['content-length'] ?? 0), headers, request);
  if (encoding !== 'identity') {
    delete headers['content-length'];
    describeEncoding(headers, encoding);
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
  const encoding = encodingFor(Buffer.byteLength(text), headers, request);
  if (encoding !== 'identity') {
    body = await COMPRESS[encoding](text);
    describeEncoding(headers, encoding);
  }
  if (response.destroyed) return;
  const length = Buffer.byteLength(body);
  response.writeHead(status, { ...headers, 'content-length': length }).end(body);
}

function encodingFor(
  bytes: number,
  headers: HeaderFields,
  { headers: { 'accept-encoding': accepted } }: IncomingMessage,
): Encoding | 'identity' {
  const type = String(headers['content-type'] ?? '');
  if (bytes < COMPRESSED_BYTES || !/^(text\/|application\/(json|problem\+json))/.test(type)) {
    return 'identity';
  }
  return chooseEncoding(ENCODINGS, String(accepted ?? ''));
}

function describeEncoding(headers: HeaderFields, encoding: Encoding): void {
  headers['content-encoding'] = encoding;
  headers.vary = [headers.vary, 'Accept-Encoding'].filter(Boolean).join(', ');
  if (headers.etag !== undefined) headers.etag = encodedEtag(String(headers.etag), encoding);
}

function bodyOf(answer: Response): Readable | undefined {
  const file = fileBodyOf(answer);
  if (file) return createReadStream(file.absolutePath, file.range);
  // In the tests' project the type is the DOM's.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-assertion
  return answer.body ? Readable.fromWeb(answer.body as NodeReadableStream) : undefined;
}
