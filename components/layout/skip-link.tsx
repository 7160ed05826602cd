import styles from './skip-link.module.css';

/** Where the skip link leads: the `main` of every page has this id. */
export const MAIN_ID = 'main';

/** The first element that Tab reaches: skips the header. */
export function SkipLink() {
  return (
    <a className={styles.skip} href={`#${MAIN_ID}`}>
      Skip to the content
    </a>
  );
}
