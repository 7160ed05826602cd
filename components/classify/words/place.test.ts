import { expect, test } from 'vitest';
import type { Classified } from '@/lib/browser/client/client';
import { reasonSentence, sentFigure, sentWords } from './place';

function onDevice(change: object): Classified {
  return { on: 'device', elapsedMs: 31, answer: {}, ...change } as unknown as Classified;
}

test('an answer out of the cache says so', () => {
  const cached = { on: 'server', answer: { cached: true } } as unknown as Classified;
  expect(reasonSentence(cached)).toContain('seen this picture before');
});

test.each([
  [{ reason: 'offline' }, 'This page is offline.'],
  [{ reason: 'network' }, 'The server could not be reached.'],
  [
    { reason: 'timeout', failure: { kind: 'timeout', timeoutMs: 2000 } },
    'The server did not answer within 2.0 s.',
  ],
  [
    { reason: 'limited', failure: { kind: 'status', status: 429 } },
    'The server limits how much it answers (429).',
  ],
  [
    { reason: 'server-error', failure: { kind: 'status', status: 503 } },
    'The server was busy (503).',
  ],
  [
    { reason: 'server-error', failure: { kind: 'status', status: 502 } },
    'The server was not there (502).',
  ],
  [
    { reason: 'server-error', failure: { kind: 'status', status: 413, foreign: true } },
    'The picture is larger than may be sent to the server (413).',
  ],
])('the reason of %o is said', (change, expected) => {
  expect(reasonSentence(onDevice(change))).toBe(expected);
});

test('says how little of a picture was sent', () => {
  const sent = { bytes: 9_421, ofBytes: 4_149_000 };
  expect(sentFigure(sent)).toBe('9.4 kB of 4.1 MB sent');
  expect(sentWords(sent)).toBe('This page sent 9.4 kB of 4.1 MB: only what the model sees.');
});
