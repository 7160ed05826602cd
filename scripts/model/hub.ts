/**
 * Lists and downloads the files of a model from the Hugging Face hub, or a server with the same
 * API.
 */
import { listFiles, type ListFileEntry } from '@huggingface/hub';
import { CommandError } from './command';
import { Interrupted, patiently, retryAfterMs, type Patience } from './patience';
import { sentence } from './text';

const HUB = 'https://huggingface.co';

/**
 * Temporary failures: Request Timeout, Too Many Requests, and errors of proxies and overloaded
 * servers.
 */
const PASSING_STATUSES = [408, 429, 500, 502, 503, 504];

const LONGEST_REASON = 300;

/** The place that a model is downloaded from. */
export interface Hub {
  /** owner/name */
  readonly name: string;
  readonly endpoint: string;
  readonly revision: string;
  readonly accessToken: string | undefined;
}

export type HubFile = Pick<ListFileEntry, 'path' | 'size' | 'lfs'>;

/** @throws CommandError for an invalid name or address */
export function hubOf(name: string, endpoint: string | undefined, revision = 'main'): Hub {
  if (!/^[\w.-]+\/[\w.-]+$/.test(name)) {
    throw new CommandError(`expected a name as owner/name, received ${name}`);
  }
  const address = endpoint ?? (process.env.HF_ENDPOINT || HUB);
  if (!URL.canParse(address)) {
    throw new CommandError(`expected --endpoint to be an address, received ${address}`);
  }
  const accessToken = process.env.HF_TOKEN || undefined;
  return { name, endpoint: address.replace(/\/+$/, ''), revision, accessToken };
}

/**
 * Lists the files of a model.
 *
 * @throws CommandError with the hub's reason
 */
export async function listHub(hub: Hub, patience: Patience): Promise<HubFile[]> {
  const { name, endpoint, revision, accessToken } = hub;
  const entries: HubFile[] = [];
  try {
    const list = listFiles({
      repo: { type: 'model', name },
      hubUrl: endpoint,
      revision: encodeURIComponent(revision),
      recursive: true,
      ...(accessToken === undefined ? {} : { accessToken }),
      fetch: (url, init) =>
        patiently(patience, () => ask(hub, url as string, init ?? {}, patience.signal)),
    });
    for await (const entry of list) if (entry.type === 'file') entries.push(entry);
  } catch (error) {
    throw error instanceof CommandError
      ? error
      : new CommandError(`${sentence(error)}.`, { cause: error });
  }
  return entries;
}

/**
 * Requests the bytes of a file from an offset on.
 *
 * @param etag ETag of the response that brought the earlier bytes; if the file has changed, the
 *   response starts from 0
 */
export function askForFile(
  hub: Hub,
  file: string,
  { from, etag }: { readonly from: number; readonly etag: string | undefined },
  signal: AbortSignal,
): Promise<Response> {
  const { name, endpoint, revision, accessToken } = hub;
  const place = file.split('/').map(encodeURIComponent).join('/');
  const address = `${endpoint}/${name}/resolve/${encodeURIComponent(revision)}/${place}`;
  const headers = {
    // Without compression, because bytes are counted and hashed as the file has them.
    'Accept-Encoding': 'identity',
    ...(accessToken === undefined ? {} : { Authorization: `Bearer ${accessToken}` }),
    ...(from === 0 ? {} : { Range: `bytes=${from}-` }),
    ...(from === 0 || etag === undefined ? {} : { 'If-Range': etag }),
  };
  return ask(hub, address, { headers }, signal);
}

/** @throws Interrupted if another attempt may succeed, else CommandError */
async function ask(
  hub: Hub,
  url: string,
  init: RequestInit,
  signal: AbortSignal,
): Promise<Response> {
  const response = await fetch(url, { ...init, signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new Interrupted(`${hub.endpoint} does not answer: ${causeOf(error)}`, { cause: error });
  });
  if (response.ok) return response;
  const { status, headers } = response;
  const reason = await reasonOf(response);
  if (PASSING_STATUSES.includes(status)) {
    throw new Interrupted(`${hub.endpoint} answered ${status}${reason && `: ${reason}`}`, {
      retryAfterMs: retryAfterMs(headers.get('Retry-After')),
    });
  }
  throw new CommandError(refusal(hub, status, reason));
}

/** The cause of fetch's message "fetch failed". */
export function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const { code } = Object(cause) as { code?: unknown };
  return sentence(cause ?? error) || String(code);
}

/** The hub's own message, from a header or from JSON. */
async function reasonOf(response: Response): Promise<string> {
  const text = await response.text().catch(() => '');
  const header = response.headers.get('X-Error-Message');
  const said = header ?? errorOf(text) ?? (/^\s*</.test(text) ? '' : text);
  return said.replace(/\s+/g, ' ').trim().replace(/\.$/, '').slice(0, LONGEST_REASON);
}

function errorOf(text: string): string | undefined {
  try {
    const { error } = Object(JSON.parse(text)) as { error?: unknown };
    return typeof error === 'string' ? error : undefined;
  } catch {
    return undefined;
  }
}

function refusal(
  { name, endpoint, revision, accessToken }: Hub,
  status: number,
  reason: string,
): string {
  const said = `${endpoint} answered ${status} for ${name} (${revision})${reason && `: ${reason}`}.`;
  // The hub answers 401 for missing models as well, so as not to reveal private ones.
  if (status === 401) {
    return accessToken === undefined
      ? `${said} There is no such model, or it needs HF_TOKEN.`
      : `${said} There is no such model, or HF_TOKEN may not read it.`;
  }
  if (status === 403) return `${said} HF_TOKEN has to be one that may read it.`;
  return status === 404 ? `${said} There is no such model, revision or file.` : said;
}
