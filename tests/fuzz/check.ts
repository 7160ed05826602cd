/** What must hold of every answer, whatever was asked. */
import { PROBLEM_CONTENT_TYPE, problemSchema } from '@/lib/shared/contract/problems';
import { findRoute, isRoutePath, PROBLEM_FOLDERS } from './routes';
import type { Answer, FuzzRequest } from './send';

/** @throws Error that says what does not hold */
export function checkAnswer(request: FuzzRequest, answer: Answer): void {
  const path = plainPath(request.target);
  const { status, headers, body } = answer;
  if (status >= 500) checkUnavailable(answer);
  if (status >= 300 && status < 400 && status !== 304) return checkRedirect(answer);
  if (path === undefined || !isOurs(path)) return;
  const isNextsOwn = request.method === 'OPTIONS' && status === 204;
  must(isNextsOwn || headers['x-request-id'] !== undefined, 'an answer has no X-Request-Id');
  if (request.method === 'HEAD') return must(body === '', 'HEAD has a body');
  // A range that lies outside has no body to explain itself in.
  if (status >= 400 && status !== 416 && PROBLEM_FOLDERS.test(path)) checkProblem(answer);
  if (status === 200 && path !== '/api/health')
    findRoute(request.method, path)?.schema?.parse(JSON.parse(body));
}

/**
 * The path as it is routed; undefined where Next makes another of it first (dots, doubled slashes,
 * backslashes) and answers with a redirect or the page that says there is none.
 */
function plainPath(target: string): string | undefined {
  const path = target.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0]!;
  if (/\/\/|\\|\/(\.|%2e){1,2}(\/|$)/i.test(path)) return undefined;
  return path.length > 1 ? path.replace(/\/$/, '') : path;
}

/** Under /hf what is no route is answered by Next's page; everything under /api is ours. */
function isOurs(path: string): boolean {
  return /^\/api(\/|$)/.test(path) || (isRoutePath(path) && PROBLEM_FOLDERS.test(path));
}

function checkUnavailable(answer: Answer): void {
  must(answer.status === 503, `status ${answer.status}`);
  const { type } = checkProblem(answer);
  must(['overloaded', 'not-ready'].includes(type), `503 of type ${type}`);
}

function checkProblem({ status, headers, body }: Answer): { type: string } {
  must(
    headers['content-type']?.startsWith(PROBLEM_CONTENT_TYPE) === true,
    `status ${status} comes as ${headers['content-type'] ?? 'nothing'}`,
  );
  const problem = problemSchema.parse(JSON.parse(body));
  must(problem.status === status, `a problem says ${problem.status}, its answer ${status}`);
  return problem;
}

/** Only ever to another path here. */
function checkRedirect({ status, headers: { location = '' } }: Answer): void {
  must([307, 308].includes(status), `redirect with ${status}`);
  must(/^\/(?![/\\])/.test(location), `redirect to ${location}`);
}

function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
