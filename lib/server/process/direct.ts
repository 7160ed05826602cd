/**
 * The routes that are asked most, answered beside Next: the main thread spends a third less on a new
 * picture then (bench/README.md).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { processSettings } from '../settings';
import { jsonTextOf } from '../http/json-response';
import type { NextHandler } from '../http/route';
import { PAGE_HEADERS } from '../http/static-files';

/** By method and path: `POST /api/predict`. The same handlers that Next has for these addresses. */
export type DirectRoutes = Readonly<Record<string, NextHandler<unknown>>>;

/** @returns whether it answers; false for whatever is no such route */
export type DirectAnswer = (request: IncomingMessage, response: ServerResponse) => boolean;

// A host is of no interest here, and what clients say it is need not be one.
const ORIGIN = 'http://localhost';
const PARAMS = { params: Promise.resolve({}) };

/** What is done after an answer over REST is told to Next, which must have the request for that. */
const isAllowed = () => processSettings().store.kind !== 'upstash';

export function answerDirectly(routes: DirectRoutes): DirectAnswer {
  return (message, response) => {
    const { method, url = '' } = message;
    const handler = routes[`${method} ${url.split('?', 1)[0]!}`];
    if (!handler || !isAllowed()) return false;
    void handler(toRequest(message, response), PARAMS)
      .then((answer) => send(answer, response))
      .catch((error: Error) => response.destroy(error));
    return true;
  };
}

/**
 * What handlers use of a request. A whole one would bring streams whose every chunk passes several
 * promises, and a second signal.
 */
function toRequest(message: IncomingMessage, response: ServerResponse): Request {
  const request: Pick<Request, 'method' | 'url' | 'headers' | 'signal' | 'body'> = {
    method: message.method!,
    url: `${ORIGIN}${message.url}`,
    headers: toHeaders(message),
    signal: hangUpOf(response),
    body: message.method === 'GET' ? null : bodyOf(message),
  };
  return request as Request;
}

function toHeaders({ headers }: IncomingMessage): Headers {
  const pairs = Object.entries(headers).flatMap(([name, value = []]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  );
  return new Headers(pairs);
}

function hangUpOf(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** Only what `readChunks` asks for: a reader. */
function bodyOf(message: IncomingMessage): Request['body'] {
  const body = {
    getReader: () => {
      // What is left unread is not for this to end: the answer must go out first.
      const chunks = message.iterator({ destroyOnReturn: false });
      return { read: () => chunks.next(), releaseLock: () => undefined };
    },
  };
  return body as unknown as Request['body'];
}

async function send(answer: Response, response: ServerResponse): Promise<void> {
  const body = jsonTextOf(answer) ?? Buffer.from(await answer.arrayBuffer());
  if (response.destroyed) return;
  response
    .writeHead(answer.status, {
      ...PAGE_HEADERS,
      ...Object.fromEntries(answer.headers),
      'content-length': Buffer.byteLength(body),
    })
    .end(body);
}
