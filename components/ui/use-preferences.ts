'use client';

import { useSyncExternalStore } from 'react';
import {
  DEFAULT_PREFERENCES,
  getPreferences,
  subscribeToPreferences,
  type Preferences,
} from '@/lib/browser/preferences';

/** The visitor's preferences; on the server and during hydration the defaults. */
export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribeToPreferences, getPreferences, () => DEFAULT_PREFERENCES);
}
