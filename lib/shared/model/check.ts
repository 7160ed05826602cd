import * as z from 'zod/mini';

const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));

/** `check.json`: which other files of a model agree with the full one, by `npm run model -- check`. */
export const checkSchema = z.object({
  schema: z.literal(1),
  /** Of the full model, `onnx/model.onnx`; what was checked with another says nothing of this one. */
  modelSha256: sha256,
  variants: z.array(
    z.object({
      /** Relative to the model folder. */
      file: z.string(),
      sha256,
      bytes: z.int().check(z.minimum(0)),
      /** Of any class's probability on any picture; 1 where the file cannot be run. */
      maxScoreDifference: z.number().check(z.minimum(0), z.maximum(1)),
      sameTop1: z.boolean(),
      agrees: z.boolean(),
    }),
  ),
  checkedAt: z.iso.datetime(),
});

export type Check = z.infer<typeof checkSchema>;
export type CheckedVariant = Check['variants'][number];
