import { ApiError } from '../http/api-error';
import { readBytes, type BodyLimits } from './body';

/**
 * The body as JSON.
 *
 * @throws ApiError `invalid-request`, and whatever `readBytes` throws
 */
export async function readJson(request: Request, limits: BodyLimits): Promise<unknown> {
  const body = await readBytes(request, limits);
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
