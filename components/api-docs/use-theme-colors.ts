'use client';

import { useSyncExternalStore } from 'react';

const ROLES = {
  surface: '--surface',
  raised: '--surface-raised',
  sunken: '--surface-sunken',
  ink: '--ink',
  accent: '--accent-ink',
} as const;

export type ThemeColors = Record<keyof typeof ROLES, string>;

let known: { key: string; colors: ThemeColors } | undefined;

/**
 * The theme's colours as values, for code that cannot read CSS variables; undefined on the server.
 */
export function useThemeColors(): ThemeColors | undefined {
  return useSyncExternalStore(subscribe, read, () => undefined);
}

function subscribe(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['class'] });
  return () => observer.disconnect();
}

/** Returns the same object while no colour changes, as `useSyncExternalStore` requires. */
function read(): ThemeColors {
  const style = getComputedStyle(document.documentElement);
  const colors = Object.fromEntries(
    Object.entries(ROLES).map(([role, name]) => [role, style.getPropertyValue(name).trim()]),
  ) as ThemeColors;
  const key = JSON.stringify(colors);
  if (known?.key !== key) known = { key, colors };
  return known.colors;
}
