import { cp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { bundlePoolWorker } from '../../../scripts/build-assets';
import { rank } from '@/lib/shared/vision/answer';
import { UNEVALUATED } from '@/lib/shared/model/evaluation';
import { log } from '../log';
import { getMetrics } from '../metrics/metrics';
import { DEFAULT_PICTURE_LIMITS } from '@/lib/shared/picture/rules';
import { readModelFolder, type ModelFolder } from '../models/folder';
import { ISOLATIONS, type Isolation } from '../settings';
import { InferencePool } from './pool';

const OUTPUT = path.resolve(`.build/pool-test-${process.pid}`);
const WORKER = path.join(OUTPUT, 'inference-worker.cjs');

const ANSWERS = {
  'espresso.png': 'espresso',
  'cat.png': 'tabby, tabby cat',
  'rocket.jpg': 'obelisk',
};
type File = keyof typeof ANSWERS;
const FILES = Object.keys(ANSWERS) as File[];
const pictures = {} as Record<File, Buffer>;

let model: ModelFolder;
let pool: InferencePool;

beforeAll(async () => {
  await bundlePoolWorker(OUTPUT);
  for (const file of FILES) pictures[file] = await readFile(`public/samples/${file}`);
  model = await readModelFolder('models/tiny-imagenet-200', 'tiny');
  return () => rm(OUTPUT, { recursive: true });
});

afterEach(async () => {
  await pool.stop();
  vi.restoreAllMocks();
});

let isolation: Isolation = 'process';

function createPool({
  workers = 2,
  queueLimit = 0,
  onnxFile = model.onnxFile,
  memoryBytes = 1536 * 1024 ** 2,
  timeoutSeconds = 10,
} = {}): InferencePool {
  const { id, preprocessing, labels, head } = model;
  pool = new InferencePool({
    workerFile: WORKER,
    workers,
    isolation,
    memoryBytes,
    queueLimit,
    retryMs: 50,
    setup: {
      models: [{ id, onnxFile, preprocessing, head, classCount: labels.length }],
      limits: { ...DEFAULT_PICTURE_LIMITS, timeoutSeconds },
    },
  });
  return pool;
}

async function readyPool(options?: Parameters<typeof createPool>[0]): Promise<InferencePool> {
  await createPool(options).started();
  expect(pool.state).toBe('ready');
  await vi.waitFor(() => expect(pool.warm).toBe(pool.workers), { timeout: 20_000 });
  return pool;
}

async function firstLabel(file: File, signal = new AbortController().signal): Promise<string> {
  const bytes = new Uint8Array(pictures[file]);
  const result = await pool.classify({ modelId: 'tiny', bytes }, signal);
  if (!result.ok) throw new Error(result.problem.received);
  return rank(result, { ...model, calibration: UNEVALUATED }, 1).predictions[0]!.label;
}

describe.each(ISOLATIONS)('InferencePool of worker kind %s', (kind) => {
  beforeEach(() => {
    isolation = kind;
  });

  test('refuses work until its workers are warm, and counts the refusals', async () => {
    const shed = vi.spyOn(getMetrics(), 'countShed');
    createPool();
    await expect(firstLabel('cat.png')).rejects.toMatchObject({ type: 'not-ready' });
    expect(shed.mock.calls).toEqual([['not-ready']]);
    await pool.started();
    expect(pool.warmupMs).toBeGreaterThan(0);
    await expect(firstLabel('espresso.png')).resolves.toBe('espresso');
  });

  test('two workers answer a hundred pictures correctly side by side', async () => {
    await readyPool({ queueLimit: 100 });
    const asked = Array.from({ length: 100 }, (_, i) => FILES[i % FILES.length]!);
    const answers = await Promise.all(asked.map((file) => firstLabel(file)));
    expect(answers).toEqual(asked.map((file) => ANSWERS[file]));
  });

  test('refuses tasks beyond the limit of the queue with Retry-After', async () => {
    await readyPool({ workers: 1, queueLimit: 2 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => firstLabel('cat.png')),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(5);
    expect(refused[0]!.reason).toMatchObject({
      type: 'overloaded',
      headers: { 'Retry-After': expect.stringMatching(/^[1-9]\d*$/) as string },
    });
  });

  test('holds about a second of work by default', async () => {
    await readyPool();
    expect(pool.limit).toBeGreaterThanOrEqual(16);
    expect(Number.isInteger(pool.limit)).toBe(true);
  });

  test('a caller that gives up leaves the queue, and no worker ends', async () => {
    await readyPool({ workers: 1, queueLimit: 10 });
    const controller = new AbortController();
    const running = firstLabel('cat.png');
    const waiting = firstLabel('rocket.jpg', controller.signal);
    expect(pool.waiting).toBe(1);
    controller.abort();
    await expect(waiting).rejects.toThrow();
    expect(pool.waiting).toBe(0);
    await expect(running).resolves.toBe('tabby, tabby cat');
    await expect(firstLabel('espresso.png')).resolves.toBe('espresso');
  });

  test('a running picture is finished and keeps its place though its caller gives up', async () => {
    await readyPool({ workers: 1, queueLimit: 10 });
    const controller = new AbortController();
    const running = firstLabel('cat.png', controller.signal);
    const next = firstLabel('espresso.png');
    controller.abort();
    await expect(running).resolves.toBe('tabby, tabby cat');
    await expect(next).resolves.toBe('espresso');
  });

  test('a caller that has already given up takes no place', async () => {
    await readyPool({ workers: 1 });
    await expect(firstLabel('cat.png', AbortSignal.abort())).rejects.toThrow();
    expect(pool.waiting).toBe(0);
    await expect(firstLabel('espresso.png')).resolves.toBe('espresso');
  });

  test('a worker that dies fails only its own picture', async () => {
    await readyPool({ workers: 1 });
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const lost = firstLabel('cat.png');
    const waiting = firstLabel('rocket.jpg');
    await Promise.all([expect(lost).rejects.toThrow(), pool.crashOne()]);
    await expect(waiting).resolves.toBe(ANSWERS['rocket.jpg']);
  });

  test('the only worker is replaced too', async () => {
    await readyPool({ workers: 1 });
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await pool.crashOne();
    await expect(firstLabel('espresso.png')).resolves.toBe('espresso');
  });

  test('a worker that dies is replaced while the other one works on', async () => {
    await readyPool();
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await pool.crashOne();
    await expect(firstLabel('espresso.png')).resolves.toBe('espresso');
    await vi.waitFor(() => expect(pool.alive).toBeGreaterThanOrEqual(2), { timeout: 10_000 });
    const answers = await Promise.all(FILES.map((file) => firstLabel(file)));
    expect(answers).toEqual(FILES.map((file) => ANSWERS[file]));
  });

  test('says why it failed when the model cannot be loaded', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await createPool({ onnxFile: '/nowhere/model.onnx' }).started();
    expect(pool.state).toBe('failed');
    expect(pool.failure?.message).toContain('/nowhere/model.onnx');
    await expect(firstLabel('cat.png')).rejects.toMatchObject({ type: 'not-ready' });
  });

  test('starts all workers again when none is left', async () => {
    const onnxFile = path.join(OUTPUT, 'model.onnx');
    await cp(model.onnxFile, onnxFile);
    await readyPool({ onnxFile });
    await rm(onnxFile);
    await pool.crashAll();
    await vi.waitFor(() => expect(pool.state).toBe('failed'), { timeout: 10_000 });
    await expect(firstLabel('cat.png')).rejects.toMatchObject({ type: 'not-ready' });
    await cp(model.onnxFile, onnxFile);
    await vi.waitFor(() => expect(pool.state).toBe('ready'), { timeout: 20_000 });
    await expect(firstLabel('espresso.png')).resolves.toBe('espresso');
  });

  test('counts each worker that is lost, whether it had a picture or not', async () => {
    const lost = vi.spyOn(getMetrics(), 'countWorkerFailure');
    await readyPool();
    await pool.crashOne();
    expect(lost).toHaveBeenCalledTimes(1);
    const pictures = FILES.map((file) => firstLabel(file).catch(() => undefined));
    await pool.crashOne();
    await Promise.all(pictures);
    expect(lost).toHaveBeenCalledTimes(2);
  });

  test('is not ready while it stops, and still answers', async () => {
    await readyPool({ workers: 1 });
    pool.announceStop();
    expect(pool.state).toBe('stopping');
    await expect(firstLabel('espresso.png')).resolves.toBe('espresso');
  });

  test('returns what is wrong with a picture instead of throwing', async () => {
    await readyPool({ workers: 1 });
    const bytes = new Uint8Array(pictures['cat.png']).slice(0, 9000);
    expect(
      await pool.classify({ modelId: 'tiny', bytes }, new AbortController().signal),
    ).toMatchObject({
      ok: false,
      problem: { type: 'undecodable-image' },
    });
  });
});

describe('threads', () => {
  test('an idle worker does not keep the pixels of a large picture', async () => {
    isolation = 'thread';
    await readyPool({ workers: 1 });
    const side = 8000;
    const large = await sharp({
      create: { width: side, height: side, channels: 3, background: '#6a7f5b' },
    })
      .jpeg()
      .toBuffer();
    const pixelBytes = 3 * side * side;
    const before = process.memoryUsage.rss();
    const bytes = new Uint8Array(large);
    await pool.classify({ modelId: 'tiny', bytes }, new AbortController().signal);
    const kept = () => process.memoryUsage.rss() - before;
    await vi.waitFor(() => expect(kept()).toBeLessThan(pixelBytes / 2), { timeout: 10_000 });
  });
});

describe('a worker process', () => {
  beforeEach(() => {
    isolation = 'process';
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
  });

  const ask = (bytes: Uint8Array, sha256?: string) =>
    pool.classify(
      { modelId: 'tiny', bytes: new Uint8Array(bytes), sha256 },
      new AbortController().signal,
    );

  const flat = (side: number) =>
    sharp({ create: { width: side, height: side, channels: 3, background: '#6a7f5b' } })
      .jpeg()
      .toBuffer();

  test.each(['SIGSEGV', 'SIGKILL', 'SIGABRT'] as const)(
    'ended by %s fails only its own picture',
    async (signal) => {
      await readyPool({ workers: 2, queueLimit: 100 });
      const asked = Array.from({ length: 30 }, (_, i) => FILES[i % FILES.length]!);
      const answers = Promise.allSettled(asked.map((file) => firstLabel(file)));
      await pool.crashOne(signal);
      const outcomes = await answers;
      const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(lost.length).toBeLessThanOrEqual(1);
      for (const { reason } of lost) expect(reason).toMatchObject({ type: 'not-ready' });
      expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBe(
        asked.length - lost.length,
      );
    },
  );

  test('is ended when its picture exceeds the memory limit, and the answer says so', async () => {
    await readyPool({ workers: 1, memoryBytes: 60 * 1024 ** 2 });
    const logged = vi.spyOn(log, 'error');
    const failure = ask(await flat(8000), 'large');
    await expect(failure).rejects.toMatchObject({
      type: 'undecodable-image',
      expected: 'at most 60 MiB of memory',
    });
    expect(logged.mock.calls[0]![0]).toMatchObject({ sha256: 'large' });
    await expect(firstLabel('espresso.png')).resolves.toBe('espresso');
  });

  test('does not get a picture again that exceeded a limit', async () => {
    await readyPool({ workers: 1, memoryBytes: 60 * 1024 ** 2 });
    const large = await flat(8000);
    const lost = vi.spyOn(getMetrics(), 'countWorkerFailure');
    await expect(ask(large, 'large')).rejects.toMatchObject({ type: 'undecodable-image' });
    await expect(ask(large, 'large')).rejects.toMatchObject({ type: 'undecodable-image' });
    expect(lost).toHaveBeenCalledOnce();
  });

  test('that hangs without a task is ended, and another takes its place', async () => {
    await readyPool({ workers: 1 });
    await vi.waitFor(() => expect(pool.alive).toBe(2), { timeout: 10_000 });
    await pool.crashOne('SIGSTOP');
    await expect(firstLabel('espresso.png')).resolves.toBe('espresso');
    await vi.waitFor(() => expect(pool.warm).toBe(1), { timeout: 10_000 });
  });

  test('does not outlive its pool', async () => {
    await readyPool({ workers: 2 });
    await pool.stop();
    expect(pool.alive).toBe(0);
  });

  test('has a warm spare beside it', async () => {
    await readyPool({ workers: 2 });
    await vi.waitFor(() => expect(pool.alive).toBe(3), { timeout: 10_000 });
  });
});
