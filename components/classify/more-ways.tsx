import Link from 'next/link';
import styles from './more-ways.module.css';

/** The ways from one picture to many, and back to those that were. */
export function MoreWays() {
  return (
    <nav className={styles.ways} aria-label="More">
      <Link href="/many" prefetch={false}>
        Many pictures: drop a folder
      </Link>
      <Link href="/history" prefetch={false}>
        History (this browser only)
      </Link>
    </nav>
  );
}
