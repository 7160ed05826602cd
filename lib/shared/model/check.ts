import * as z from 'zod/mini';

const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));

/**
 * `check.json`, written by `npm run model -- check`: which other files of a model agree with the
 * full model.
 */
export const checkSchema = z.object({
  schema: z.literal(1),
  /**
   * Hash of the full model `onnx/model.onnx` at the check. If the model has changed, the check is
   * void.
   */
  modelSha256: sha256,
  variants: z.array(
    z.object({
      /** Path relative to the model folder. */
      file: z.string(),
      sha256,
      bytes: z.int().check(z.minimum(0)),
      /** Over all classes and pictures; 1 if the file cannot run. */
      maxScoreDifference: z.number().check(z.minimum(0), z.maximum(1)),
      sameTop1: z.boolean(),
      agrees: z.boolean(),
    }),
  ),
  checkedAt: z.iso.datetime(),
});

export type Check = z.infer<typeof checkSchema>;
export type CheckedVariant = Check['variants'][number];
