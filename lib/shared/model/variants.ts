import type { Check } from './check';

/** The fields that identify a file of a model folder and its content. */
interface ComparableFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * The smallest file that gives the whole model's answers: a checked variant, or the model itself.
 * Checks of files that have changed since are ignored.
 */
export function smallestAgreeing<File extends ComparableFile>(
  model: File,
  files: readonly File[],
  check: Check | undefined,
): File {
  if (check?.modelSha256 !== model.sha256) return model;
  const agreeing = check.variants
    .filter(({ agrees }) => agrees)
    .flatMap((variant) =>
      files.filter(({ path, sha256 }) => path === variant.file && sha256 === variant.sha256),
    );
  return agreeing.reduce((least, file) => (file.bytes < least.bytes ? file : least), model);
}
