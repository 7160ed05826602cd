import { Hono } from 'hono';
import { afterEach, expect, test, vi } from 'vitest';
import { problemSchema } from '@/lib/shared/contract/problems';
import { ApiError } from '../http/api-error';
import { jsonResponse } from '../http/json-response';
import { log } from '../log';
import { Metrics } from '../metrics/metrics';
import { readSettings } from '../settings';
import { answer, type Answering } from './answer';

const runtime = { settings: readSettings({}), metrics: new Metrics() };
const request = new Request('http://host/api/thing');

afterEach(() => vi.restoreAllMocks());

async function ask(handler: Answering, asked = request): Promise<Response> {
  return new Hono().get('/api/thing', answer('thing', runtime, handler)).fetch(asked);
}

test('an error with an answer becomes that answer', async () => {
  const response = await ask(() => {
    throw new ApiError('overloaded', 'Busy.', {
      expected: 'less',
      headers: { 'Retry-After': '3' },
    });
  });
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('3');
  expect(problemSchema.parse(await response.json())).toEqual({
    type: 'overloaded',
    title: 'The server is busy',
    status: 503,
    detail: 'Busy.',
    instance: '/api/thing',
    expected: 'less',
  });
});

test('logs an unexpected error and hides its details from the client', async () => {
  const logged = vi.spyOn(log, 'error').mockImplementation(() => undefined);
  const response = await ask(() => {
    throw new Error('password is 1234');
  });
  const text = await response.text();
  expect(response.status).toBe(500);
  expect(text).not.toContain('1234');
  expect(text).toContain(response.headers.get('x-request-id'));
  expect(logged).toHaveBeenCalledOnce();
});

test('a client that disconnects is not an error of the server', async () => {
  const logged = vi.spyOn(log, 'error').mockImplementation(() => undefined);
  const gone = new Request('http://host/api/thing', { signal: AbortSignal.abort() });
  const response = await ask(({ request: given }) => {
    given.signal.throwIfAborted();
    throw new Error('never reached');
  }, gone);
  expect(response.status).toBe(400);
  expect(logged).not.toHaveBeenCalled();
});

test('one line is logged a request, with nothing of what was sent', async () => {
  const logged = vi.spyOn(log, 'info').mockImplementation(() => undefined);
  const headers = { Authorization: 'Bearer secret-key', 'X-Forwarded-For': '192.0.2.7' };
  const response = await ask(
    () => new Response('x'),
    new Request(`${request.url}?key=secret-query`, { headers }),
  );
  expect(logged.mock.calls).toEqual([
    [
      {
        requestId: response.headers.get('x-request-id'),
        route: 'thing',
        method: 'GET',
        path: '/api/thing',
        status: 200,
        durationMs: expect.any(Number) as number,
      },
      'request',
    ],
  ]);
});

test('HEAD tells the length that GET has, in bytes', async () => {
  const words = { label: 'café, 咖啡' };
  const handler = () => jsonResponse(words, { headers: {} });
  const head = await ask(handler, new Request(request.url, { method: 'HEAD' }));
  const whole = await (await ask(handler)).arrayBuffer();
  expect(await head.text()).toBe('');
  expect(head.headers.get('content-length')).toBe(String(whole.byteLength));
});
