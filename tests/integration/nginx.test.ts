/** deploy/nginx.conf in a real nginx, in front of two stubs that answer as each test has them. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startFront, type Front } from '../../scripts/cluster/nginx';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const MEBIBYTE = 1024 * 1024;
const ok: Answer = (_, response) => response.end('answered');
/** As a process that dies under a request. */
const dies: Answer = (request) => request.socket.destroy();
const notReady: Answer = (_, response) =>
  response.writeHead(503, { 'Retry-After': '7' }).end('not ready');

interface Stub {
  readonly server: Server;
  readonly address: string;
  readonly received: IncomingMessage[];
  answer: Answer;
}

async function startStub(): Promise<Stub> {
  const received: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    received.push(request);
    request.resume().once('end', () => stub.answer(request, response));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stub: Stub = { server, address, received, answer: ok };
  return stub;
}

let stubs: Stub[];
let front: Front;

beforeEach(async () => {
  stubs = await Promise.all([startStub(), startStub()]);
  front = await startFront(stubs.map(({ address }) => address));
});

afterEach(async () => {
  await front.stop();
  for (const { server } of stubs) {
    server.closeAllConnections();
    server.close();
  }
});

function allAnswer(answer: Answer): void {
  for (const stub of stubs) stub.answer = answer;
}

/** The first that is asked does this, whichever it is. */
function firstAnswers(answer: Answer, then: Answer = ok): void {
  let asked = 0;
  allAnswer((request, response) => (asked++ === 0 ? answer : then)(request, response));
}

const asked = () => stubs.map(({ received }) => received.length);
const total = () => asked().reduce((sum, count) => sum + count);
const post = (path: string, body = 'picture') =>
  fetch(`${front.url}${path}`, { method: 'POST', body });

test.each([
  '/api/predict',
  '/api/predict/batch',
  '/api/predict?topK=3',
  '/hf/models/any',
  '/hf/models/sightline/any',
  '/v1/models/any:predict',
  '/v2/models/any/infer',
  '/v2/models/any/versions/1/infer',
])('POST %s is given to another replica when the first dies under it', async (path) => {
  firstAnswers(dies);
  const response = await post(path);
  expect(response.status).toBe(200);
  expect(asked()).toEqual([1, 1]);
});

test.each(['/api/predictions/report', '/api/feedback'])(
  'POST %s is not sent twice: nobody knows what became of the first',
  async (path) => {
    firstAnswers(dies);
    const response = await post(path);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ type: 'not-ready', status: 503 });
    expect(Math.max(...asked())).toBe(1);
  },
);

test('a read is given to another replica', async () => {
  firstAnswers(dies);
  expect((await fetch(`${front.url}/api/statistics`)).status).toBe(200);
});

test.each(['/api/predict', '/api/predictions/report'])(
  'POST %s goes elsewhere after a 503, which has done nothing',
  async (path) => {
    firstAnswers(notReady);
    const response = await post(path);
    expect([response.status, await response.text()]).toEqual([200, 'answered']);
  },
);

test('if all replicas answer 503, nginx passes it on, and then asks no replica twice', async () => {
  allAnswer(notReady);
  const first = await post('/api/predict');
  expect([first.status, first.headers.get('retry-after')]).toEqual([503, '7']);
  expect(await first.text()).toBe('not ready');
  expect(total()).toBe(3);
  // As long as the failures are fresh, which they are for a second.
  const askedForOne = async () => {
    const before = total();
    expect((await post('/api/predict')).status).toBe(503);
    return total() - before;
  };
  await expect.poll(askedForOne).toBe(1);
});

test('a picture that crashes every process crashes at most two', async () => {
  allAnswer(dies);
  const response = await post('/api/predict');
  expect([response.status, response.headers.get('content-type')]).toEqual([
    503,
    'application/problem+json',
  ]);
  expect(asked()).toEqual([1, 1]);
});

test("the visitor's address is that of the connection, whatever X-Forwarded-For says", async () => {
  await fetch(front.url, { headers: { 'X-Forwarded-For': '192.0.2.7' } });
  const [request] = stubs.flatMap(({ received }) => received);
  expect(request!.headers).toMatchObject({
    'x-forwarded-for': '192.0.2.7, 127.0.0.1',
    'x-forwarded-proto': 'http',
    host: new URL(front.url).host,
  });
});

/** As bytes, for clients tidy an address up before they send it. */
async function rawGet(target: string): Promise<string> {
  const socket = connect(Number(new URL(front.url).port), '127.0.0.1');
  socket.end(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  return text(socket);
}

test.each([
  '/api/metrics',
  '/api/metrics/',
  '/api/metrics?x=1',
  '//api//metrics',
  '/api/%6Detrics',
  '/api/./metrics',
  '/docs/../api/metrics',
  '/api/metrics%2f',
  'http://localhost/api/metrics',
])('metrics cannot be read from outside as %s', async (target) => {
  const answer = await rawGet(target);
  expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  expect(asked()).toEqual([0, 0]);
});

test.each([
  ['/api/predict', 29, 200],
  ['/api/predict', 30, 413],
  ['/api/predict/batch', 65, 200],
  ['/api/predict/batch', 66, 413],
])('POST %s with %i MiB: %i', async (path, mebibytes, status) => {
  const response = await post(path, 'x'.repeat(mebibytes * MEBIBYTE));
  expect(response.status).toBe(status);
});

const REVISION = '0123456789abcdef0123456789abcdef01234567';

test.each([
  '/_next/static/chunks/a.js',
  '/ort/0123/ort.wasm',
  '/workers/a.js',
  `/hf/a/resolve/${REVISION}/onnx/model.onnx`,
])('%s is asked for once, for each encoding', async (path) => {
  allAnswer((request, response) => {
    const headers = {
      'Cache-Control': 'public, max-age=31536000, immutable',
      Vary: 'Accept-Encoding',
    };
    response.writeHead(200, headers).end(request.headers['accept-encoding']);
  });
  const get = async (encoding: string) => {
    const response = await fetch(`${front.url}${path}`, {
      headers: { 'Accept-Encoding': encoding },
    });
    return response.text();
  };
  expect([await get('br'), await get('gzip'), await get('br'), await get('gzip')]).toEqual([
    'br',
    'gzip',
    'br',
    'gzip',
  ]);
  expect(total()).toBe(2);
});

test.each(['/', '/hf/a/resolve/main/config.json', '/api/models', '/sw.js'])(
  '%s is asked for each time',
  async (path) => {
    for (let i = 0; i < 3; i++) await (await fetch(`${front.url}${path}`)).text();
    expect(total()).toBe(3);
  },
);

test('connections to replicas are kept', async () => {
  for (let i = 0; i < 10; i++) await (await fetch(`${front.url}/api/health`)).text();
  const sockets = new Set(stubs.flatMap(({ received }) => received.map(({ socket }) => socket)));
  expect(sockets.size).toBeLessThan(10);
});

/** As a process that is stopped: it takes the request, and that is all. */
const hangs: Answer = () => undefined;

test.each([
  ['GET', '/api/health', 5],
  ['POST', '/api/predict', 12],
])(
  '%s %s: a replica that hangs is given up after %i s, and the other answers',
  async (method, path, seconds) => {
    firstAnswers(hangs);
    const startedAtMs = performance.now();
    const response = await fetch(`${front.url}${path}`, {
      method,
      ...(method === 'POST' ? { body: 'picture' } : {}),
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('answered');
    expect(asked()).toEqual([1, 1]);
    // nginx's own timer, of which a busy machine can only make more.
    expect(performance.now() - startedAtMs).toBeGreaterThan(seconds * 1000 - 500);
  },
);
