import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { endLingering } from './linger';

const HEAD = 'POST / HTTP/1.1\r\nHost: h\r\n';
let server: Server;

afterEach(() => server.close());

async function clientOf(listener: RequestListener): Promise<Socket> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return connect({ port, host: '127.0.0.1' });
}

async function readAll(client: Socket): Promise<string> {
  let text = '';
  for await (const chunk of client) text += String(chunk);
  return text;
}

test.each([
  ['too long', { timeoutMs: 20, maxBytes: 1_000_000 }],
  ['too much', { timeoutMs: 60_000, maxBytes: 100 }],
])('a client that has its answer and sends on %s is cut off', async (_name, limits) => {
  const client = await clientOf((request, response) => {
    endLingering(request, response, limits);
    // As a handler does that reads a part of the body and refuses the rest.
    request.once('readable', () => response.writeHead(413).end('no'));
  });
  client.write(`${HEAD}Content-Length: 100000\r\n\r\nabc`);
  client.once('data', () => client.write('x'.repeat(1000)));
  expect(await readAll(client)).toMatch(/^HTTP\/1.1 413 [^]*no/);
});

test('one that stops sending in time keeps its connection', async () => {
  const client = await clientOf((request, response) => {
    endLingering(request, response);
    if (request.url === '/last') response.setHeader('Connection', 'close');
    response.writeHead(413).end(`answered ${request.url}`);
  });
  client.write(`${HEAD}Content-Length: 4\r\n\r\nabc`);
  const [first] = (await once(client, 'data')) as [Buffer];
  expect(String(first)).toContain('413');
  client.write(`dGET /last HTTP/1.1\r\nHost: h\r\n\r\n`);
  expect(await readAll(client)).toContain('answered /last');
});
