import { ApiError } from '../http/api-error';
import type { ApiRequest } from '../http/api-request';
import { readBytes, type BodyLimits } from './body';

/**
 * 500 reports have fewer values; parsing millions of values would block the main thread for a
 * second.
 */
export const MAX_VALUES = 20_000;
/** Every value but the first follows one of these characters; commas in strings count too. */
const BEFORE_VALUES = [...',[{'].map((character) => character.charCodeAt(0));

/**
 * The body as JSON of at most 20,000 values.
 *
 * @throws ApiError `invalid-request`, and whatever `readBytes` throws
 */
export async function readJson(request: ApiRequest, limits: BodyLimits): Promise<unknown> {
  const body = await readBytes(request, limits);
  assertFewValues(body);
  return parseJson(body);
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

/**
 * Refuses JSON that would take long to parse. Base64 contains none of the counted characters.
 *
 * @throws ApiError `invalid-request`
 */
export function assertFewValues(body: Uint8Array, maxValues = MAX_VALUES): void {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  let count = 0;
  for (const sought of BEFORE_VALUES) {
    for (let at = bytes.indexOf(sought); at >= 0; at = bytes.indexOf(sought, at + 1)) {
      if (++count <= maxValues) continue;
      throw new ApiError('invalid-request', 'The JSON has too many values.', {
        expected: `at most ${maxValues} values`,
        received: 'more than that',
      });
    }
  }
}
