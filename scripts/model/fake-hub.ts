/** For tests: a server with the part of the Hugging Face hub's API that `pull` uses. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HubFile {
  readonly content: Buffer;
  /**
   * Whether the file is in large file storage: listed with its SHA-256 and served by a redirect.
   */
  readonly lfs?: boolean;
  /** The listed hash, if it should be wrong. */
  readonly listedSha256?: string;
  /**
   * From the middle of the file on, the connection is always cut (`breaks-off`) or silent
   * (`stalls`).
   */
  readonly fault?: 'breaks-off' | 'stalls';
  /** Faults of the first requests for the content, one per request. Later requests succeed. */
  readonly troubles?: readonly Trouble[];
}

export type Trouble =
  /** The body ends at this byte, without a Content-Length. */
  | { readonly endsAt: number }
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** Sends the whole file whatever range was requested. */
  | 'ignores-ranges';

/** The answer for a model that does not exist or may not be read. */
export interface Refusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly error?: string;
  /** The files are listed; only their contents are refused. */
  readonly isListed?: boolean;
}

export type HubFiles = Readonly<Record<string, HubFile>>;

export interface FakeHub {
  readonly url: string;
  /** Requested paths, in order. */
  readonly asked: string[];
  /** Requested ranges, with their paths. */
  readonly ranges: string[];
  readonly stop: () => Promise<void>;
}

const PAGE = 3;
const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');

interface Hub {
  readonly models: Readonly<Record<string, HubFiles>>;
  readonly refusals: Readonly<Record<string, Refusal>>;
  /** How often the content of each path was requested. */
  readonly counts: Map<string, number>;
}

/**
 * @param models files by path, for each owner/name
 * @param refusals by owner/name
 */
export async function startHub(
  models: Readonly<Record<string, HubFiles>>,
  refusals: Readonly<Record<string, Refusal>> = {},
): Promise<FakeHub> {
  const asked: string[] = [];
  const ranges: string[] = [];
  const hub = { models, refusals, counts: new Map<string, number>() };
  const server = createServer((request, response) => {
    const url = new URL(request.url!, `http://${request.headers.host}`);
    asked.push(url.pathname);
    if (request.headers.range) ranges.push(`${url.pathname} ${request.headers.range}`);
    answer(hub, url, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked, ranges, stop };
}

function answer(hub: Hub, url: URL, request: IncomingMessage, response: ServerResponse): void {
  const { models, refusals } = hub;
  const [, , listed = ''] =
    /^\/api\/(models)\/([^/]+\/[^/]+)\/tree\/main$/.exec(url.pathname) ?? [];
  const [, name = '', path = ''] =
    /^\/(?:cdn\/)?([^/]+\/[^/]+)\/resolve\/main\/(.+)$/.exec(url.pathname) ?? [];
  const refusal = refusals[listed || name];
  if (refusal && !(listed && refusal.isListed)) return refuse(response, refusal);
  if (models[listed]) return sendTree(models[listed], url, response);
  const file = models[name]?.[path];
  if (!file) return refuse(response, NOT_THERE);
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
  const count = hub.counts.get(url.pathname) ?? 0;
  hub.counts.set(url.pathname, count + 1);
  sendFile(file, file.troubles?.[count], request, response);
}

/** The hub gives the same answer for private and missing models. */
const NOT_THERE: Refusal = { status: 401, error: 'Invalid username or password.' };

function refuse(response: ServerResponse, { status, headers, error }: Refusal): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(error === undefined ? '' : JSON.stringify({ error }));
}

/** Sends the list in pages, each with the URL of the next. */
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
  trouble: Trouble | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (typeof trouble === 'object' && 'status' in trouble) return refuse(response, trouble);
  const asked = trouble === 'ignores-ranges' ? '' : (request.headers.range ?? '');
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(asked) ?? [];
  const from = Number(first ?? 0);
  const to = last ? Math.min(Number(last), content.length - 1) : content.length - 1;
  const body = content.subarray(from, to + 1);
  const endsAt = typeof trouble === 'object' ? trouble.endsAt : undefined;
  response.writeHead(first === undefined ? 200 : 206, {
    ETag: `"${sha256(content)}"`,
    ...(endsAt === undefined ? { 'Content-Length': body.length } : {}),
    ...(first === undefined ? {} : { 'Content-Range': `bytes ${from}-${to}/${content.length}` }),
  });
  if (endsAt !== undefined) return void response.end(content.subarray(from, endsAt));
  if (!fault) return void response.end(body);
  const middle = Math.floor(content.length / 2);
  response.write(content.subarray(from, Math.max(from, middle)), () => {
    if (fault === 'breaks-off') response.destroy();
  });
}
