/** ACCESS=keys: what needs a key, what does not, and how a browser gets in. */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keysCommand, makeKey, postPicture, smallPicture } from '../../harness/client';
import { startServer, type TestServer } from '../../harness/server';

const HTML = { Accept: 'text/html' };
const FORGET_TIMEOUT_MS = 5_000;

let server: TestServer;
let settings: Record<string, string>;
let key: string;
let picture: Buffer;

beforeAll(async () => {
  server = await startServer({ ACCESS: 'keys' });
  settings = { DATA_DIR: server.dataDir };
  key = await makeKey(settings, '--name', 'reader', '--predict-per-minute', '0');
  picture = await smallPicture();
});

afterAll(() => server.stop());

const ask = (path: string, headers: Record<string, string> = {}) =>
  fetch(server.url + path, { headers, redirect: 'manual' });

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/** As a browser sends it: `fetch` sets some of these headers itself. */
function post(
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
  origin = server.url,
): Promise<Answer> {
  const ofForm = { 'Content-Type': 'application/x-www-form-urlencoded', ...headers };
  return send(origin + path, 'POST', ofForm, new URLSearchParams(fields).toString());
}

function send(
  url: string,
  method: string,
  headers: Record<string, string>,
  body = '',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method, headers });
    sent.on('error', reject);
    sent.on('response', (response) => {
      response.resume();
      resolve({ status: response.statusCode!, headers: response.headers });
    });
    sent.end(body);
  });
}

async function signIn(): Promise<string> {
  const { status, headers } = await post('/sign-in', { key, to: '/many' });
  expect(status).toBe(303);
  const [cookie = ''] = headers['set-cookie'] ?? [];
  expect(cookie).toMatch(
    /^sightline-session=[0-9a-f]{16}\.\d+\.[\w-]{43}; HttpOnly; SameSite=Lax; Path=\/; Max-Age=\d+$/,
  );
  return cookie.split(';', 1)[0]!;
}

describe('without a key', () => {
  test.each([
    '/api/statistics',
    '/api/visualizations',
    '/api/models',
    '/api/models/tiny-imagenet-200',
    '/api/openapi.json',
    '/v2',
    '/v2/models/tiny-imagenet-200',
  ])('%s is 401', async (path) => {
    const response = await ask(path);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.text()).toMatch(/key/);
  });

  test('a file of a model is 401', async () => {
    const path = '/hf/tiny-imagenet-200/resolve/main/config.json';
    expect((await ask(path)).status).toBe(401);
    expect((await ask(path, { 'x-api-key': key })).status).not.toBe(401);
  });

  test('a prediction is 401 and nothing is counted', async () => {
    const response = await postPicture(server.url, picture);
    expect(await response.json()).toMatchObject({ type: 'key-required', status: 401 });
  });

  test.each([
    '/api/health',
    '/api/health?probe=live',
    '/api/metrics',
    '/v2/health/ready',
    '/client.js',
    '/client.py',
    '/icons/icon-192.png',
    '/sw.js',
    '/manifest.webmanifest',
  ])('%s stays open', async (path) => {
    expect((await ask(path)).status).toBe(200);
  });

  test.each(['/icons/../samples/cat.png', '/icons/%2e%2e/samples/cat.png', '/icons/x'])(
    '%s does not',
    async (path) => {
      expect((await send(server.url + path, 'GET', {})).status).toBe(401);
    },
  );

  test.each(['/', '/many', '/models', '/visualizations', '/%6dany', '/x/../many', '//many'])(
    'the page %s leads to the form',
    async (path) => {
      const response = await ask(path, HTML);
      expect(response.status).toBe(303);
      expect(response.headers.get('location')).toMatch(/^\/sign-in\?to=/);
    },
  );

  test('what is no page says so, so that no cache keeps the form in its place', async () => {
    expect((await ask('/many')).status).toBe(401);
    expect((await ask('/many?_rsc=1', { RSC: '1' })).status).toBe(401);
  });

  test('the form is there, with its styles', async () => {
    const response = await ask('/sign-in?to=/many', HTML);
    expect(response.status).toBe(200);
    const html = await response.text();
    expect(html).toContain('name="key"');
    const [, style = ''] = /href="(\/_next\/static\/[^"]+\.css)"/.exec(html) ?? [];
    expect((await ask(style)).status).toBe(200);
  });
});

describe('with a key', () => {
  test('programs are answered', async () => {
    const headers = { Authorization: `Bearer ${key}` };
    expect((await postPicture(server.url, picture, headers)).status).toBe(200);
    expect((await ask('/api/models', headers)).status).toBe(200);
  });

  test('a browser is led back to where it wanted to go, and sees pages and charts', async () => {
    const Cookie = await signIn();
    expect((await post('/sign-in', { key, to: '/many' })).headers.location).toBe('/many');
    expect((await ask('/many', { ...HTML, Cookie })).status).toBe(200);
    expect((await ask('/api/statistics', { Cookie })).status).toBe(200);
    expect((await postPicture(server.url, picture, { Cookie })).status).toBe(200);
  });

  test.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'javascript:x',
    '/a\r\nb: c',
  ])('it is not led away, to %s', async (to) => {
    expect((await post('/sign-in', { key, to })).headers.location).toBe('/');
  });

  test('a wrong one leads back to the form', async () => {
    const { status, headers } = await post('/sign-in', { key: 'sl_wrong', to: '/many' });
    expect(status).toBe(303);
    expect(headers.location).toBe('/sign-in?to=%2Fmany&refused=unknown');
    expect(headers['set-cookie']).toBeUndefined();
  });

  test.each(['', ' ', 'Bearer x', '\r\n'])('%j is no key', async (wrong) => {
    const Cookie = await signIn();
    const answer = await post('/sign-in', { key: wrong, to: '/' }, { Cookie });
    expect(answer.headers.location).toBe('/sign-in?to=%2F&refused=unknown');
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('the cookie is for HTTPS only where a trusted proxy says so', async () => {
    const proxied = { 'X-Forwarded-Proto': 'https' };
    const { headers } = await post('/sign-in', { key, to: '/' }, proxied);
    expect(headers['set-cookie']![0]).not.toContain('Secure');
    const behind = await startServer({ ACCESS: 'keys', TRUSTED_PROXIES: '1' });
    try {
      const ownKey = await makeKey({ DATA_DIR: behind.dataDir }, '--name', 'a');
      const signInBehind = (how: Record<string, string>) =>
        post('/sign-in', { key: ownKey, to: '/' }, how, behind.url);
      const [secure = ''] = (await signInBehind(proxied)).headers['set-cookie'] ?? [];
      expect(secure).toMatch(/^__Host-sightline-session=[^;]+; HttpOnly; .*Path=\/; .*; Secure$/);
      const [plain = ''] = (await signInBehind({})).headers['set-cookie'] ?? [];
      expect(plain).toMatch(/^sightline-session=/);
      expect(plain).not.toContain('Secure');
      const statusOf = async (cookie: string, how: Record<string, string>) => {
        const sent = { Cookie: cookie.split(';', 1)[0]!, ...how };
        return (await send(`${behind.url}/api/models`, 'GET', sent)).status;
      };
      expect(await statusOf(secure, proxied)).toBe(200);
      expect(await statusOf(plain, {})).toBe(200);
      // Another host of the same site can set the plain one, but not the other.
      expect(await statusOf(plain, proxied)).toBe(401);
      expect(await statusOf(secure, {})).toBe(401);
      const out = await post('/sign-out', {}, proxied, behind.url);
      expect(out.headers['set-cookie']![0]).toMatch(
        /^__Host-sightline-session=; .*Max-Age=0; Secure$/,
      );
    } finally {
      await behind.stop();
    }
  });

  test('copies of model files are for the one who asked', async () => {
    const headers = { 'x-api-key': key };
    const { models } = (await (await ask('/api/models', headers)).json()) as {
      models: { id: string; revision: string }[];
    };
    const [{ id, revision }] = models as [{ id: string; revision: string }];
    const file = await ask(`/hf/${id}/resolve/${revision}/config.json`, headers);
    expect(file.headers.get('cache-control')).toMatch(/^private,/);
  });

  test('signing out takes the cookie away', async () => {
    const { headers } = await post('/sign-out', {});
    expect(headers['set-cookie']?.[0]).toMatch(/^sightline-session=; .*Max-Age=0$/);
  });
});

describe('a page of another site', () => {
  const FOREIGN: Record<string, Record<string, string>> = {
    'says where it is': { 'Sec-Fetch-Site': 'cross-site' },
    'is on a sibling name': { 'Sec-Fetch-Site': 'same-site' },
    'has another origin': { Origin: 'https://evil.example' },
    'hides its origin': { Origin: 'null' },
  };

  test.each(Object.keys(FOREIGN))('that %s signs nobody in', async (kind) => {
    const answer = await post('/sign-in', { key, to: '/' }, FOREIGN[kind]);
    expect(answer.status).toBe(400);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test.each(Object.keys(FOREIGN))('that %s cannot use the cookie', async (kind) => {
    const Cookie = await signIn();
    const { status } = await post('/api/feedback', {}, { Cookie, ...FOREIGN[kind] });
    expect(status).toBe(401);
  });

  test('may have links here', async () => {
    const Cookie = await signIn();
    const link = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' };
    const visit = { ...HTML, Cookie, ...link };
    expect((await send(`${server.url}/many`, 'GET', visit)).status).toBe(200);
  });
});

test('a form without an end is cut', async () => {
  const { status } = await post('/sign-in', { key: 'x'.repeat(20_000), to: '/' });
  expect(status).toBe(413);
});

test('a session ends with its key', async () => {
  const mortal = await makeKey(settings, '--name', 'mortal');
  const { headers } = await post('/sign-in', { key: mortal, to: '/' });
  const Cookie = headers['set-cookie']![0]!.split(';', 1)[0]!;
  const statusOf = async () => (await ask('/api/models', { Cookie })).status;
  expect(await statusOf()).toBe(200);
  await keysCommand(settings, 'revoke', mortal.split('_')[1]!);
  await expect.poll(statusOf, { timeout: FORGET_TIMEOUT_MS }).toBe(401);
  const visit = await ask('/many', { ...HTML, Cookie });
  expect(visit.headers.get('location')).toBe('/sign-in?to=%2Fmany&refused=ended');
});

test('where anybody may ask there is nothing to sign in to', async () => {
  const open = await startServer();
  try {
    const response = await fetch(`${open.url}/sign-in`, { redirect: 'manual' });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/');
  } finally {
    await open.stop();
  }
});
