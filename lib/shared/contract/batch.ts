import { z } from 'zod';
import { modelRefSchema, predictResponseSchema } from './predict';
import { problemSchema } from './problems';

export const MAX_BATCH_IMAGES = 32;

const resultBase = z.object({
  /** Position among the pictures that were sent. */
  index: z.int().min(0),
  /** File name as it was sent. */
  name: z.string(),
});

export const batchResultSchema = z.union([
  resultBase.extend({
    status: z.literal(200),
    ...predictResponseSchema.pick({ predictions: true, image: true, cached: true, timings: true })
      .shape,
  }),
  resultBase.extend({ status: z.int().min(400), problem: problemSchema }),
]);

export const batchResponseSchema = z.object({
  id: z.uuid(),
  model: modelRefSchema,
  results: z.array(batchResultSchema).min(1).max(MAX_BATCH_IMAGES),
  timings: z.object({ totalMs: z.number().min(0) }),
});

export type BatchResponse = z.infer<typeof batchResponseSchema>;
