import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as z from 'zod/mini';
import { describe, expect, test } from 'vitest';
import { loadTestsSchema, type LoadReport } from '../../lib/shared/contract/load-tests';
import kept from '../results/load-tests.json';
import { checkUsers } from './checks';
import { describeReport } from './markdown';
import { saveReport, withReport } from './results';
import { summarize, summarizeRoutes, type Sample } from './statistics';

const SAMPLES: Sample[] = [
  { route: 'GET /api/health', status: 200, latencyMs: 12.34, ranked: 0, cached: 0 },
  { route: 'POST /api/predict', status: 200, latencyMs: 20, ranked: 1, cached: 0 },
  { route: 'POST /api/predict', status: 503, latencyMs: 1, ranked: 0, cached: 0 },
];

const REPORT: LoadReport = {
  variant: 'users',
  title: 'The old scenario',
  command: 'npm run loadtest',
  at: '2026-01-01T00:00:00.000Z',
  commit: 'abc',
  machine: '2 processors',
  settings: { PREDICT_PER_MINUTE: '100' },
  assumptions: ['An assumption.'],
  runs: [
    {
      name: 'normal',
      load: { users: 50, arrivingPerSecond: 5 },
      replicas: 1,
      seconds: 1,
      total: summarize(SAMPLES, 1),
      routes: summarizeRoutes(SAMPLES, ['GET /api/health', 'POST /api/predict'], 1),
      pictures: { ranked: 1, cached: 0 },
      processor: { serverMsPerPicture: 7.5, server: 0.5, loadGenerator: 0.1 },
    },
  ],
  checks: [{ what: '200 users: no 429', received: '0', holds: true }],
};

describe('a report as Markdown', () => {
  const text = describeReport(REPORT);

  test.each([
    '## The old scenario',
    '`npm run loadtest`, 2026-01-01T00:00:00.000Z, commit abc, on 2 processors; PREDICT_PER_MINUTE=100.',
    '| normal, old system | 1453 | 148 (10.2 %) | 1305 | 2623 | 2300 | 12.17 |',
    '| normal | 3 | 2 (66.7 %) | 1 | 11.1 | 12.3 | 3 |',
    '| normal | 2 | 0 | 1 | 0 | 0 | 0 |',
    '| normal | 16.2 | 12.3 | 12.3 | 20.0 | 20.0 | 20.0 |',
    '| normal | 1 | 0.0 % | 7.5 | 0.5 | 0.1 |',
    '| GET /api/health | 1 | 0 | 12.3 | 12.3 | 1 | 19 | 0 | 2506 | 0.16 |',
    '- 200 users: no 429: 0, holds',
  ])('has the line %s', (line) => {
    expect(text.split('\n')).toContain(line);
  });
});

describe('kept reports', () => {
  test('what is committed is as the page expects it', () => {
    expect(() => z.parse(loadTestsSchema, kept)).not.toThrow();
  });

  test('a newer report of a variant takes the place of the older one', () => {
    const other = { ...REPORT, variant: 'rates' };
    const all = withReport(withReport({ reports: [REPORT] }, other), { ...REPORT, commit: 'def' });
    expect(all.reports.map(({ variant, commit }) => [variant, commit])).toEqual([
      ['users', 'def'],
      ['rates', 'abc'],
    ]);
  });

  test('are saved as JSON and as Markdown', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'sightline-results-'));
    try {
      const file = await saveReport(folder, REPORT);
      const json: unknown = JSON.parse(await readFile(`${file}.json`, 'utf8'));
      expect(z.parse(loadTestsSchema, json)).toEqual({ reports: [REPORT] });
      expect(await readFile(`${file}.md`, 'utf8')).toContain(describeReport(REPORT));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

test('reports requirements that do not hold', () => {
  const held = checkUsers(REPORT.runs[0]!).map(({ holds, received }) => [received, holds]);
  expect(held).toEqual([
    ['1', false],
    ['0', true],
    ['20 ms', true],
    ['12.34 ms', true],
    ['20 ms', true],
  ]);
});
