/** Checks what must hold for every answer, whatever was requested. */
import { PROBLEM_CONTENT_TYPE, problemSchema } from '@/lib/shared/contract/problems';
import { oipErrorSchema } from '@/lib/shared/contract/open-inference';
import { findRoute, OPEN_INFERENCE_FOLDER, OUR_FOLDERS } from './routes';
import type { Answer, FuzzRequest } from './send';

/** @throws Error that names the violated rule */
export function checkAnswer(request: FuzzRequest, answer: Answer): void {
  const path = plainPath(request.target);
  const { status, headers, body } = answer;
  if (status >= 500) checkUnavailable(answer);
  if (status >= 300 && status < 400 && status !== 304) return checkRedirect(answer);
  if (path === undefined || !isOurs(path)) return;
  must(headers['x-request-id'] !== undefined, 'an answer has no X-Request-Id');
  if (request.method === 'HEAD') return must(body === '', 'HEAD has a body');
  // A 416 has no body.
  if (status >= 400 && status !== 416) checkRefusal(path, answer);
  if (status === 200 && path !== '/api/health')
    findRoute(request.method, path)?.schema?.parse(JSON.parse(body));
}

/**
 * The path as the server routes it. Undefined if Next rewrites it first (dots, doubled slashes,
 * backslashes) and answers with a redirect or its 404 page.
 */
function plainPath(target: string): string | undefined {
  const path = target.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0]!;
  if (/\/\/|\\|\/(\.|%2e){1,2}(\/|$)/i.test(path)) return undefined;
  return path.length > 1 ? path.replace(/\/$/, '') : path;
}

/** Whether the path belongs to the API. `/hf` alone does not. */
function isOurs(path: string): boolean {
  return OUR_FOLDERS.test(path) && path !== '/hf';
}

/**
 * Checks an error. For paths that cannot be routed at all, a gate in front answers with a problem.
 */
function checkRefusal(path: string, answer: Answer): void {
  const isProblem = answer.headers['content-type']?.startsWith(PROBLEM_CONTENT_TYPE) === true;
  if (!OPEN_INFERENCE_FOLDER.test(path) || isProblem) checkProblem(answer);
  else oipErrorSchema.parse(JSON.parse(answer.body));
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

/** Checks that a redirect leads to another path of this server only. */
function checkRedirect({ status, headers: { location = '' } }: Answer): void {
  must([307, 308].includes(status), `redirect with ${status}`);
  must(/^\/(?![/\\])/.test(location), `redirect to ${location}`);
}

function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
