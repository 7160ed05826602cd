import { describe, expect, test } from 'vitest';
import { jsonResponse } from '../http/json-response';
import { Metrics } from '../metrics/metrics';
import { readSettings } from '../settings';
import { createApi } from './app';
import type { Route } from './route';
import type { Runtime } from './runtime';

const runtime = { settings: readSettings({}), metrics: new Metrics() } as unknown as Runtime;

function route(method: 'get' | 'post', path: string): Route {
  return {
    name: path,
    method,
    path,
    id: path,
    tag: 'Test',
    summary: 'Test',
    description: 'Test',
    answers: {},
    problems: [],
    handler: ({ params }) => jsonResponse(params, { headers: {} }),
  };
}

const api = createApi(runtime, [
  route('get', '/api/thing/{id}'),
  route('post', '/api/sent'),
  route('get', '/hf/{id}/resolve/{revision}/{path}'),
  route('get', '/v2/models/{id}'),
]);

const ask = (method: string, path: string) =>
  Promise.resolve(api.fetch(new Request(`http://host${path}`, { method })));

test.each([
  ['/api/thing/a%20b', { id: 'a b' }],
  ['/hf/m/resolve/main/onnx/model.onnx', { id: 'm', revision: 'main', path: 'onnx/model.onnx' }],
])('the parts of %s are given decoded', async (path, params) => {
  expect(await (await ask('GET', path)).json()).toEqual(params);
});

describe('another method', () => {
  test.each([
    ['DELETE', '/api/thing/a', 'GET, HEAD, OPTIONS'],
    ['POST', '/api/thing/a', 'GET, HEAD, OPTIONS'],
    ['GET', '/api/sent', 'POST, OPTIONS'],
    ['HEAD', '/api/sent', 'POST, OPTIONS'],
  ])('%s %s is refused with what is offered', async (method, path, allow) => {
    const response = await ask(method, path);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe(allow);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });

  test('says what came and what may', async () => {
    expect(await (await ask('PUT', '/api/sent')).json()).toMatchObject({
      type: 'method-not-allowed',
      expected: 'POST',
      received: 'PUT',
    });
  });
});

test('OPTIONS tells what is offered', async () => {
  const response = await ask('OPTIONS', '/api/sent');
  expect(response.status).toBe(204);
  expect(response.headers.get('allow')).toBe('POST, OPTIONS');
  expect(response.headers.has('access-control-allow-origin')).toBe(false);
});

test.each([
  ['/api/nothing', 'application/problem+json', { type: 'not-found', instance: '/api/nothing' }],
  ['/hf/nothing', 'application/problem+json', { type: 'not-found', instance: '/hf/nothing' }],
  ['/v2/nothing', 'application/json', { error: expect.stringContaining('/v2/nothing') as string }],
])('there is nothing at %s, said as its protocol says it', async (path, type, body) => {
  const response = await ask('GET', path);
  expect(response.status).toBe(404);
  expect(response.headers.get('content-type')).toBe(type);
  expect(response.headers.has('x-request-id')).toBe(true);
  expect(await response.json()).toMatchObject(body);
});
