import { z } from 'zod';

const share = z.number().min(0).max(1);

/** `evaluation.json`, schema 1, as far as it is shown (models/<id>/EVALUATION.md has all of it). */
export const evaluationSchema = z.looseObject({
  images: z.int().min(0),
  accuracy: z.object({ top1: share, top5: share }),
  calibration: z
    .looseObject({
      bins: z.array(
        z.looseObject({
          count: z.int().min(0),
          meanConfidence: share.nullable(),
          accuracy: share.nullable(),
        }),
      ),
    })
    .optional(),
  perClass: z
    .array(z.looseObject({ index: z.int().min(0), support: z.int().min(0), recall: share }))
    .optional(),
  mostConfused: z
    .array(z.looseObject({ actual: z.int(), predicted: z.int(), count: z.int().min(0) }))
    .optional(),
});

export type Evaluation = z.infer<typeof evaluationSchema>;
