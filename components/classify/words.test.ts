import { describe, expect, test } from 'vitest';
import type { Classified } from '@/lib/browser/client/client';
import { ServerError } from '@/lib/browser/client/predict';
import { DeviceError } from '@/lib/browser/client/device/worker-bridge';
import type { ServerFailure } from '@/lib/browser/client/where';
import type { Problem } from '@/lib/shared/contract/problems';
import type { UncertaintyRule } from '@/lib/shared/model/evaluation';
import {
  againSentence,
  announcement,
  answerName,
  describeCamera,
  describeFailure,
  doubt,
  doubtReason,
  fileWords,
  hiddenSentence,
  knowledgeSentence,
  readableBytes,
  reasonSentence,
  sentFigure,
  sentWords,
  spokenLabel,
} from './words';

const predictions = [{ label: 'Egyptian cat, Felis catus', index: 32, score: 0.831 }];
const onServer = {
  on: 'server',
  elapsedMs: 12.4,
  answer: { predictions },
} as unknown as Classified;

function onDevice(change: object): Classified {
  return {
    on: 'device',
    elapsedMs: 31,
    answer: { predictions },
    ...change,
  } as unknown as Classified;
}

describe('words', () => {
  test('an answer out of the cache says so', () => {
    const cached = { on: 'server', answer: { cached: true } } as unknown as Classified;
    expect(reasonSentence(cached)).toContain('seen this picture before');
  });

  test('an answer is announced with label, certainty, place and time', () => {
    expect(announcement(onServer)).toBe('Egyptian cat, 83 percent, on the server, 12 milliseconds');
  });

  test('doubt names what it may be, and is heard before the label', () => {
    const [cat] = predictions;
    expect(doubt([cat!, { label: 'tabby, tabby cat' }])).toBe(
      'Not sure: perhaps Egyptian cat, or tabby.',
    );
    expect(doubt([cat!])).toBe('Not sure: perhaps Egyptian cat.');
    expect(spokenLabel(cat!, true)).toBe('Not sure: perhaps Egyptian cat');
    expect(spokenLabel(cat!, false)).toBe('Egyptian cat');
  });

  test.each([
    [2_140_000, 'model.onnx, 2.1 MB'],
    [99_900, 'model.onnx, 99.9 kB'],
  ])('a file of %d bytes reads "%s"', (bytes, expected) => {
    expect(fileWords({ name: 'model.onnx', bytes })).toBe(expected);
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

  test('a file that is no picture is called by its name', () => {
    const problem = { type: 'unsupported-image', received: 'application/pdf' } as Problem;
    const error = new ServerError({ kind: 'status', status: 415 }, problem);
    expect(describeFailure(error, 'automatic').detail).toContain('It is a PDF.');
  });

  test('who insists on the server is told how to do without it', () => {
    const error = new ServerError({ kind: 'network' }, undefined);
    expect(describeFailure(error, 'server')).toEqual({
      title: 'The server cannot be reached',
      detail: 'Choose “Automatic” and this device answers when the server does not.',
    });
  });

  test('a camera that is not allowed is said to be, with what to do', () => {
    expect(describeCamera('denied')).toEqual({
      title: 'This page may not use the camera',
      detail: 'Allow it in the settings of the page, beside the address, and try again.',
    });
  });

  test('a model that is needed and not there is said to be missing', () => {
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
});

describe('what a model knows', () => {
  test('is counted, with examples from all over, and how often it was right', () => {
    const labels = ['ant', 'bee, honey bee', 'a name that is far too long to read', 'cat', 'dog'];
    const accuracy = { top1: 0.558, top5: 0.8, images: 10_000 };
    expect(knowledgeSentence({ labels, accuracy })).toBe(
      'It knows 5 things (ant, cat, dog …). On test pictures its first guess was right 56 times in 100.',
    );
  });

  test('is all of it where that is little, and says nothing of what was not measured', () => {
    expect(knowledgeSentence({ labels: ['crack', 'no crack'] })).toBe(
      'It knows crack and no crack.',
    );
  });
});

describe('labels by themselves', () => {
  const label = (name: string, selected: boolean) => ({ label: name, selected });

  test.each([
    [[label('cat', true), label('dog', true), label('cup', false)], false, 'cat, dog'],
    [[label('cat', true)], true, 'Not sure: cat'],
    [[label('cat', false)], false, 'No label over the threshold'],
    [[label('cat', false)], true, 'Not sure: no label'],
    [['a', 'b', 'c', 'd', 'e'].map((name) => label(name, true)), false, 'a, b, c and 2 more'],
  ])('%j, uncertain %s', (predictions, uncertain, words) => {
    expect(answerName(predictions, uncertain)).toBe(words);
  });

  test('doubt is about the threshold', () => {
    expect(doubt([label('cat', true)])).toBe('Not sure: a label is close to the threshold.');
  });
});

test('says how little of a picture was sent', () => {
  const sent = { bytes: 9_421, ofBytes: 4_149_000 };
  expect(sentFigure(sent)).toBe('9.4 kB of 4.1 MB sent');
  expect(sentWords(sent)).toBe('This page sent 9.4 kB of 4.1 MB: only what the model sees.');
});

describe('why an answer is doubtful', () => {
  const RULE = { minScore: 0.3, minMargin: 0.1 } as UncertaintyRule;
  const scored = (...scores: number[]) => scores.map((score) => ({ label: 'cup', score }));

  test.each([
    [scored(0.24, 0.05), 'Below 30.0 % an answer of this model counts as a guess.'],
    [scored(0.45, 0.4), 'They are closer than 10.0 %, so either may be right.'],
    [scored(0.9, 0.05), 'But the picture is unlike those the model learnt from'],
  ])('is the part of the rule that it breaks', (predictions, expected) => {
    expect(doubtReason(predictions, RULE)).toContain(expected);
  });

  test('is its numbers alone where the rule is not known', () => {
    expect(doubtReason(scored(0.24, 0.05), undefined)).toBe(
      'The first label has 24.0 %, the second 5.0 %.',
    );
    expect(doubtReason([], undefined)).toBe('');
  });
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

test('labels below the threshold are counted', () => {
  expect(hiddenSentence(1, 0.05)).toBe('1 label below 5 % is not shown.');
  expect(hiddenSentence(4, 0.2)).toBe('4 labels below 20 % are not shown.');
});
