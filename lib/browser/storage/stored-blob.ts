/** Pictures in IndexedDB, whose Blobs are refused by ephemeral sessions of WebKit. */
export type StoredBlob = Blob | StoredBytes;

interface StoredBytes {
  readonly bytes: ArrayBuffer;
  readonly type: string;
  /** Of a file. */
  readonly name?: string;
}

/** What every browser keeps; unlike a Blob it is in memory as long as it is held. */
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
