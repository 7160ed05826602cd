import type { ErrorFormat } from '../http/error-format';
import { answeredFields } from '../statistics/fields';
import { usageFields, usageOf } from '../statistics/usage';
import { timeStage } from '../trace';
import { errorResponse, type Answering } from './answer';
import type { CountedResponse, Route, RouteContext } from './route';
import type { Runtime } from './runtime';

type LimitedRoute = Extract<Route, { policy: string }>;
type LimitedRuntime = Pick<
  Runtime,
  'identities' | 'quotas' | 'uploads' | 'recorder' | 'guard' | 'metrics'
>;
/** Policies whose cost is counted as use of a key. */
const PREDICTING: readonly string[] = ['predict', 'batch'];

/**
 * A route with a quota: takes one before anything else is done, says in the headers of every answer
 * what is left, gives it back when the server was at fault (503), and counts the answer once.
 */
export function limited(
  route: Pick<LimitedRoute, 'name' | 'policy' | 'handler'>,
  runtime: Runtime,
  format: ErrorFormat,
): Answering {
  return async (context, mount) => {
    const { response, counted } = await answerWithin(route, context, runtime, format);
    const latencyMs = performance.now() - context.startedAtMs;
    const { status } = response;
    const { recorder, guard, metrics }: LimitedRuntime = runtime;
    const fields = answeredFields({
      route: route.name,
      status,
      latencyMs,
      details: counted,
      isRead: route.policy === 'read',
    });
    const { keyId, cost = 0 } = context.notes;
    const ofKey: string[] = [];
    if (keyId !== undefined) {
      const isPredicting = PREDICTING.includes(route.policy);
      const usage = usageOf({ status, cost: isPredicting ? cost : 0, details: counted });
      metrics.countUsage(keyId, usage);
      ofKey.push(...usageFields(keyId, usage));
    }
    await Promise.all([recorder.record(fields), recorder.record(ofKey, ['hour'])]);
    // With Upstash this may run on a function platform, which freezes the process between requests.
    if (guard.store.kind === 'upstash') mount.after?.(() => recorder.flush());
    return response;
  };
}

async function answerWithin(
  { policy, handler }: Pick<LimitedRoute, 'policy' | 'handler'>,
  context: RouteContext,
  runtime: Runtime,
  format: ErrorFormat,
): Promise<CountedResponse> {
  const { request, notes } = context;
  const refused = (error: unknown): CountedResponse => ({
    response: errorResponse(error, context, format),
    counted: [],
  });
  let grant;
  try {
    grant = await timeStage('quota', async () => {
      const identity = await runtime.identities.identify(request.headers);
      notes.keyId = identity.key?.id;
      return runtime.quotas.takeFor(policy, identity);
    });
  } catch (error) {
    return refused(error);
  }
  const work = async () => handler({ ...context, charge: (cost) => grant.charge(cost) }, runtime);
  const result = await runtime.uploads.admit(request, work, grant.identity).catch(refused);
  if (result.response.status === 503) await grant.refund();
  notes.cost = grant.cost;
  for (const [name, value] of Object.entries(grant.headers()))
    result.response.headers.set(name, value);
  return result;
}
