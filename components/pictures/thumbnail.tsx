import { ImageOff } from 'lucide-react';
import styles from './thumbnail.module.css';

export interface ThumbnailProps {
  readonly url: string | undefined;
  /** Whether there is no thumbnail and none will come. */
  readonly isMissing: boolean;
}

/** A thumbnail: an empty frame while it loads, crossed out if there is none. */
export function Thumbnail({ url, isMissing }: ThumbnailProps) {
  return (
    <span className={styles.frame}>
      {url !== undefined && <img src={url} alt="" width={64} height={48} />}
      {isMissing && <ImageOff size={16} strokeWidth={1.5} aria-hidden />}
    </span>
  );
}
