import type { Backend } from './client/device/assets';
import { RUNTIME_CHOICES, type RuntimeChoice } from './client/where';

export type Theme = 'system' | 'light' | 'dark';

/** Which answers of this device the server is told of; never the picture. */
export type ReportChoice = 'fall-overs' | 'all' | 'none';

/** Whether this browser remembers what it was shown. */
export type HistoryChoice = 'keep' | 'none';

export const THRESHOLDS = ['0', '0.05', '0.1', '0.2', '0.3', '0.5', '0.7', '0.9'] as const;
export type Threshold = (typeof THRESHOLDS)[number];

export interface Preferences {
  readonly runtime: RuntimeChoice;
  readonly backend: Backend;
  readonly theme: Theme;
  readonly reports: ReportChoice;
  readonly history: HistoryChoice;
  /** Labels below this probability are not shown. */
  readonly threshold: Threshold;
  /** Id of the model that answers on `/` and `/many`; the server's default where empty. */
  readonly model: string;
}

export const DEFAULT_PREFERENCES: Preferences = {
  runtime: 'automatic',
  backend: 'wasm',
  theme: 'system',
  reports: 'fall-overs',
  history: 'keep',
  threshold: '0',
  model: '',
};

export const PREFERENCES_KEY = 'sightline.preferences';

/** Those that are one of a few words; which models there are only the server knows. */
type Listed = Exclude<keyof Preferences, 'model'>;

const ALLOWED: { readonly [Name in Listed]: readonly Preferences[Name][] } = {
  runtime: RUNTIME_CHOICES,
  backend: ['wasm', 'webgpu'],
  theme: ['system', 'light', 'dark'],
  reports: ['fall-overs', 'all', 'none'],
  history: ['keep', 'none'],
  threshold: THRESHOLDS,
};

/** Whatever was stored, with a default for what is missing or not allowed (any more). */
export function parsePreferences(text: string | null): Preferences {
  const stored = parseObject(text);
  const pick = <Name extends Listed>(name: Name): Preferences[Name] =>
    ALLOWED[name].find((value) => value === stored[name]) ?? DEFAULT_PREFERENCES[name];
  return {
    runtime: pick('runtime'),
    backend: pick('backend'),
    theme: pick('theme'),
    reports: pick('reports'),
    history: pick('history'),
    threshold: pick('threshold'),
    model: typeof stored.model === 'string' ? stored.model : DEFAULT_PREFERENCES.model,
  };
}

function parseObject(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const listeners = new Set<() => void>();
let current: Preferences | undefined;
/** What a link asked for: it holds until the page is left, or the visitor chooses. */
let linked: Partial<Preferences> = {};

/** What the visitor chose in this browser; storage that is refused counts as empty. */
export function getPreferences(): Preferences {
  return (current ??= { ...parsePreferences(readStorage()), ...linked });
}

export function setPreferences(change: Partial<Preferences>): void {
  const chosen = Object.keys(change);
  linked = Object.fromEntries(Object.entries(linked).filter(([name]) => !chosen.includes(name)));
  const kept = { ...getPreferences(), ...unlinked(), ...change };
  current = { ...kept, ...linked };
  writeStorage(JSON.stringify(kept));
  listeners.forEach((listener) => listener());
}

/** Takes over what a link asks for; the visitor's own choice stays as it is stored. */
export function followLink(asked: Partial<Pick<Preferences, 'model' | 'threshold'>>): void {
  linked = { ...linked, ...asked };
  current = { ...getPreferences(), ...linked };
  listeners.forEach((listener) => listener());
}

/** The visitor's own choices of what a link changed. */
function unlinked(): Partial<Preferences> {
  const stored = parsePreferences(readStorage());
  const names = Object.keys(linked) as (keyof Preferences)[];
  return Object.fromEntries(names.map((name) => [name, stored[name]]));
}

/** For `useSyncExternalStore`; also hears of other tabs. */
export function subscribeToPreferences(listener: () => void): () => void {
  const onStorage = (event: StorageEvent) => {
    if (event.key !== PREFERENCES_KEY) return;
    current = undefined;
    listener();
  };
  listeners.add(listener);
  addEventListener('storage', onStorage);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', onStorage);
  };
}

function readStorage(): string | null {
  try {
    return localStorage.getItem(PREFERENCES_KEY);
  } catch {
    return null;
  }
}

function writeStorage(text: string): void {
  try {
    localStorage.setItem(PREFERENCES_KEY, text);
  } catch {
    // The choice then lasts as long as the page.
  }
}
