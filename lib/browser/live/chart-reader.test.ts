import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ReadChartsReply, ReadChartsRequest } from '../../worker/charts/messages';
import { ChartReader } from './chart-reader';

/** A worker that answers only when the test tells it to. */
class ScriptedWorker {
  static started: ScriptedWorker[] = [];
  onmessage: ((event: { data: ReadChartsReply }) => void) | undefined;
  onerror: ((event: { message: string }) => void) | undefined;
  readonly requests: ReadChartsRequest[] = [];
  readonly terminate = vi.fn();

  constructor() {
    ScriptedWorker.started.push(this);
  }

  postMessage(request: ReadChartsRequest): void {
    this.requests.push(request);
  }

  reply(index: number): void {
    const { requestId } = this.requests[index]!;
    this.onmessage!({ data: { requestId, kind: 'done', frame: FRAME } });
  }
}

const FRAME = { window: '1h', from: '2026-11-24T12:00:00Z', to: '2026-11-24T13:00:00Z' } as const;
const { signal: never } = new AbortController();
const body = () => new ArrayBuffer(1);

let reader: ChartReader;

beforeEach(() => {
  ScriptedWorker.started = [];
  vi.stubGlobal('Worker', ScriptedWorker);
  reader = new ChartReader('/workers/charts.js');
});

afterEach(() => vi.unstubAllGlobals());

test('one that is given up ends no other, and the worker stays for that', async () => {
  const controller = new AbortController();
  const first = reader.read(body(), controller.signal);
  const second = reader.read(body(), never);
  controller.abort(new Error('late'));
  await expect(first).rejects.toThrow('late');
  const [worker] = ScriptedWorker.started;
  expect(worker!.terminate).not.toHaveBeenCalled();
  worker!.reply(1);
  await expect(second).resolves.toEqual({ ...FRAME, charts: [] });
});

test('a worker that nobody waits for any more is ended, and the next answer gets another', async () => {
  const controller = new AbortController();
  const first = reader.read(body(), controller.signal);
  controller.abort(new Error('late'));
  await expect(first).rejects.toThrow('late');
  expect(ScriptedWorker.started[0]!.terminate).toHaveBeenCalledOnce();
  const second = reader.read(body(), never);
  ScriptedWorker.started[1]!.reply(0);
  await expect(second).resolves.toMatchObject(FRAME);
});

test('a worker that fails fails those who wait for it, and no later one', async () => {
  const first = reader.read(body(), never);
  const [broken] = ScriptedWorker.started;
  broken!.onerror!({ message: 'no such script' });
  await expect(first).rejects.toThrow('The chart reader failed: no such script');
  const second = reader.read(body(), never);
  broken!.onerror!({ message: 'once more' });
  ScriptedWorker.started[1]!.reply(0);
  await expect(second).resolves.toMatchObject(FRAME);
});
