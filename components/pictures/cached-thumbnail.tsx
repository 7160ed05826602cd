'use client';

import { useEffect, useState } from 'react';
import type { Thumbnails } from '@/lib/browser/pictures/thumbnails';
import { Thumbnail } from './thumbnail';

export interface CachedThumbnailProps<Key> {
  readonly of: Key;
  /** A cache outside the component, because rows are mounted and unmounted while scrolling. */
  readonly thumbnails: Thumbnails<Key>;
  /** A new value tries again, if there was no thumbnail yet. */
  readonly revision?: unknown;
}

export function CachedThumbnail<Key>({ of, thumbnails, revision }: CachedThumbnailProps<Key>) {
  const [made, setMade] = useState<{ readonly url: string | undefined } | undefined>(() => {
    const url = thumbnails.find(of);
    return url === undefined ? undefined : { url };
  });
  const isThere = made?.url !== undefined;
  useEffect(() => {
    if (isThere) return;
    const controller = new AbortController();
    void thumbnails.get(of, controller.signal).then((url) => {
      if (!controller.signal.aborted) setMade({ url });
    });
    return () => controller.abort();
  }, [of, thumbnails, isThere, revision]);
  return <Thumbnail url={made?.url} isMissing={made !== undefined && !isThere} />;
}
