'use client';

import { useEffect, useState } from 'react';

export interface BlobUrl {
  readonly url: string | undefined;
  readonly isMissing: boolean;
}

const ON_ITS_WAY: BlobUrl = { url: undefined, isMissing: false };

/**
 * A URL for a blob from storage. The URL is revoked when the component is removed.
 *
 * @param read a function with a stable identity; otherwise the blob is read again on each render
 */
export function useBlobUrl(key: number, read: (key: number) => Promise<Blob | undefined>): BlobUrl {
  const [state, setState] = useState<BlobUrl>(ON_ITS_WAY);
  useEffect(() => {
    let isGone = false;
    let url: string | undefined;
    void read(key)
      .catch(() => undefined)
      .then((blob) => {
        if (isGone) return;
        url = blob && URL.createObjectURL(blob);
        setState({ url, isMissing: url === undefined });
      });
    return () => {
      isGone = true;
      if (url !== undefined) URL.revokeObjectURL(url);
    };
  }, [key, read]);
  return state;
}
