'use client';

import { Moon, Sun, SunMoon } from 'lucide-react';
import { useEffect } from 'react';
import { Button } from '@/components/ui/button';
import { usePreferences } from '@/components/ui/use-preferences';
import { setPreferences, type Theme } from '@/lib/browser/preferences';

const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const ICONS = { system: SunMoon, light: Sun, dark: Moon };
const NAMES: Record<Theme, string> = { system: 'as the system', light: 'light', dark: 'dark' };

/** Switches from system to light to dark and back. */
export function ThemeToggle() {
  const { theme } = usePreferences();
  useEffect(() => applyTheme(theme), [theme]);
  const Icon = ICONS[theme];
  return (
    <Button
      icon
      aria-label={`Theme: ${NAMES[theme]}. Change to ${NAMES[NEXT[theme]]}.`}
      title={`Theme: ${NAMES[theme]}`}
      onClick={() => setPreferences({ theme: NEXT[theme] })}
    >
      <Icon size={16} aria-hidden />
    </Button>
  );
}

/** Applies the theme; for `system`, follows the system's changes. */
function applyTheme(theme: Theme): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const isDark = theme === 'dark' || (theme === 'system' && system.matches);
    document.documentElement.classList.toggle('dark', isDark);
  };
  apply();
  system.addEventListener('change', apply);
  return () => system.removeEventListener('change', apply);
}
