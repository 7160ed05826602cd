import { describe, expect, test } from 'vitest';
import type { BatchResponse } from '../../shared/contract/batch';
import type { Problem } from '../../shared/contract/problems';
import type { Classified } from '../client/client';
import { ServerError } from '../client/predict';
import type { DeviceAnswer } from '../client/device/device';
import { DeviceError } from '../client/device/worker-bridge';
import type { RuntimeChoice } from '../client/where';
import { OversizeError, ManyRunner, UnreadableError, type RunnerDependencies } from './runner';

const MODEL = { id: 'some-model', version: '0123456789ab' };
const predictions = [{ label: 'espresso', index: 3, score: 0.9 }];
const unsupported: Problem = {
  type: 'unsupported-image',
  title: 'Not a picture',
  status: 415,
  detail: 'It is text.',
  instance: '/api/predict/batch',
};

/** Answers every picture except those named "bad". */
function answerBatch(files: readonly File[]): BatchResponse {
  const image = { width: 1, height: 1, format: 'png', sha256: 'a'.repeat(64) } as const;
  const timings = { decodeMs: 1, queueMs: 0, inferenceMs: 1, totalMs: 2 };
  return {
    id: '0190b3c4-0000-7000-8000-000000000000',
    model: MODEL,
    results: files.map(({ name }, index) =>
      name.startsWith('bad')
        ? { index, name, status: 415, problem: unsupported }
        : {
            index,
            name,
            status: 200,
            head: 'single-label',
            predictions,
            uncertain: false,
            image,
            cached: false,
            timings,
          },
    ),
    timings: { totalMs: 2 },
  };
}

interface Setup {
  readonly choice?: RuntimeChoice;
  readonly askServer?: RunnerDependencies['askServer'];
  readonly canDecode?: boolean;
}

function setUp({ choice = 'automatic', askServer, canDecode = false }: Setup = {}) {
  const world = {
    choice,
    online: true,
    nowMs: 0,
    sent: [] as string[][],
    onDevice: [] as string[],
    /** Errors for the next pictures on the device. */
    failures: [] as Error[],
    remembered: [] as [string, Classified['on']][],
    timers: [] as { atMs: number; work: () => void }[],
  };
  const runner = new ManyRunner({
    choice: () => world.choice,
    device: {
      ability: () => 'available',
      classify: (picture) => {
        world.onDevice.push((picture as File).name);
        const failure = world.failures.shift();
        if (failure) return Promise.reject(failure);
        return Promise.resolve({ predictions, model: MODEL } as unknown as DeviceAnswer);
      },
    },
    askServer: (files, options) => {
      world.sent.push(files.map(({ name }) => name));
      return askServer ? askServer(files, options) : Promise.resolve(answerBatch(files));
    },
    canDecode: () => Promise.resolve(canDecode),
    isOnline: () => world.online,
    now: () => world.nowMs,
    later: (ms, work) => {
      const timer = { atMs: world.nowMs + ms, work };
      world.timers.push(timer);
      return () => world.timers.splice(world.timers.indexOf(timer), 1);
    },
    onAnswer: ({ file: { name } }, { on }) => world.remembered.push([name, on]),
  });
  return { world, runner };
}

const filesOf = (...names: string[]) => names.map((name) => new File([name], name));

/** Waits until no job is running. */
async function rest(runner: ManyRunner): Promise<void> {
  while (runner.queue.jobs.length > 0) await new Promise((resolve) => setImmediate(resolve));
}

const states = (runner: ManyRunner) => runner.queue.rows.map(({ state }) => state.kind);
const places = (runner: ManyRunner) =>
  runner.queue.rows.map(({ state }) =>
    state.kind === 'answered' ? state.classified.on : state.kind,
  );

const limited = (retryAfterMs: number) =>
  new ServerError({ kind: 'status', status: 429 }, undefined, { retryAfterMs });

describe('the server', () => {
  test('answers each picture once, also beside a bad one', async () => {
    const { runner, world } = setUp();
    runner.add(filesOf('a.jpg', 'bad.txt', 'b.jpg'));
    await rest(runner);
    expect(states(runner)).toEqual(['answered', 'failed', 'answered']);
    expect(world.sent).toEqual([['a.jpg', 'bad.txt', 'b.jpg']]);
    expect(world.remembered).toEqual([
      ['a.jpg', 'server'],
      ['b.jpg', 'server'],
    ]);
  });

  test('gives each picture of a batch an id of its own', async () => {
    const { runner } = setUp();
    runner.add(filesOf('a.jpg', 'a.jpg'));
    await rest(runner);
    const answerIds = runner.queue.rows.map(({ state }) =>
      state.kind === 'answered' ? state.classified.answer.id : '',
    );
    expect(new Set(answerIds).size).toBe(2);
  });

  test('does not get unreadable files or files above its limit', async () => {
    const { runner, world } = setUp();
    const gone = new File(['x'], 'gone.jpg');
    gone.slice = () => {
      throw new DOMException('gone', 'NotReadableError');
    };
    const huge = new File(['x'], 'huge.jpg');
    Object.defineProperty(huge, 'size', { value: 65 * 1024 * 1024 });
    runner.add([gone, huge, ...filesOf('a.jpg')]);
    await rest(runner);
    expect(world.sent).toEqual([['a.jpg']]);
    expect(runner.queue.rows.map(({ state }) => state)).toMatchObject([
      { error: expect.any(UnreadableError) as Error },
      { error: expect.any(OversizeError) as Error },
      { kind: 'answered' },
    ]);
  });

  test('gets smaller batches after one was too large', async () => {
    const { runner, world } = setUp({
      askServer: (files) =>
        files.length > 1
          ? Promise.reject(new ServerError({ kind: 'status', status: 413 }, undefined))
          : Promise.resolve(answerBatch(files)),
    });
    runner.add(filesOf('a.jpg', 'b.jpg'));
    await rest(runner);
    expect(states(runner)).toEqual(['answered', 'answered']);
    expect(world.sent).toEqual([['a.jpg', 'b.jpg'], ['a.jpg'], ['b.jpg']]);
  });
});

describe('the device', () => {
  test('answers pictures that the server limits, none of them twice', async () => {
    const { runner, world } = setUp({
      askServer: (files) =>
        files[0]!.name === '0.jpg'
          ? Promise.resolve(answerBatch(files))
          : Promise.reject(limited(60_000)),
    });
    const names = Array.from({ length: 70 }, (_, i) => `${i}.jpg`);
    runner.add(filesOf(...names));
    await rest(runner);
    expect(places(runner)).toEqual([
      ...new Array<string>(32).fill('server'),
      ...new Array<string>(38).fill('device'),
    ]);
    expect(runner.queue.rows.map(({ path }) => path)).toEqual(names);
    expect(world.remembered.map(([name]) => name).sort()).toEqual([...names].sort());
  });

  test('answers a format that the server does not read and the browser does', async () => {
    const { runner, world } = setUp({ canDecode: true });
    runner.add(filesOf('bad.bmp'));
    await rest(runner);
    expect(places(runner)).toEqual(['device']);
    expect(world.onDevice).toEqual(['bad.bmp']);
  });

  test('answers everything when the visitor chose it, and nothing is sent', async () => {
    const { runner, world } = setUp({ choice: 'device' });
    runner.add(filesOf('a.jpg', 'b.jpg', 'c.jpg'));
    await rest(runner);
    expect(places(runner)).toEqual(['device', 'device', 'device']);
    expect(world.sent).toEqual([]);
  });

  test('answers only unfinished pictures again after another model or backend was chosen', async () => {
    const { runner, world } = setUp({ choice: 'device' });
    world.failures = [new DeviceError('stopped', 'Stopped.'), new DeviceError('timeout', 'Slow.')];
    runner.add(filesOf('a', 'b'));
    await rest(runner);
    expect([...states(runner)].sort()).toEqual(['answered', 'failed']);
  });

  test('asks once about a large model: what waits for it is cancelled with the first no', async () => {
    const { runner, world } = setUp({ choice: 'device' });
    world.failures = [new DeviceError('declined', 'Not now.')];
    runner.add(filesOf('a', 'b', 'c'));
    await rest(runner);
    expect(states(runner)).toEqual(['cancelled', 'cancelled', 'cancelled']);
  });

  test('takes over when it is chosen during a request, which is cancelled', async () => {
    let signal: AbortSignal | undefined;
    const { runner, world } = setUp({
      askServer: (_files, options) => {
        signal = options.signal;
        return new Promise((_, reject) => {
          signal!.addEventListener('abort', () => reject(signal!.reason as Error));
        });
      },
    });
    runner.add(filesOf('a.jpg'));
    await expect.poll(() => world.sent.length).toBe(1);
    world.choice = 'device';
    runner.reconsider();
    await rest(runner);
    expect(signal!.aborted).toBe(true);
    expect(places(runner)).toEqual(['device']);
  });
});

describe('a visitor who chose the server', () => {
  test('waits for its Retry-After and then gets the answer', async () => {
    let calls = 0;
    const { runner, world } = setUp({
      choice: 'server',
      askServer: (files) =>
        ++calls === 1 ? Promise.reject(limited(7_000)) : Promise.resolve(answerBatch(files)),
    });
    runner.add(filesOf('a.jpg'));
    await rest(runner);
    expect(world.timers.map(({ atMs }) => atMs)).toEqual([7_000]);
    world.nowMs = 7_000;
    world.timers[0]!.work();
    await rest(runner);
    expect(places(runner)).toEqual(['server']);
    expect(world.onDevice).toEqual([]);
  });
});

test('cancelling everything aborts requests and keeps answers', async () => {
  const signals: AbortSignal[] = [];
  const { runner } = setUp({
    askServer: (files, { signal }) => {
      if (files.length > 1) return Promise.resolve(answerBatch(files));
      signals.push(signal!);
      return new Promise((_, reject) => {
        signal!.addEventListener('abort', () => reject(signal!.reason as Error));
      });
    },
  });
  runner.add(filesOf(...Array.from({ length: 33 }, (_, i) => `${i}.jpg`)));
  await expect.poll(() => states(runner).filter((state) => state === 'answered').length).toBe(32);
  runner.cancel();
  await rest(runner);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  expect(states(runner).slice(31)).toEqual(['answered', 'cancelled']);
  runner.clear();
  expect(runner.queue.rows).toEqual([]);
});

describe('a list that was cleared', () => {
  test('comes back as it was, with what was under way cancelled', async () => {
    const { runner } = setUp();
    runner.add(filesOf('a.jpg'));
    await rest(runner);
    runner.add(filesOf('b.jpg'));
    runner.clear();
    expect([runner.queue.rows, runner.canUndo]).toEqual([[], true]);
    runner.undoClear();
    expect(states(runner)).toEqual(['answered', 'cancelled']);
    expect(runner.canUndo).toBe(false);
  });

  test('stays away once something is added', async () => {
    const { runner } = setUp();
    runner.add(filesOf('a.jpg'));
    await rest(runner);
    runner.clear();
    runner.add(filesOf('b.jpg'));
    expect(runner.canUndo).toBe(false);
    runner.undoClear();
    expect(runner.queue.rows.map(({ file }) => file.name)).toEqual(['b.jpg']);
  });
});
