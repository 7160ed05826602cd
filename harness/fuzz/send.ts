/** Sends a request unchanged with node:http, because fetch would correct deliberate errors. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

/** If no answer comes within this time, the request has failed. */
export const ANSWER_TIMEOUT_MS = 5_000;

export interface FuzzRequest {
  readonly method: string;
  /** Exactly as in the request line. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** Whether the body is sent in chunks, without Content-Length. */
  readonly isChunked: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** @throws Error if there is no complete answer in time */
export function send(url: string, sent: FuzzRequest): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let answered = false;
    const timer = setTimeout(() => {
      request.destroy();
      reject(new Error(`no answer after ${ANSWER_TIMEOUT_MS} ms`));
    }, ANSWER_TIMEOUT_MS);
    const request = httpRequest(
      {
        hostname,
        port,
        method: sent.method,
        path: sent.target,
        headers: flatten(sent),
        agent: false,
      },
      (response) => {
        answered = true;
        readAnswer(response)
          .then(resolve, reject)
          .finally(() => clearTimeout(timer));
      },
    );
    // The server may answer and close the connection before it has read the whole body.
    request.on('error', (error) => {
      if (answered) return;
      clearTimeout(timer);
      reject(error);
    });
    request.end(sent.body);
  });
}

function flatten({ headers, body, isChunked }: FuzzRequest): string[] {
  const framing = isChunked
    ? ['Transfer-Encoding', 'chunked']
    : ['Content-Length', String(body.byteLength)];
  return ['Host', 'localhost', ...framing, ...headers.flat(), 'Connection', 'close'];
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
  );
  return { status: response.statusCode!, headers, body: decode(Buffer.concat(chunks), headers) };
}

/** Decompresses a body to text. An answer to HEAD names an encoding, but has no bytes. */
function decode(bytes: Buffer, headers: Record<string, string>): string {
  if (bytes.length === 0) return '';
  const encoding = headers['content-encoding'];
  if (encoding === 'gzip') return gunzipSync(bytes).toString();
  return (encoding === 'br' ? brotliDecompressSync(bytes) : bytes).toString();
}
