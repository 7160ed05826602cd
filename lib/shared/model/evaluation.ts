import * as z from 'zod/mini';

const share = z.number().check(z.minimum(0), z.maximum(1));
const latency = z.object({ p50: z.number(), p95: z.number() });

/** `evaluation.json`, schema 1, as far as it is shown (models/<id>/EVALUATION.md has all of it). */
export const evaluationSchema = z.looseObject({
  images: z.int().check(z.minimum(0)),
  accuracy: z.object({ top1: share, top5: share }),
  dataset: z.optional(z.string()),
  nll: z.optional(z.number()),
  /** Pictures that could not be decoded and are not counted. */
  unreadable: z.optional(z.int()),
  latency: z.optional(
    z.object({
      workers: z.int(),
      picturesPerSecond: z.number(),
      decodeMs: latency,
      inferenceMs: latency,
    }),
  ),
  calibration: z.optional(
    z.looseObject({
      bins: z.array(
        z.looseObject({
          count: z.int().check(z.minimum(0)),
          meanConfidence: z.nullable(share),
          accuracy: z.nullable(share),
        }),
      ),
    }),
  ),
  perClass: z.optional(
    z.array(
      z.looseObject({
        index: z.int().check(z.minimum(0)),
        support: z.int().check(z.minimum(0)),
        recall: share,
      }),
    ),
  ),
  mostConfused: z.optional(
    z.array(
      z.looseObject({ actual: z.int(), predicted: z.int(), count: z.int().check(z.minimum(0)) }),
    ),
  ),
});

export type Evaluation = z.infer<typeof evaluationSchema>;
