import { describe, expect, test } from 'vitest';
import { ServerError } from '@/lib/browser/client/predict';
import { DeviceError } from '@/lib/browser/client/device/worker-bridge';
import type { ServerFailure } from '@/lib/browser/client/where';
import type { Problem } from '@/lib/shared/contract/problems';
import { againSentence, describeFailure, readableBytes } from './failure';

test('names the kind of a file that is not a picture', () => {
  const problem = { type: 'unsupported-image', received: 'application/pdf' } as Problem;
  const error = new ServerError({ kind: 'status', status: 415 }, problem);
  expect(describeFailure(error, 'automatic').detail).toContain('It is a PDF.');
});

test('tells a visitor who chose the server how to use the device', () => {
  const error = new ServerError({ kind: 'network' }, undefined);
  expect(describeFailure(error, 'server')).toEqual({
    title: 'The server cannot be reached',
    detail: 'Choose “Automatic” and this device answers when the server does not.',
  });
});

test('says that a needed model is missing', () => {
  const error = new DeviceError('download-failed', 'no network');
  expect(describeFailure(error, 'automatic').title).toBe('The model is not on this device yet');
});

test.each<[ServerFailure, string]>([
  [{ kind: 'network' }, 'The server could not be reached. '],
  [{ kind: 'timeout', timeoutMs: 10_000 }, 'The server did not answer within 10.0 s. '],
  [{ kind: 'status', status: 429 }, 'The server limits how much it answers (429). '],
  [{ kind: 'status', status: 415 }, 'The server does not read this format. '],
  [{ kind: 'status', status: 503 }, 'The server was busy (503). '],
])('where both fail, %o is named beside what the device lacks', (failure, sentence) => {
  const error = new DeviceError('load-failed', 'WebAssembly is missing.').after(failure);
  expect(describeFailure(error, 'automatic')).toEqual({
    title: 'The model does not run on this device',
    detail: `${sentence}WebAssembly is missing. Choose “Server” instead.`,
  });
});

test('trying again is not offered for a picture that this browser cannot read', () => {
  const unreadable = new DeviceError('undecodable-image', 'no picture');
  expect(describeFailure(unreadable, 'device').canRetry).toBe(false);
  const after = unreadable.after({ kind: 'network' });
  expect(describeFailure(after, 'device').canRetry).toBe(false);
});

test('a large model that the visitor declined is asked for again', () => {
  const failure = describeFailure(new DeviceError('declined', 'The model is large.'), 'device');
  expect(failure.detail).toBe(
    'You did not want the large model here. Choose “Server”, or try again.',
  );
  expect(failure.canRetry).not.toBe(false);
});

describe('when the server answers again', () => {
  test.each([
    [11_200, 'The server answers again in 12 s.'],
    [119_000, 'The server answers again in 119 s.'],
    [121_000, 'The server answers again in 3 minutes.'],
    [0, 'The server answers again now.'],
    [-5, 'The server answers again now.'],
  ])('in %d ms reads "%s"', (leftMs, expected) => {
    expect(againSentence(leftMs)).toBe(expected);
  });

  test('is known from a 429, and trying again is offered only where it can help', () => {
    const limited = new ServerError({ kind: 'status', status: 429 }, undefined, {
      retryAfterMs: 12_000,
    });
    expect(describeFailure(limited, 'server').retryAfterMs).toBe(12_000);
    expect(describeFailure(limited, 'server').canRetry).not.toBe(false);
    const pdf = { type: 'unsupported-image', received: 'application/pdf' } as Problem;
    const refused = new ServerError({ kind: 'status', status: 415 }, pdf);
    expect(describeFailure(refused, 'server').canRetry).toBe(false);
  });
});

test.each([
  ['up to 20971520 bytes', 'up to 20 MB'],
  ['it has 1500000 bytes', 'it has 1.5 MB'],
  ['no more than 4096 bytes', 'no more than 4096 bytes'],
])('“%s” reads “%s”', (text, expected) => {
  expect(readableBytes(text)).toBe(expected);
});
