'use client';

import { useEffect, useState } from 'react';
import { Thumbnail } from '@/components/pictures/thumbnail';
import { Thumbnails } from '@/lib/browser/pictures/thumbnails';

/** One for all rows: they come and go as the list is scrolled. */
const thumbnails = new Thumbnails();

export function RowThumbnail({ file }: { readonly file: File }) {
  const [made, setMade] = useState<{ readonly file: File; readonly url: string | undefined }>();
  useEffect(() => {
    const controller = new AbortController();
    void thumbnails.get(file, controller.signal).then((url) => {
      if (!controller.signal.aborted) setMade({ file, url });
    });
    return () => controller.abort();
  }, [file]);
  const current = made?.file === file ? made : undefined;
  return <Thumbnail url={current?.url} isMissing={current !== undefined && !current.url} />;
}
