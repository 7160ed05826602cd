import { describe, expect, test } from 'vitest';
import { DeviceError } from '@/lib/browser/client/device/worker-bridge';
import { ServerError } from '@/lib/browser/client/predict';
import { EMPTY_QUEUE } from '@/lib/browser/many/queue';
import { OversizeError, UnreadableError } from '@/lib/browser/many/runner';
import type { ServerFailure } from '@/lib/browser/client/where';
import {
  canRetry,
  describeRowFailure,
  leftOutSentence,
  markedSentence,
  pauseSentence,
  pictures,
  progressSentence,
  unansweredSentence,
} from './words';

test('pictures are counted in words', () => {
  expect([1, 2, 1000].map(pictures)).toEqual(['1 picture', '2 pictures', '1,000 pictures']);
});

test.each([
  [
    { all: 100, answered: 0, failed: 0, cancelled: 0, open: 100 },
    '0 of 100 pictures answered, 100 to go',
  ],
  [
    { all: 9, answered: 6, failed: 2, cancelled: 1, open: 0 },
    '6 of 9 pictures answered, 2 failed, 1 cancelled',
  ],
  [{ all: 1, answered: 1, failed: 0, cancelled: 0, open: 0 }, '1 of 1 picture answered'],
])('the progress of %j', (counts, sentence) => {
  expect(progressSentence(counts)).toBe(sentence);
});

describe('another try is offered', () => {
  const failed = (error: Error) => ({ state: { kind: 'failed', error } }) as const;
  const refused = (status: number) =>
    failed(new ServerError({ kind: 'status', status }, undefined));
  const unread = () => new DeviceError('undecodable-image', 'No picture.');

  test('where it can give an answer', () => {
    expect(canRetry({ state: { kind: 'cancelled' } }, 'automatic')).toBe(true);
    expect(canRetry(refused(503), 'server')).toBe(true);
    expect(canRetry(refused(429), 'automatic')).toBe(true);
    expect(canRetry(failed(new UnreadableError('gone')), 'automatic')).toBe(true);
    expect(canRetry(failed(unread()), 'automatic')).toBe(true);
    const away = unread().after({ kind: 'network' });
    expect(canRetry(failed(away), 'automatic')).toBe(true);
  });

  test('and nowhere else', () => {
    expect(canRetry(refused(415), 'automatic')).toBe(false);
    expect(canRetry(refused(422), 'server')).toBe(false);
    expect(canRetry(failed(new OversizeError('64 MB')), 'automatic')).toBe(false);
    expect(canRetry(failed(unread()), 'device')).toBe(false);
    expect(canRetry({ state: { kind: 'waiting' } }, 'automatic')).toBe(false);
  });
});

describe('why the server is not asked just now', () => {
  const paused = (failure: ServerFailure) => ({
    ...EMPTY_QUEUE,
    pause: { untilMs: 1_000, failure },
  });

  test.each([
    [{ kind: 'status', status: 429 }, 'The server limits how much it answers (429).'],
    [{ kind: 'status', status: 503 }, 'The server is busy (503).'],
    [{ kind: 'status', status: 502 }, 'The server cannot answer now (502).'],
    [{ kind: 'timeout', timeoutMs: 1 }, 'The server takes too long.'],
    [{ kind: 'network' }, 'The server cannot be reached.'],
  ] as const)('after %j', (failure, reason) => {
    expect(pauseSentence(paused(failure), 'automatic', 999)).toBe(
      `${reason} This device answers in the meantime.`,
    );
    expect(pauseSentence(paused(failure), 'server', 999)).toBe(
      `${reason} It is asked again in a while.`,
    );
  });

  test('nothing is said when it is over, or when nobody asks the server', () => {
    const queue = paused({ kind: 'network' });
    expect(pauseSentence(queue, 'automatic', 1_000)).toBe('');
    expect(pauseSentence(queue, 'device', 0)).toBe('');
    expect(pauseSentence(EMPTY_QUEUE, 'automatic', 0)).toBe('');
  });
});

test.each([
  [new UnreadableError('gone'), 'This file can no longer be read'],
  [new OversizeError('70000000 bytes'), 'This file is larger than 64 MB'],
  [new ServerError({ kind: 'network' }, undefined), 'The server cannot be reached'],
])('a row says of %s: %s', (error, title) => {
  expect(describeRowFailure(error, 'server').title).toBe(title);
});

test('counts the files that were left out', () => {
  expect(leftOutSentence(0)).toBe('');
  expect(leftOutSentence(1)).toBe('1 picture was left out: 5,000 are taken at a time.');
  expect(leftOutSentence(12)).toBe('12 pictures were left out: 5,000 are taken at a time.');
});

test.each([
  [0, true, 'nothing could be marked, for no history is kept'],
  [1, true, '1 marked as right'],
  [1200, false, '1,200 marked as wrong'],
] as const)('%d marked, right is %s: “%s”', (count, correct, expected) => {
  expect(markedSentence(count, correct)).toBe(expected);
});

test('pictures that a reload found without an answer are to be chosen again', () => {
  expect(unansweredSentence(1)).toBe(
    '1 picture had no answer when this page was loaded anew. Choose it again.',
  );
  expect(unansweredSentence(2)).toContain('Choose them again.');
});
