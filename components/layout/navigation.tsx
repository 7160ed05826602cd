'use client';

import {
  Aperture,
  Box,
  Braces,
  ChartLine,
  Ellipsis,
  Gauge,
  History,
  Images,
  SlidersHorizontal,
  type LucideIcon,
} from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useEffect, useId, useRef, useState } from 'react';
import styles from './navigation.module.css';

interface Destination {
  readonly href: string;
  readonly name: string;
  /** The rest of the name, which is left out on a phone. */
  readonly rest?: string;
  readonly Icon: LucideIcon;
}

/** The most important pages: always visible. */
const FIRST: readonly Destination[] = [
  { href: '/', name: 'Classify', Icon: Aperture },
  { href: '/many', name: 'Many', rest: 'pictures', Icon: Images },
  { href: '/history', name: 'History', Icon: History },
  { href: '/visualizations', name: 'Visualizations', Icon: ChartLine },
];

/** The other pages: behind “More” if the header is narrow. */
const SECOND: readonly Destination[] = [
  { href: '/models', name: 'Models', Icon: Box },
  { href: '/load-tests', name: 'Load tests', Icon: Gauge },
  { href: '/docs', name: 'API', Icon: Braces },
  { href: '/settings', name: 'Settings', Icon: SlidersHorizontal },
];

/** The navigation: in the header if there is room, at the bottom of the screen on a phone. */
export function Navigation() {
  const pathname = usePathname();
  return (
    <nav className={styles.navigation} aria-label="Pages">
      <ul className={styles.list}>
        {FIRST.map((destination) => (
          <Item key={destination.href} destination={destination} pathname={pathname} />
        ))}
        <More pathname={pathname} />
      </ul>
    </nav>
  );
}

function Item({
  destination: { href, name, rest, Icon },
  pathname,
}: {
  readonly destination: Destination;
  readonly pathname: string;
}) {
  return (
    <li>
      <Link
        href={href}
        className={styles.link}
        prefetch={false}
        aria-current={isCurrent(href, pathname) ? 'page' : undefined}
      >
        <Icon className={styles.icon} size={20} strokeWidth={1.75} aria-hidden />
        <span>
          {name}
          {rest && <span className={styles.rest}> {rest}</span>}
        </span>
      </Link>
    </li>
  );
}

/** The other pages: in the row where there is room, else in a menu. */
function More({ pathname }: { readonly pathname: string }) {
  const [isOpen, setIsOpen] = useState(false);
  const item = useRef<HTMLLIElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!isOpen) return;
    const closeOutside = ({ target }: Event) => {
      if (!item.current?.contains(target as Node)) setIsOpen(false);
    };
    const closeOnEscape = ({ key }: KeyboardEvent) => {
      if (key !== 'Escape') return;
      setIsOpen(false);
      button.current?.focus();
    };
    document.addEventListener('pointerdown', closeOutside);
    document.addEventListener('focusin', closeOutside);
    document.addEventListener('keydown', closeOnEscape);
    return () => {
      document.removeEventListener('pointerdown', closeOutside);
      document.removeEventListener('focusin', closeOutside);
      document.removeEventListener('keydown', closeOnEscape);
    };
  }, [isOpen]);
  return (
    <li
      ref={item}
      className={styles.more}
      onClick={(event) => closesAfter(event.target, setIsOpen)}
    >
      <button
        ref={button}
        type="button"
        className={styles.link}
        aria-expanded={isOpen}
        aria-controls={id}
        data-current={SECOND.some(({ href }) => isCurrent(href, pathname))}
        onClick={() => setIsOpen(!isOpen)}
      >
        <Ellipsis className={styles.icon} size={20} strokeWidth={1.75} aria-hidden />
        More
      </button>
      <ul id={id} className={styles.second} data-open={isOpen}>
        {SECOND.map((destination) => (
          <Item key={destination.href} destination={destination} pathname={pathname} />
        ))}
      </ul>
    </li>
  );
}

/** Closes the menu after a click on a link, because the header stays when the page changes. */
function closesAfter(target: EventTarget, setIsOpen: (isOpen: boolean) => void): void {
  if (target instanceof Element && target.closest('a')) setIsOpen(false);
}

function isCurrent(href: string, pathname: string): boolean {
  return href === '/' ? pathname === '/' : pathname === href || pathname.startsWith(`${href}/`);
}
