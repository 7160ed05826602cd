import * as z from 'zod/mini';

/** Every kind of error that the API answers with: its type, status and title. */
export const PROBLEM_TYPES = {
  'invalid-request': { status: 400, title: 'The request is not understood' },
  'unknown-key': { status: 401, title: 'The key is not known' },
  'key-required': { status: 401, title: 'A key is needed' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'This method is not offered here' },
  'upload-timeout': { status: 408, title: 'The upload took too long' },
  'stale-preparation': { status: 409, title: 'The picture was prepared in another way' },
  'too-large': { status: 413, title: 'The upload is too large' },
  'unsupported-image': { status: 415, title: 'Not a picture format that is read here' },
  'unsupported-encoding': { status: 415, title: 'Content encodings are not read here' },
  'undecodable-image': { status: 422, title: 'The picture cannot be decoded' },
  'wrong-size': { status: 422, title: 'The prepared picture has another size' },
  'too-many-pixels': { status: 422, title: 'The picture has too many pixels' },
  'quota-exceeded': { status: 429, title: 'The quota is used up' },
  'internal-error': { status: 500, title: 'An unexpected error' },
  overloaded: { status: 503, title: 'The server is busy' },
  'not-ready': { status: 503, title: 'The server is not ready' },
  'no-model': { status: 503, title: 'No model can be served' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemType = keyof typeof PROBLEM_TYPES;

/** RFC 9457 problem details, with the expected and the received value where that helps. */
export const problemSchema = z.object({
  type: z.enum(Object.keys(PROBLEM_TYPES) as [ProblemType, ...ProblemType[]]),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
  expected: z.optional(z.string()),
  received: z.optional(z.string()),
});

export type Problem = z.infer<typeof problemSchema>;

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';
