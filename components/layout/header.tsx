import Link from 'next/link';
import styles from './header.module.css';
import { Navigation } from './navigation';
import { RuntimeSwitch } from './runtime-switch';
import { ThemeToggle } from './theme-toggle';

export function Header() {
  return (
    <header className={styles.header}>
      <div className={styles.inner}>
        <Link href="/" className={styles.brand}>
          <Mark />
          Sightline
        </Link>
        <Navigation />
        <div className={styles.runtime}>
          <RuntimeSwitch />
        </div>
        <ThemeToggle />
      </div>
    </header>
  );
}

/** The logo: a lens of two rings, and the line of sight through them. */
function Mark() {
  return (
    <svg width="22" height="22" viewBox="0 0 22 22" fill="none" aria-hidden>
      <circle cx="11" cy="11" r="9" stroke="currentColor" strokeWidth="1.5" />
      <circle cx="11" cy="11" r="3.5" fill="var(--accent)" />
      <path d="M11 0.5v4M11 17.5v4M0.5 11h4M17.5 11h4" stroke="currentColor" strokeWidth="1.5" />
    </svg>
  );
}
