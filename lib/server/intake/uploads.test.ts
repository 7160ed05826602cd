import { expect, test, vi } from 'vitest';
import { getMetrics } from '../metrics/metrics';
import { failure, inPieces, request, streamed } from '../testing';
import { Uploads } from './uploads';

const large = () => request(new Uint8Array(1), { 'Content-Length': '2000000' });
const small = () => request(new Uint8Array(1), { 'Content-Length': '1000' });

/** Work that ends when it is told to. */
function job(): { work: () => Promise<string>; end: () => void; started: Promise<void> } {
  let end!: () => void;
  let start!: () => void;
  const started = new Promise<void>((resolve) => (start = resolve));
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { end, started, work: () => (start(), ended.then(() => 'done')) };
}

test('large uploads go side by side up to the bound, and the next one waits', async () => {
  const uploads = new Uploads(1);
  const [first, second] = [job(), job()];
  const results = [uploads.admit(large(), first.work), uploads.admit(large(), second.work)];
  await first.started;
  expect(uploads.underWay).toBe(1);
  first.end();
  await second.started;
  second.end();
  expect(await Promise.all(results)).toEqual(['done', 'done']);
  expect(uploads.underWay).toBe(0);
});

test('a small one passes by', async () => {
  const uploads = new Uploads(1);
  const blocking = job();
  const blocked = uploads.admit(large(), blocking.work);
  expect(await uploads.admit(small(), () => Promise.resolve('answer'))).toBe('answer');
  blocking.end();
  await blocked;
});

test('one whose length nobody declared counts as large', async () => {
  const uploads = new Uploads(1);
  const unknown = job();
  const work = uploads.admit(streamed(inPieces(new Uint8Array(4), 2)), unknown.work);
  await unknown.started;
  expect(uploads.underWay).toBe(1);
  unknown.end();
  await work;
});

test('who waits too long is told to come again, and counted', async () => {
  const shed = vi.spyOn(getMetrics(), 'countShed');
  const uploads = new Uploads(1, 1);
  const blocking = job();
  const blocked = uploads.admit(large(), blocking.work);
  const error = await failure(uploads.admit(large(), () => Promise.resolve('never')));
  expect(error).toMatchObject({ type: 'overloaded', headers: { 'Retry-After': '2' } });
  expect(shed.mock.calls).toEqual([['uploads']]);
  blocking.end();
  expect(await blocked).toBe('done');
});

test('who hangs up while waiting leaves the line; who is being answered keeps the place', async () => {
  const uploads = new Uploads(1);
  const gone = new AbortController();
  const blocking = job();
  const init = { method: 'POST', body: new Uint8Array(1), signal: gone.signal };
  const leaving = new Request('http://host/', {
    ...init,
    headers: { 'Content-Length': '2000000' },
  });
  const blocked = uploads.admit(large(), blocking.work);
  const waiting = failure(uploads.admit(leaving, () => Promise.resolve('never')));
  gone.abort();
  expect((await waiting).name).toBe('AbortError');
  expect(uploads.underWay).toBe(1);
  blocking.end();
  await blocked;
});
