/**
 * A picture in IndexedDB. Ephemeral sessions of WebKit refuse Blobs there, so bytes are stored
 * instead.
 */
export type StoredBlob = Blob | StoredBytes;

interface StoredBytes {
  readonly bytes: ArrayBuffer;
  readonly type: string;
  /** Name, if it was a file. */
  readonly name?: string;
}

/**
 * Converts to bytes, which every browser stores. Unlike a Blob, they occupy memory while
 * referenced.
 */
export async function toStoredBytes(blob: Blob): Promise<StoredBytes> {
  const bytes = await blob.arrayBuffer();
  return { bytes, type: blob.type, ...(blob instanceof File ? { name: blob.name } : {}) };
}

export function fromStored(stored: StoredBlob): Blob {
  if (stored instanceof Blob) return stored;
  const { bytes, type, name } = stored;
  return name === undefined ? new Blob([bytes], { type }) : new File([bytes], name, { type });
}

export function storedSize(stored: StoredBlob): number {
  return stored instanceof Blob ? stored.size : stored.bytes.byteLength;
}
