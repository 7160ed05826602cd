import { afterEach, expect, test, vi } from 'vitest';
import { fetchVisualizations } from './visualizations';

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

afterEach(() => vi.unstubAllGlobals());

function serve(body: unknown) {
  const fetched = vi.fn((_path: string) => Promise.resolve(Response.json(body)));
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

test('asks for a window, and for a model where one is named', async () => {
  const fetched = serve(answer);
  expect(await fetchVisualizations('24h')).toEqual(answer);
  await fetchVisualizations('7d', 'a model');
  expect(fetched.mock.calls.map(([path]) => path)).toEqual([
    '/api/visualizations?window=24h',
    '/api/visualizations?window=7d&model=a+model',
  ]);
});

test.each([
  ['a point without a value', [['2026-11-24T12:00:00.000Z']]],
  ['a value in words', [['2026-11-24T12:00:00.000Z', 'many']]],
  ['no list', {}],
])('refuses %s', async (_what, points) => {
  serve({ ...answer, charts: [{ ...chart, series: [{ id: 'p50', label: 'Median', points }] }] });
  await expect(fetchVisualizations('24h')).rejects.toThrow('expected points');
});
