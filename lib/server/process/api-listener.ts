import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Bindings } from '../api/answer';
import type { Api } from '../api/app';
import type { ApiRequest, ChunkSource } from '../http/api-request';
import { withLastHop } from '../quota/address';
import { send } from './send';

export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** The host does not matter here, and the Host header need not be valid. */
const HOST = 'localhost';

/** Gives requests of our own server to the API, and sends its answers. */
export function apiListener(api: Api): Listener {
  const listener = getRequestListener(
    async (request, { incoming, outgoing }) => {
      const message = incoming as IncomingMessage;
      const response = outgoing as ServerResponse;
      const arrivedAtMs = performance.now();
      const mount: Bindings = { request: toApiRequest(request, message), arrivedAtMs };
      await send(await api.fetch(request, mount), message, response);
      return RESPONSE_ALREADY_SENT;
    },
    {
      overrideGlobalObjects: false,
      // linger.ts does that, with its own bounds.
      autoCleanupIncoming: false,
      hostname: HOST,
    },
  );
  return (request, response) => {
    request.headers.host = HOST;
    void listener(request, response);
  };
}

/** Bodies as they come from the socket: a web stream passes each chunk through several promises. */
function toApiRequest(request: Request, message: IncomingMessage): ApiRequest {
  const { method, url, headers } = request;
  return {
    method,
    url,
    headers: withLastHop(headers, message.socket.remoteAddress ?? 'unknown'),
    body: method === 'GET' || method === 'HEAD' ? null : bodyOf(message),
    get signal() {
      return request.signal;
    },
  };
}

function bodyOf(message: IncomingMessage): ChunkSource {
  return {
    getReader: () => {
      // linger.ts ends an unread body after the answer has been sent.
      const chunks = message.iterator({ destroyOnReturn: false });
      return {
        read: () => chunks.next() as Promise<IteratorResult<Buffer, undefined>>,
        releaseLock: () => undefined,
      };
    },
  };
}
