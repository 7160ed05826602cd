import * as z from 'zod/mini';
import { modelRefSchema, predictResponseSchema } from './predict';
import { problemSchema } from './problems';

export const MAX_BATCH_IMAGES = 32;

const resultBase = z.object({
  /** Position in the request, from 0. */
  index: z.int().check(z.minimum(0)),
  /** File name as the client sent it. */
  name: z.string(),
});

export const batchResultSchema = z.union([
  z.extend(resultBase, {
    status: z.literal(200),
    ...z.pick(predictResponseSchema, {
      head: true,
      predictions: true,
      uncertain: true,
      image: true,
      cached: true,
      timings: true,
    }).shape,
  }),
  z.extend(resultBase, { status: z.int().check(z.minimum(400)), problem: problemSchema }),
]);

export const batchResponseSchema = z.object({
  id: z.uuid(),
  model: modelRefSchema,
  results: z.array(batchResultSchema).check(z.minLength(1), z.maxLength(MAX_BATCH_IMAGES)),
  timings: z.object({ totalMs: z.number().check(z.minimum(0)) }),
});

export type BatchResponse = z.infer<typeof batchResponseSchema>;
