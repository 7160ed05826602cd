'use client';

import { ImageOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Thumbnails } from '@/lib/browser/pictures/thumbnails';
import styles from './row-thumbnail.module.css';

/** One for all rows: they come and go as the list is scrolled. */
const thumbnails = new Thumbnails();

/** A picture, small; an empty frame until it is made, crossed out where it cannot be. */
export function RowThumbnail({ file }: { readonly file: File }) {
  const [made, setMade] = useState<{ readonly file: File; readonly url?: string | undefined }>();
  useEffect(() => {
    const controller = new AbortController();
    void thumbnails.get(file, controller.signal).then((url) => {
      if (!controller.signal.aborted) setMade({ file, url });
    });
    return () => controller.abort();
  }, [file]);
  return (
    <span className={styles.frame}>
      {made?.file === file && made.url && <img src={made.url} alt="" width={64} height={48} />}
      {made?.file === file && !made.url && <ImageOff size={16} strokeWidth={1.5} aria-hidden />}
    </span>
  );
}
