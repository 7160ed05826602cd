import { nearestName } from '@/lib/shared/nearest-name';
import { ApiError } from '../http/api-error';
import type { ApiRequest } from '../http/api-request';
import type { Operation } from './openapi/parts';

/**
 * The prefix of our own routes; /hf, /v1 and /v2 ignore unknown parameters, as the servers that
 * they imitate do.
 */
const OWN_PREFIX = '/api/';

/**
 * Refuses unknown query parameters: a misspelled `topk=3` would have no effect, and the client
 * would not notice.
 *
 * @throws ApiError `invalid-request` with the known name that was probably meant
 */
export function refuseUnknownQuery(
  { path, parameters = [] }: Pick<Operation, 'path' | 'parameters'>,
  { url }: Pick<ApiRequest, 'url'>,
): void {
  if (!path.startsWith(OWN_PREFIX)) return;
  const known = parameters.filter((one) => one.in === 'query').map(({ name }) => name);
  const given = [...new URL(url).searchParams.keys()];
  const unknown = given.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const nearest = nearestName(unknown, known);
  const hint = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  throw new ApiError('invalid-request', `There is no query parameter "${unknown}" here.${hint}`, {
    expected: known.length === 0 ? 'no query parameter' : known.join(', '),
    received: unknown,
  });
}
