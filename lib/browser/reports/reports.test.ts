import 'fake-indexeddb/auto';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Classified } from '../client/client';
import { reportSchema } from '../../shared/contract/statistics';
import { ReportQueue, type Report } from './queue';
import { toReport } from './report';
import { flushReports, MAX_BATCH } from './send';

const AT = new Date('2026-01-02T03:04:05Z');

function answered(reason: string): Classified {
  return {
    on: 'device',
    elapsedMs: 31,
    reason,
    failure: undefined,
    answer: {
      id: randomUUID(),
      model: { id: 'some-model', version: '0123456789ab' },
      predictions: [{ label: 'espresso', index: 3, score: 0.9 }],
      uncertain: false,
      backend: 'wasm',
    },
  } as unknown as Classified;
}

const someReport = (): Report => toReport(answered('offline'), 'all', AT)!;

let queue: ReportQueue;
beforeEach(() => {
  queue = new ReportQueue(randomUUID());
});

async function fill(count: number): Promise<Report[]> {
  const reports = Array.from({ length: count }, someReport);
  for (const report of reports) await queue.add(report);
  return reports;
}

describe('a report', () => {
  test('is what the contract asks for', () => {
    expect(reportSchema.parse(someReport())).toEqual(someReportShape());
  });

  test.each([
    ['fall-overs', 'offline', true],
    ['fall-overs', 'chosen', false],
    ['all', 'chosen', true],
    ['none', 'offline', false],
  ] as const)('with “%s” of an answer for the reason %s is made: %s', (choice, reason, isMade) => {
    expect(toReport(answered(reason), choice, AT) !== undefined).toBe(isMade);
  });

  test('of labels by themselves has all that are selected', () => {
    const classified = answered('offline');
    const predictions = [0.9, 0.7, 0.2].map((score, index) => ({
      label: `l${index}`,
      index,
      score,
      selected: score >= 0.5,
    }));
    const answer = { ...classified.answer, predictions };
    const made = toReport({ ...classified, answer } as unknown as Classified, 'all', AT);
    expect(reportSchema.parse(made)).toMatchObject({ index: 0, selected: [0, 1] });
  });

  test('of an answer of the server is not made', () => {
    expect(toReport({ on: 'server' } as Classified, 'all', AT)).toBeUndefined();
  });
});

function someReportShape(): object {
  return {
    id: expect.any(String) as string,
    model: 'some-model',
    version: '0123456789ab',
    label: 'espresso',
    index: 3,
    score: 0.9,
    uncertain: false,
    latencyMs: 31,
    backend: 'wasm',
    at: AT.toISOString(),
    reason: 'offline',
  };
}

describe('the queue', () => {
  test('gives the oldest first', async () => {
    const [first] = await fill(3);
    expect((await queue.peek(1)).reports).toEqual([first]);
  });

  test('outlives the page', async () => {
    const name = randomUUID();
    await new ReportQueue(name).add(someReport());
    expect(await new ReportQueue(name).count()).toBe(1);
  });

  test('drops the oldest when it is full', async () => {
    const [, second, third] = await fill(3);
    const fourth = someReport();
    await queue.add(fourth, 3);
    expect((await queue.peek(9)).reports).toEqual([second, third, fourth]);
  });
});

describe('sending', () => {
  test('sends each report once, in batches the server takes', async () => {
    await fill(MAX_BATCH + 3);
    const sizes: number[] = [];
    const post = (reports: readonly Report[]) => {
      sizes.push(reports.length);
      return Promise.resolve(200);
    };
    expect(await flushReports(queue, post)).toBe('sent');
    expect(await flushReports(queue, post)).toBe('sent');
    expect(sizes).toEqual([MAX_BATCH, 3]);
  });

  test.each([408, 429, 500, 502, 503, 504])('keeps everything at status %d', async (status) => {
    await fill(2);
    expect(await flushReports(queue, () => Promise.resolve(status))).toBe('kept');
    expect(await queue.count()).toBe(2);
  });

  test('keeps everything without a network', async () => {
    await fill(2);
    const post = () => Promise.reject(new TypeError('Failed to fetch'));
    expect(await flushReports(queue, post)).toBe('kept');
    expect(await queue.count()).toBe(2);
  });

  test('drops what the server will never take', async () => {
    await fill(2);
    expect(await flushReports(queue, () => Promise.resolve(400))).toBe('sent');
    expect(await queue.count()).toBe(0);
  });
});
