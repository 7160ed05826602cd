import { expect, test } from 'vitest';
import { readCharts } from './read';

const chart = {
  id: 'latency',
  title: '95 % of predictions came within 18 ms',
  kind: 'line',
  unit: 'ms',
  x: { label: 'Time', kind: 'time' },
  series: [{ id: 'p50', label: 'Median', points: [['2026-11-24T12:00:00.000Z', null]] }],
};
const answer = {
  window: '24h',
  from: '2026-11-23T12:00:00.000Z',
  to: '2026-11-24T12:00:00.000Z',
  charts: [chart],
};

const bytes = (text: string) => new TextEncoder().encode(text).buffer;

test('gives what the contract says', () => {
  expect(readCharts(bytes(JSON.stringify(answer)))).toEqual(answer);
});

test.each([
  ['a point without a value', [['2026-11-24T12:00:00.000Z']]],
  ['a value in words', [['2026-11-24T12:00:00.000Z', 'many']]],
  ['no list', {}],
])('refuses %s', (_what, points) => {
  const series = [{ id: 'p50', label: 'Median', points }];
  const body = bytes(JSON.stringify({ ...answer, charts: [{ ...chart, series }] }));
  expect(() => readCharts(body)).toThrow('expected points');
});

test('refuses what is no JSON', () => {
  expect(() => readCharts(bytes('<html>'))).toThrow(SyntaxError);
});
