import { afterEach, expect, test, vi } from 'vitest';
import { problemSchema } from '../../shared/contract/problems';
import { log } from '../log';
import { ApiError } from './api-error';
import { otherMethods, route } from './route';

const context = { params: Promise.resolve({}) };
const request = new Request('http://host/api/thing');

afterEach(() => vi.restoreAllMocks());

test('an error with an answer becomes that answer', async () => {
  const handler = route('thing', () => {
    throw new ApiError('overloaded', 'Busy.', {
      expected: 'less',
      headers: { 'Retry-After': '3' },
    });
  });
  const response = await handler(request, context);
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

test('an error nobody planned for is logged and tells the client nothing of itself', async () => {
  const logged = vi.spyOn(log, 'error').mockImplementation(() => undefined);
  const handler = route('thing', () => {
    throw new Error('password is 1234');
  });
  const response = await handler(request, context);
  const text = await response.text();
  expect(response.status).toBe(500);
  expect(text).not.toContain('1234');
  expect(text).toContain(response.headers.get('x-request-id'));
  expect(logged).toHaveBeenCalledOnce();
});

test('a client that hung up is no error of ours', async () => {
  const logged = vi.spyOn(log, 'error').mockImplementation(() => undefined);
  const handler = route('thing', ({ request: given }) => {
    given.signal.throwIfAborted();
    throw new Error('never reached');
  });
  const gone = new Request('http://host/api/thing', { signal: AbortSignal.abort() });
  expect((await handler(gone, context)).status).toBe(400);
  expect(logged).not.toHaveBeenCalled();
});

test('an error is known by its name, whichever bundle its class came from', () => {
  class ApiErrorOfAnotherBundle extends Error {
    override readonly name = 'ApiError';
  }
  expect(ApiError.is(new ApiErrorOfAnotherBundle())).toBe(true);
  expect(ApiError.is(new Error('x'))).toBe(false);
});

test('one line is logged a request, with nothing of what was sent', async () => {
  const logged = vi.spyOn(log, 'info').mockImplementation(() => undefined);
  const handler = route('thing', () => new Response('x'));
  const headers = { Authorization: 'Bearer secret-key', 'X-Forwarded-For': '192.0.2.7' };
  const response = await handler(
    new Request(`${request.url}?key=secret-query`, { headers }),
    context,
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

test('OPTIONS tells what is offered', async () => {
  const { OPTIONS } = otherMethods('POST');
  const response = await OPTIONS(new Request(request.url, { method: 'OPTIONS' }), context);
  expect(response.status).toBe(204);
  expect(response.headers.get('allow')).toBe('POST, OPTIONS');
  expect(response.headers.has('access-control-allow-origin')).toBe(false);
});

test('other methods are refused with what is offered', async () => {
  const { DELETE } = otherMethods('GET', 'POST');
  const response = await DELETE(
    new Request('http://host/api/thing', { method: 'DELETE' }),
    context,
  );
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe('GET, POST, HEAD, OPTIONS');
  expect(await response.json()).toMatchObject({ type: 'method-not-allowed', received: 'DELETE' });
});
