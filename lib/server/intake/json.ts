import { ApiError } from '../http/api-error';
import { readBytes, type BodyLimits } from './body';

/**
 * The body as JSON.
 *
 * @throws ApiError `invalid-request`, and whatever `readBytes` throws
 */
export async function readJson(request: Request, limits: BodyLimits): Promise<unknown> {
  return parseJson(await readBytes(request, limits));
}

/** @throws ApiError `invalid-request` for what is not JSON */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch (error) {
    throw new ApiError('invalid-request', 'The body is not JSON.', {
      expected: 'a JSON object',
      received: error instanceof Error ? error.message : 'no JSON',
      cause: error,
    });
  }
}
