/** For tests: a server that answers as the Hugging Face hub does, for what `pull` asks. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HubFile {
  readonly content: Buffer;
  /** Kept in large file storage: listed with its SHA-256, and answered with a redirect. */
  readonly lfs?: boolean;
  /** The hash that is listed, where it is to be wrong. */
  readonly listedSha256?: string;
  /** In the middle of the file the connection is cut, or nothing more comes. */
  readonly fault?: 'breaks-off' | 'stalls';
}

export type HubFiles = Readonly<Record<string, HubFile>>;

export interface FakeHub {
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly asked: string[];
  readonly stop: () => Promise<void>;
}

const PAGE = 3;
const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');

/** @param models files by path, by owner/name */
export async function startHub(models: Readonly<Record<string, HubFiles>>): Promise<FakeHub> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url!, `http://${request.headers.host}`);
    asked.push(url.pathname);
    answer(models, url, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked, stop };
}

function answer(
  models: Readonly<Record<string, HubFiles>>,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const [, , listed = ''] =
    /^\/api\/(models)\/([^/]+\/[^/]+)\/tree\/main$/.exec(url.pathname) ?? [];
  if (models[listed]) return sendTree(models[listed], url, response);
  const [, name = '', path = ''] =
    /^\/(?:cdn\/)?([^/]+\/[^/]+)\/resolve\/main\/(.+)$/.exec(url.pathname) ?? [];
  const file = models[name]?.[path];
  if (!file) return refuse(response);
  const isRedirected = url.pathname.startsWith('/cdn/');
  if (file.lfs && !isRedirected) {
    response.writeHead(302, {
      Location: `/cdn${url.pathname}`,
      ETag: '"of-the-pointer"',
      'X-Linked-ETag': `"${sha256(file.content)}"`,
      'X-Linked-Size': file.content.length,
    });
    response.end();
    return;
  }
  sendFile(file, request, response);
}

/** The hub does not tell what is private from what is not there. */
function refuse(response: ServerResponse): void {
  response.writeHead(401, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ error: 'Invalid username or password.' }));
}

/** In pages, each with the address of the next. */
function sendTree(files: HubFiles, url: URL, response: ServerResponse): void {
  const from = Number(url.searchParams.get('cursor') ?? 0);
  const entries = Object.entries(files).map(([path, { content, lfs, listedSha256 }]) => ({
    type: 'file',
    path,
    size: content.length,
    oid: createHash('sha1').update(content).digest('hex'),
    ...(lfs
      ? {
          lfs: {
            oid: listedSha256 ?? sha256(content),
            size: content.length,
            pointerSize: 132,
          },
        }
      : {}),
  }));
  const next = new URL(url);
  next.searchParams.set('cursor', String(from + PAGE));
  response.writeHead(200, {
    'Content-Type': 'application/json',
    ...(from + PAGE < entries.length ? { Link: `<${next.href}>; rel="next"` } : {}),
  });
  response.end(
    JSON.stringify([
      { type: 'directory', path: 'onnx', size: 0 },
      ...entries.slice(from, from + PAGE),
    ]),
  );
}

function sendFile(
  { content, fault }: HubFile,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const from = Number(first ?? 0);
  const to = last ? Math.min(Number(last), content.length - 1) : content.length - 1;
  const body = content.subarray(from, to + 1);
  response.writeHead(first === undefined ? 200 : 206, {
    ETag: `"${sha256(content)}"`,
    'Content-Length': body.length,
    ...(first === undefined ? {} : { 'Content-Range': `bytes ${from}-${to}/${content.length}` }),
  });
  if (!fault || body.length === 1) return void response.end(body);
  response.write(body.subarray(0, body.length / 2), () => {
    if (fault === 'breaks-off') response.destroy();
  });
}
