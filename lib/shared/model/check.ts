import * as z from 'zod/mini';

const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));

/** One of a model's other files, as it compared with the whole one. */
export const checkedVariantSchema = z.object({
  /** Relative to the model folder: `onnx/model_fp16.onnx`. */
  file: z.string().check(z.regex(/^onnx\/\w[\w.-]*\.onnx$/)),
  sha256,
  bytes: z.int().check(z.minimum(1)),
  /** Of the probability of any one class on any of the pictures, 0 to 1. */
  maxScoreDifference: z.number().check(z.minimum(0), z.maximum(1)),
  /** Share of the pictures whose first label is the same, 0 to 1. */
  sameTop1: z.number().check(z.minimum(0), z.maximum(1)),
  /** Whether it may stand in for the whole model. */
  agrees: z.boolean(),
});

/** `check.json`: what a check of the folder found, as long as the files are those that it saw. */
export const checkSchema = z.object({
  schema: z.literal(1),
  /** Of `onnx/model.onnx`. */
  modelSha256: sha256,
  variants: z.array(checkedVariantSchema),
  checkedAt: z.iso.datetime(),
});

export type CheckedVariant = z.infer<typeof checkedVariantSchema>;
export type ModelCheck = z.infer<typeof checkSchema>;

/** A file of a model folder, as far as it can be told from another. */
interface ComparableFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * The smallest file that gives the whole model's answers: a checked variant, or the model itself.
 * A note about files that have changed since says nothing.
 */
export function smallestAgreeing<File extends ComparableFile>(
  model: File,
  files: readonly File[],
  check: ModelCheck | undefined,
): File {
  if (check?.modelSha256 !== model.sha256) return model;
  const agreeing = check.variants
    .filter(({ agrees }) => agrees)
    .flatMap((variant) =>
      files.filter(({ path, sha256 }) => path === variant.file && sha256 === variant.sha256),
    );
  return agreeing.reduce((least, file) => (file.bytes < least.bytes ? file : least), model);
}
