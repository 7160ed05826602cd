import type { Backend } from './client/device/assets';
import { RUNTIME_CHOICES, type RuntimeChoice } from './client/where';

export type Theme = 'system' | 'light' | 'dark';

/** Which of this device's answers are reported to the server. Pictures are never reported. */
export type ReportChoice = 'fall-overs' | 'all' | 'none';

/** Whether this browser keeps a history. */
export type HistoryChoice = 'keep' | 'none';

export const THRESHOLDS = ['0', '0.05', '0.1', '0.2', '0.3', '0.5', '0.7', '0.9'] as const;
export type Threshold = (typeof THRESHOLDS)[number];

export interface Preferences {
  readonly runtime: RuntimeChoice;
  readonly backend: Backend;
  readonly theme: Theme;
  readonly reports: ReportChoice;
  readonly history: HistoryChoice;
  /** Labels with a lower score are not shown. */
  readonly threshold: Threshold;
  /** Id of the model that answers on `/` and `/many`; empty means the server's default model. */
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

/** Preferences with a fixed list of values. Only the server knows which models there are. */
type Listed = Exclude<keyof Preferences, 'model'>;

const ALLOWED: { readonly [Name in Listed]: readonly Preferences[Name][] } = {
  runtime: RUNTIME_CHOICES,
  backend: ['wasm', 'webgpu'],
  theme: ['system', 'light', 'dark'],
  reports: ['fall-overs', 'all', 'none'],
  history: ['keep', 'none'],
  threshold: THRESHOLDS,
};

/** Reads stored preferences. Missing or invalid values get the default. */
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
/** Settings from a link. They apply until the visitor leaves the page or chooses otherwise. */
let linked: Partial<Preferences> = {};

/** The visitor's choices in this browser. If storage is refused, they are the defaults. */
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

/** Applies the settings of a link. The stored choices stay unchanged. */
export function followLink(asked: Partial<Pick<Preferences, 'model' | 'threshold'>>): void {
  linked = { ...linked, ...asked };
  current = { ...getPreferences(), ...linked };
  listeners.forEach((listener) => listener());
}

/** The visitor's own values of the settings that the link changed. */
function unlinked(): Partial<Preferences> {
  const stored = parsePreferences(readStorage());
  const names = Object.keys(linked) as (keyof Preferences)[];
  return Object.fromEntries(names.map((name) => [name, stored[name]]));
}

/** For `useSyncExternalStore`. Also reports changes in other tabs. */
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
    // Storage is refused: the choice lasts as long as the page.
  }
}
