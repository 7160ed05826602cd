import { ImageOff } from 'lucide-react';
import styles from './thumbnail.module.css';

export interface ThumbnailProps {
  readonly url: string | undefined;
  /** It is not on its way: there is none. */
  readonly isMissing: boolean;
}

/** A picture, small; an empty frame until it is there, crossed out where it cannot be. */
export function Thumbnail({ url, isMissing }: ThumbnailProps) {
  return (
    <span className={styles.frame}>
      {url !== undefined && <img src={url} alt="" width={64} height={48} />}
      {isMissing && <ImageOff size={16} strokeWidth={1.5} aria-hidden />}
    </span>
  );
}
