import { describe, expect, test } from 'vitest';
import type { Classified } from '../client/client';
import { ServerError } from '../client/predict';
import type { RuntimeChoice, ServerFailure, Situation } from '../client/where';
import {
  addFiles,
  batchTooLarge,
  cancel,
  clear,
  EMPTY_QUEUE,
  jobEnded,
  jobStarted,
  MAX_ATTEMPTS,
  MAX_ROWS,
  plan,
  retry,
  serverAnswered,
  serverFailed,
  applyOutcomes,
  type Job,
  type Outcome,
  type Queue,
} from './queue';

const situation = (choice: RuntimeChoice = 'automatic', online = true): Situation => ({
  choice,
  online,
  device: 'available',
});
const LIMITED: ServerFailure = { kind: 'status', status: 429 };
const classified = { on: 'server' } as Classified;
const answered: Outcome = { kind: 'answered', classified };

function failedWith(status: number): Outcome {
  const failure = { kind: 'status', status } as const;
  return { kind: 'server-failed', failure, error: new ServerError(failure, undefined) };
}

function queueOf(count: number, bytes = 4): Queue {
  const files = Array.from(
    { length: count },
    (_, i) => new File([new Uint8Array(bytes)], `${i}.jpg`),
  );
  return addFiles(EMPTY_QUEUE, files);
}

/** Starts the next job; fails if there is none. */
function begin(queue: Queue, of = situation(), nowMs = 0): { job: Job; queue: Queue } {
  const next = plan(queue, of, nowMs);
  if (next.kind !== 'start') throw new Error(`nothing starts, but: ${next.kind}`);
  return { job: next.job, queue: jobStarted(queue, next.job) };
}

function finish(queue: Queue, job: Job, outcome: Outcome, of = situation()): Queue {
  const outcomes = new Map(job.rows.map(({ id }) => [id, outcome]));
  return jobEnded(applyOutcomes(queue, job, outcomes, of), job);
}

const states = ({ rows }: Queue) => rows.map(({ state }) => state.kind);
const ids = (job: Job) => job.rows.map(({ id }) => id);

describe('adding', () => {
  test('keeps the order, equal files and all', () => {
    const file = new File(['x'], 'a.jpg');
    const queue = addFiles(addFiles(EMPTY_QUEUE, [file, file]), [new File([], 'b.jpg')]);
    expect(queue.rows.map(({ id, path }) => [id, path])).toEqual([
      [0, 'a.jpg'],
      [1, 'a.jpg'],
      [2, 'b.jpg'],
    ]);
  });

  test('keeps at most one page of rows', () => {
    const file = new File([], 'a.jpg');
    const queue = addFiles(queueOf(2), new Array<File>(MAX_ROWS).fill(file));
    expect(queue.rows).toHaveLength(MAX_ROWS);
  });

  test('names a file by the folders it lay in', () => {
    const file = Object.assign(new File([], 'a.jpg'), { path: './holiday/a.jpg' });
    expect(addFiles(EMPTY_QUEUE, [file]).rows[0]!.path).toBe('holiday/a.jpg');
  });
});

describe('batches for the server', () => {
  test('have 32 pictures, two go side by side, in order', () => {
    const first = begin(queueOf(80));
    const second = begin(first.queue);
    expect(ids(first.job)).toEqual(Array.from({ length: 32 }, (_, i) => i));
    expect(ids(second.job)).toEqual(Array.from({ length: 32 }, (_, i) => 32 + i));
    expect(plan(second.queue, situation(), 0).kind).toBe('idle');
  });

  test('hold no more bytes than allowed, but never nothing', () => {
    const queue = { ...queueOf(3, 10), maxBatchBytes: 20 };
    expect(ids(begin(queue).job)).toEqual([0, 1]);
    expect(ids(begin({ ...queue, maxBatchBytes: 1 }).job)).toEqual([0]);
  });

  test('are halved where they were too large', () => {
    const { job, queue } = begin(queueOf(8, 10));
    const smaller = jobEnded(batchTooLarge(queue, job), job);
    expect(ids(begin(smaller).job)).toEqual([0, 1, 2, 3]);
  });
});

describe('an answer', () => {
  test('is taken once: a late one of a cancelled picture is not', () => {
    const { job, queue } = begin(queueOf(2));
    const late = finish(cancel(queue, new Set([0])), job, answered);
    expect(states(late)).toEqual(['cancelled', 'answered']);
  });

  test('of an older job changes nothing in a newer one', () => {
    const old = begin(queueOf(1));
    const again = begin(retry(cancel(old.queue)));
    expect(states(finish(again.queue, old.job, answered))).toEqual(['working']);
  });

  test('of a list that was cleared changes nothing in the next one', () => {
    const old = begin(queueOf(1));
    const next = begin(addFiles(clear(cancel(old.queue)), [new File([], 'b.jpg')]));
    expect(next.job.id).not.toBe(old.job.id);
    expect(states(finish(next.queue, old.job, answered))).toEqual(['working']);
  });

  test('about the picture itself is a failure, once', () => {
    const { job, queue } = begin(queueOf(1));
    const refused = finish(queue, job, failedWith(422));
    expect(states(refused)).toEqual(['failed']);
    expect(plan(refused, situation(), 0).kind).toBe('idle');
  });

  test('that a job ends without leaves the picture waiting', () => {
    const { job, queue } = begin(queueOf(1));
    expect(states(jobEnded(queue, job))).toEqual(['waiting']);
  });
});

describe('a server that limits', () => {
  const { job, queue } = begin(queueOf(40));
  const limited = serverFailed(finish(queue, job, failedWith(429)), LIMITED, 30_000, 1_000);

  test('is left alone for as long as it said; the device answers and says why', () => {
    const first = begin(limited, situation(), 30_999);
    expect(first.job).toMatchObject({ to: 'device', reason: 'limited', failure: LIMITED });
    expect(ids(first.job)).toEqual([0]);
    expect(ids(begin(first.queue, situation(), 30_999).job)).toEqual([1]);
  });

  test('is asked again after that, but not for what the device has taken over', () => {
    const device = begin(begin(limited, situation(), 31_000).queue, situation(), 31_000);
    const server = begin(device.queue, situation(), 31_000);
    expect(server.job.to).toBe('server');
    expect(ids(server.job)).toEqual([32, 33, 34, 35, 36, 37, 38, 39]);
  });

  test('is retried three times if the visitor chose it', () => {
    let current = queueOf(1);
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const nowMs = attempt * 100_000;
      const begun = begin(current, situation('server'), nowMs);
      expect(begun.job.to).toBe('server');
      const failed = finish(begun.queue, begun.job, failedWith(429), situation('server'));
      current = serverFailed(failed, LIMITED, 30_000, nowMs);
      expect(plan(current, situation('server'), nowMs).kind).toBe(
        attempt < MAX_ATTEMPTS ? 'wait' : 'idle',
      );
    }
    expect(states(current)).toEqual(['failed']);
  });

  test('is not asked sooner because somebody tries again', () => {
    const again = retry(cancel(limited));
    expect(begin(again, situation(), 2_000).job.to).toBe('device');
  });
});

describe('a server that is unavailable', () => {
  const GONE: ServerFailure = { kind: 'network' };

  test('is left alone longer each time, a minute at most', () => {
    let queue = queueOf(1);
    const pauses = Array.from({ length: 6 }, () => {
      queue = serverFailed({ ...queue, pause: undefined }, GONE, undefined, 0);
      return queue.pause!.untilMs;
    });
    expect(pauses).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  test('resets the pause when it answers', () => {
    const failed = serverFailed(queueOf(1), GONE, undefined, 0);
    const later = serverFailed(serverAnswered(failed), GONE, undefined, 100_000);
    expect(later.pause!.untilMs).toBe(105_000);
  });

  test('is asked at once when somebody tries again', () => {
    const failed = serverFailed(queueOf(1), GONE, undefined, 0);
    expect(begin(retry(failed)).job.to).toBe('server');
  });

  test('is asked again when its pause is over', () => {
    let queue = serverFailed(queueOf(9), GONE, undefined, 0);
    for (let i = 0; i < 2; i++) queue = begin(queue).queue;
    expect(plan(queue, situation(), 0)).toEqual({ kind: 'wait', untilMs: 5_000 });
  });
});

describe('the choice', () => {
  test('“This device” sends nothing, whatever happened before', () => {
    const here = situation('device');
    let queue = queueOf(4);
    for (let i = 0; i < 4; i++) {
      const begun = begin(queue, here);
      expect(begun.job).toMatchObject({ to: 'device', reason: 'chosen' });
      queue = finish(begun.queue, begun.job, answered, here);
    }
    expect(plan(queue, here, 0).kind).toBe('idle');
  });

  test('“Server” keeps the device out, also of what it was to take over', () => {
    const { job, queue } = begin(queueOf(1));
    const fallenOver = finish(queue, job, failedWith(500));
    expect(begin(fallenOver, situation('server')).job.to).toBe('server');
  });

  test('without a network the device answers', () => {
    const { job } = begin(queueOf(1), situation('automatic', false));
    expect(job).toMatchObject({ to: 'device', reason: 'offline' });
  });

  test('a browser that saves data waits for the server', () => {
    const saving = { choice: 'automatic', online: true, device: 'costly' } as const;
    const { job, queue } = begin(queueOf(1), saving);
    const limited = serverFailed(finish(queue, job, failedWith(429), saving), LIMITED, 9_000, 0);
    expect(plan(limited, saving, 0)).toEqual({ kind: 'wait', untilMs: 9_000 });
    expect(begin(limited, saving, 9_000).job.to).toBe('server');
  });
});
