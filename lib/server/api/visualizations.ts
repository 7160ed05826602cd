import { summarizeCharts } from '../statistics/charts';
import { LIMITED, MODEL_QUERY, UNTIL, WINDOW, cacheable } from './openapi/parts';
import type { CountedResponse, Route, RouteContext } from './route';
import type { Runtime } from './runtime';
import { readUntil, windowName, withDataEtag } from './window';

async function visualizations(
  { request }: RouteContext,
  runtime: Runtime,
): Promise<CountedResponse> {
  const { registry } = runtime;
  const named = new URL(request.url).searchParams.get('model') ?? undefined;
  const model = named || registry.models.length > 0 ? registry.get(named) : undefined;
  const name = windowName(request);
  const untilMs = readUntil(request, name);
  const compute = async () => {
    const window = await runtime.history.window(name, untilMs);
    return summarizeCharts(
      window,
      registry,
      model,
      await runtime.driftReference.read(),
      runtime.settings.driftSource,
    );
  };
  // Not cached: clients can request any moment.
  const body =
    untilMs === undefined
      ? await runtime.ttlCache.get(`visualizations:${name}:${model?.id ?? ''}`, compute)
      : await compute();
  return { response: withDataEtag(request, body), counted: [] };
}

export const visualizationsRoute: Route = {
  name: 'visualizations',
  method: 'get',
  path: '/api/visualizations',
  id: 'getVisualizations',
  tag: 'Numbers',
  summary: 'The same numbers, ready to be drawn',
  description:
    'Charts with axes, units and points, and what the model’s evaluation measured. `null` is a gap.',
  policy: 'read',
  parameters: [WINDOW, UNTIL, MODEL_QUERY],
  answers: cacheable('VisualizationsResponse', 'The charts of the window.'),
  problems: ['invalid-request', 'not-found', ...LIMITED],
  handler: visualizations,
};
