/** The browser's storage did not answer in time. */
export class StorageTimeout extends Error {
  override readonly name = 'StorageTimeout';
}

/** Storage answers within milliseconds; a transaction that hangs is never answered. */
const TIMEOUT_MS = 10_000;

/** @throws StorageTimeout if the work takes longer than ten seconds; the work itself goes on */
export async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StorageTimeout()), TIMEOUT_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
