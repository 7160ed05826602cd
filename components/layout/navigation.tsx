'use client';

import {
  Aperture,
  Box,
  Braces,
  ChartLine,
  Gauge,
  SlidersHorizontal,
  type LucideIcon,
} from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import styles from './navigation.module.css';

interface Destination {
  readonly href: string;
  readonly name: string;
  readonly Icon: LucideIcon;
}

/** Every page there is, in the order of the navigation. */
const DESTINATIONS: readonly Destination[] = [
  { href: '/', name: 'Classify', Icon: Aperture },
  { href: '/visualizations', name: 'Visualizations', Icon: ChartLine },
  { href: '/models', name: 'Models', Icon: Box },
  { href: '/load-tests', name: 'Load tests', Icon: Gauge },
  { href: '/docs', name: 'API', Icon: Braces },
  { href: '/settings', name: 'Settings', Icon: SlidersHorizontal },
];

/** In the header where there is room, at the bottom of the screen on a phone. */
export function Navigation() {
  const pathname = usePathname();
  return (
    <nav className={styles.navigation} aria-label="Pages">
      <ul className={styles.list}>
        {DESTINATIONS.map(({ href, name, Icon }) => (
          <li key={href}>
            <Link
              href={href}
              className={styles.link}
              prefetch={false}
              aria-current={isCurrent(href, pathname) ? 'page' : undefined}
            >
              <Icon className={styles.icon} size={20} strokeWidth={1.75} aria-hidden />
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function isCurrent(href: string, pathname: string): boolean {
  return href === '/' ? pathname === '/' : pathname === href || pathname.startsWith(`${href}/`);
}
