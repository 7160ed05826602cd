import { afterEach, expect, test, vi } from 'vitest';
import { readCharts } from '../../worker/charts/read';
import { ServerError } from '../client/server-error';
import { fetchVisualizations } from './visualizations';

const answer = {
  window: '24h',
  from: '2026-11-23T12:00:00.000Z',
  to: '2026-11-24T12:00:00.000Z',
  charts: [],
};
const read = (body: ArrayBuffer) => Promise.resolve().then(() => readCharts(body));

afterEach(() => vi.unstubAllGlobals());

function serve(body: unknown) {
  const fetched = vi.fn((_path: string) => Promise.resolve(Response.json(body)));
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

test('asks for a window, and for a model where one is named', async () => {
  const fetched = serve(answer);
  expect(await fetchVisualizations({ window: '24h' }, read)).toEqual(answer);
  await fetchVisualizations(
    { window: '7d', model: 'a model', until: '2026-11-20T00:00:00Z' },
    read,
  );
  expect(fetched.mock.calls.map(([path]) => path)).toEqual([
    '/api/visualizations?window=24h',
    '/api/visualizations?window=7d&model=a+model&until=2026-11-20T00%3A00%3A00Z',
  ]);
});

test('an answer that is none is the failure of the server', async () => {
  serve({ ...answer, charts: 'none' });
  await expect(fetchVisualizations({ window: '24h' }, read)).rejects.toThrow(ServerError);
});
