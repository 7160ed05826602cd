import { health } from './health';
import { limitedRoute } from '../http/limited-route';
import { route } from '../http/route';
import { predict } from '../prediction/predict';
import { predictBatch } from '../prediction/batch';
import { getRuntime } from '../process/runtime';

/**
 * The routes that are asked most. Next has them too, for where there is no server of ours; the built
 * server answers them without Next: lib/server/process/direct.ts.
 */
export const directRoutes = {
  'POST /api/predict': limitedRoute('predict', 'predict', predict),
  'POST /api/predict/batch': limitedRoute('batch', 'batch', predictBatch),
  'GET /api/health': route('health', async ({ request }) =>
    new URL(request.url).searchParams.get('probe') === 'live'
      ? Response.json({ status: 'ok' }, { headers: { 'Cache-Control': 'no-store' } })
      : health(await getRuntime(), new Date()),
  ),
};
