/** What reports and feedback share: a JSON body, and ids that count once. */
import type * as z from 'zod/mini';
import { ApiError } from '../http/api-error';
import type { ApiRequest } from '../http/api-request';
import { readJson } from '../intake/json';
import { StoreUnavailableError } from '../store/guard';
import type { Runtime } from './runtime';

const MAX_JSON_BYTES = 512 * 1024;

/**
 * @returns the ids that were not counted before
 * @throws ApiError `not-ready` while the store is unavailable: nobody can tell then
 */
export async function claim(runtime: Runtime, ids: readonly string[]): Promise<string[]> {
  try {
    return await runtime.guard.run((store) => store.claimIds(ids, Date.now()));
  } catch (error) {
    if (!StoreUnavailableError.is(error)) throw error;
    throw new ApiError('not-ready', 'The store that keeps the counts does not answer.', {
      headers: { 'Retry-After': '5' },
      cause: error,
    });
  }
}

/** @throws ApiError `invalid-request` naming the first field that is not as the schema says */
export async function parseBody<Schema extends z.ZodMiniType>(
  request: ApiRequest,
  { settings }: Runtime,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const limits = { maxBytes: MAX_JSON_BYTES, timeoutMs: settings.uploadTimeoutMs };
  const parsed = schema.safeParse(await readJson(request, limits));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw new ApiError('invalid-request', `The body is not as expected at "${field}".`, {
    expected: issue?.message ?? 'another body',
    received: field,
  });
}
