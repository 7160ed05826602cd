import * as z from 'zod/mini';

const share = z.number().check(z.minimum(0), z.maximum(1));
const latency = z.object({ p50: z.number(), p95: z.number() });

const count = z.int().check(z.minimum(0));

/**
 * Out-of-distribution scores: a lower score means the picture is less like the training pictures.
 */
export const OUT_OF_DISTRIBUTION_SCORES = ['evidence-spread', 'energy'] as const;

/** When an answer is uncertain; docs/uncertainty.md has the formulas. */
export const uncertaintyRuleSchema = z.object({
  /** Uncertain when the first label's calibrated probability is below this. */
  minScore: share,
  /** Uncertain when the first label leads the second by less than this. */
  minMargin: share,
  /** Uncertain when the out-of-distribution score is below the threshold. */
  likeness: z.optional(
    z.object({ score: z.enum(OUT_OF_DISTRIBUTION_SCORES), threshold: z.number() }),
  ),
});

export type UncertaintyRule = z.infer<typeof uncertaintyRuleSchema>;

/** The model's answers in its evaluation. Drift compares later answers with them. */
export const baselineSchema = z.looseObject({
  /** Number of pictures by first label, in the order of the model's output. */
  labels: z.array(count),
  /** Number of pictures by tenth of the first label's calibrated probability. */
  confidence: z.array(count).check(z.length(10)),
});

export type Baseline = z.infer<typeof baselineSchema>;

/**
 * The fields of `evaluation.json` (schema 1) that are shown; models/<id>/EVALUATION.md has all of
 * them.
 */
export const evaluationSchema = z.looseObject({
  images: z.int().check(z.minimum(0)),
  /** Absent for multi-label models. */
  accuracy: z.optional(z.object({ top1: share, top5: share })),
  /** For multi-label models: the mean over the labels that occur. */
  meanAveragePrecision: z.optional(share),
  dataset: z.optional(z.string()),
  nll: z.optional(z.number()),
  /** Pictures that could not be decoded; the measures leave them out. */
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
      temperature: z.optional(z.number().check(z.positive())),
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
  uncertainty: z.optional(z.looseObject(uncertaintyRuleSchema.shape)),
  baseline: z.optional(baselineSchema),
});

export type Evaluation = z.infer<typeof evaluationSchema>;

/** The temperature that turns logits into probabilities, and the uncertainty rule. */
export const calibrationSchema = z.object({
  temperature: z.number().check(z.positive()),
  rule: uncertaintyRuleSchema,
});

export type Calibration = z.infer<typeof calibrationSchema>;

/**
 * For models without an evaluation: temperature 1, and uncertain if the first two labels are close.
 */
export const UNEVALUATED: Calibration = {
  temperature: 1,
  rule: { minScore: 0.2, minMargin: 0.05 },
};

export function calibrationOf(evaluation: Evaluation | undefined): Calibration {
  const rule = uncertaintyRuleSchema.safeParse(evaluation?.uncertainty);
  return {
    temperature: evaluation?.calibration?.temperature ?? UNEVALUATED.temperature,
    rule: rule.success ? rule.data : UNEVALUATED.rule,
  };
}
