import { expect, test, vi } from 'vitest';
import { getMetrics } from '../metrics/metrics';
import { failure, inPieces, request, streamed } from '../testing';
import { readBytes } from './body';
import { Uploads } from './uploads';

const LIMITS = { maxBytes: 4_000_000, timeoutMs: 5_000 };
const large = () => request(new Uint8Array(1), { 'Content-Length': '2000000' });
const small = () => request(new Uint8Array(1), { 'Content-Length': '1000' });

/** Work that reads the body of its request and ends when it is told to. */
function job(body: Request) {
  let end!: () => void;
  let start!: () => void;
  const started = new Promise<void>((resolve) => (start = resolve));
  const ended = new Promise<void>((resolve) => (end = resolve));
  const work = async () => {
    await readBytes(body, LIMITS);
    start();
    await ended;
    return 'done';
  };
  return { end, started, admitTo: (uploads: Uploads) => uploads.admit(body, work) };
}

test('large uploads go side by side up to the bound, and the next one waits', async () => {
  const uploads = new Uploads(1);
  const [first, second] = [job(large()), job(large())];
  const results = [first.admitTo(uploads), second.admitTo(uploads)];
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
  const blocking = job(large());
  const blocked = blocking.admitTo(uploads);
  await blocking.started;
  const passing = job(small());
  passing.end();
  expect(await passing.admitTo(uploads)).toBe('done');
  blocking.end();
  await blocked;
});

test('one whose length nobody declared counts as large', async () => {
  const uploads = new Uploads(1);
  const unknown = job(streamed(inPieces(new Uint8Array(4), 2)));
  const work = unknown.admitTo(uploads);
  await unknown.started;
  expect(uploads.underWay).toBe(1);
  unknown.end();
  await work;
});

test('one that declares much and sends nothing takes no place', async () => {
  const uploads = new Uploads(1);
  const silent = streamed(new ReadableStream<Uint8Array>(), { 'content-length': '2000000' });
  const waiting = failure(
    uploads.admit(silent, () => readBytes(silent, { ...LIMITS, timeoutMs: 50 })),
  );
  const honest = job(large());
  honest.end();
  expect(await honest.admitTo(uploads)).toBe('done');
  expect(await waiting).toMatchObject({ type: 'upload-timeout' });
});

test('an upload that waits too long gets Retry-After and is counted', async () => {
  const shed = vi.spyOn(getMetrics(), 'countShed');
  const uploads = new Uploads(1, 1);
  const blocking = job(large());
  const blocked = blocking.admitTo(uploads);
  await blocking.started;
  const error = await failure(job(large()).admitTo(uploads));
  expect(error).toMatchObject({ type: 'overloaded', headers: { 'Retry-After': '2' } });
  expect(shed.mock.calls).toEqual([['uploads']]);
  blocking.end();
  expect(await blocked).toBe('done');
});

test('a client that disconnects leaves the queue; one that is being answered keeps its place', async () => {
  const uploads = new Uploads(1);
  const gone = new AbortController();
  const leaving = new Request('http://host/', {
    method: 'POST',
    body: new Uint8Array(1),
    signal: gone.signal,
    headers: { 'Content-Length': '2000000' },
  });
  const blocking = job(large());
  const blocked = blocking.admitTo(uploads);
  await blocking.started;
  const waiting = failure(job(leaving).admitTo(uploads));
  gone.abort();
  expect(await waiting).toMatchObject({ type: 'invalid-request' });
  expect(uploads.underWay).toBe(1);
  blocking.end();
  await blocked;
});
