import { summarizeStatistics } from '../statistics/summary';
import { LIMITED, WINDOW, cacheable } from './openapi/parts';
import type { CountedResponse, Route, RouteContext } from './route';
import type { Runtime } from './runtime';
import { windowName, withDataEtag } from './window';

async function statistics({ request }: RouteContext, runtime: Runtime): Promise<CountedResponse> {
  const name = windowName(request);
  const body = await runtime.ttlCache.get(`statistics:${name}`, async () =>
    summarizeStatistics(await runtime.history.window(name), runtime.registry),
  );
  return { response: withDataEtag(request, body), counted: [] };
}

export const statisticsRoute: Route = {
  name: 'statistics',
  method: 'get',
  path: '/api/statistics',
  id: 'getStatistics',
  tag: 'Numbers',
  summary: 'Totals, latency and a series over time',
  description:
    'Predictions of the server and of devices, errors and latencies, of all replicas that share a store.',
  policy: 'read',
  parameters: [WINDOW],
  answers: cacheable('StatisticsResponse', 'The numbers of the window.'),
  problems: ['invalid-request', ...LIMITED],
  handler: statistics,
};
