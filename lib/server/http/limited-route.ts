import type { PolicyName } from '../settings';
import { getRuntime, type Runtime } from '../process/runtime';
import { answeredFields } from '../statistics/fields';
import { afterAnswer } from './after';
import { problemDetails, type ErrorFormat } from './error-format';
import { errorResponse, route, type NextHandler, type RouteContext } from './route';

/** An answer, and what of it is counted beside route, status and time. */
export interface CountedResponse {
  readonly response: Response;
  readonly counted: readonly string[];
}

export type LimitedHandler<Params> = (
  context: RouteContext<Params>,
  runtime: Runtime,
) => Promise<CountedResponse>;

/**
 * A route with a quota: takes one before anything else is done, says in the headers of every answer
 * what is left, gives it back when the server was at fault (503), and counts the answer once.
 */
export function limitedRoute<Params = unknown>(
  policy: PolicyName,
  name: string,
  handler: LimitedHandler<Params>,
  format: ErrorFormat = problemDetails,
): NextHandler<Params> {
  const limited = async (context: RouteContext<Params>) => {
    const runtime = await getRuntime();
    const { response, counted } = await answer(policy, handler, context, runtime, format);
    const latencyMs = performance.now() - context.startedAtMs;
    const { status } = response;
    await runtime.recorder.record(
      answeredFields({ route: name, status, latencyMs, details: counted }),
    );
    // Whoever keeps counts over REST may be a function, which is frozen between requests.
    if (runtime.guard.store.kind === 'upstash') afterAnswer(() => runtime.recorder.flush());
    return response;
  };
  return route<Params>(name, limited, format);
}

async function answer<Params>(
  policy: PolicyName,
  handler: LimitedHandler<Params>,
  context: RouteContext<Params>,
  runtime: Runtime,
  format: ErrorFormat,
): Promise<CountedResponse> {
  let grant;
  try {
    grant = await runtime.quotas.take(policy, context.request.headers);
  } catch (error) {
    return { response: errorResponse(error, context, format), counted: [] };
  }
  const { request } = context;
  const work = () => handler(context, runtime);
  const result = await runtime.uploads
    .admit(request, work, grant.identity)
    .catch((error: unknown) => ({
      response: errorResponse(error, context, format),
      counted: [],
    }));
  if (result.response.status === 503) await grant.refund();
  for (const [name, value] of Object.entries(grant.headers()))
    result.response.headers.set(name, value);
  return result;
}
