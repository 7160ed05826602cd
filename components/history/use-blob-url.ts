'use client';

import { useEffect, useState } from 'react';

export interface BlobUrl {
  readonly url: string | undefined;
  readonly isMissing: boolean;
}

const ON_ITS_WAY: BlobUrl = { url: undefined, isMissing: false };

/**
 * An address for a blob that is read from storage; given back when nobody shows it any more.
 *
 * @param read from outside the component, or the blob is read again each time
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
