import * as z from 'zod/mini';

const share = z.number().check(z.minimum(0), z.maximum(1));

/** `evaluation.json`, schema 1, as far as it is shown (models/<id>/EVALUATION.md has all of it). */
export const evaluationSchema = z.looseObject({
  images: z.int().check(z.minimum(0)),
  accuracy: z.object({ top1: share, top5: share }),
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
