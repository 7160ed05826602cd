'use client';

import { MAIN_ID } from '@/components/layout/skip-link';
import { ChoiceList } from '@/components/ui/choice-list';
import { usePreferences } from '@/components/ui/use-preferences';
import { setPreferences, type ReportChoice, type Theme } from '@/lib/browser/preferences';
import type { RuntimeChoice } from '@/lib/browser/where';
import { BackendSetting } from './backend-setting';
import styles from './settings-view.module.css';
import { StorageSetting } from './storage-setting';

const RUNTIMES = [
  {
    value: 'automatic',
    label: 'Automatic',
    hint: 'The server answers; this device does when the server is busy, limiting or gone.',
  },
  { value: 'device', label: 'This device', hint: 'Pictures never leave it.' },
  { value: 'server', label: 'Server', hint: 'Nothing is computed here.' },
] as const satisfies readonly { value: RuntimeChoice; label: string; hint: string }[];

const REPORTS = [
  {
    value: 'fall-overs',
    label: 'When the server could not answer',
    hint: 'Nothing is told of pictures for which you chose “This device”.',
  },
  { value: 'all', label: 'Always', hint: 'Also when you chose “This device”.' },
  { value: 'none', label: 'Never', hint: 'What still waits to be sent is thrown away.' },
] as const satisfies readonly { value: ReportChoice; label: string; hint: string }[];

const THEMES = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const satisfies readonly { value: Theme; label: string }[];

/** The page `/settings`: what this browser remembers of the visitor's wishes. */
export function SettingsView() {
  const { runtime, theme, reports } = usePreferences();
  return (
    <main id={MAIN_ID} tabIndex={-1} className={styles.view}>
      <h1 className={styles.title}>Settings</h1>
      <p className={styles.lead}>They are kept in this browser only.</p>
      <section className={styles.section}>
        <h2>Where pictures are classified</h2>
        <ChoiceList
          name="Where to classify"
          value={runtime}
          choices={RUNTIMES}
          onChange={(next) => setPreferences({ runtime: next })}
        />
      </section>
      <BackendSetting className={styles.section} />
      <section className={styles.section}>
        <h2>Privacy</h2>
        <p>
          Answers made on this device can be counted by the server: label, certainty, time and
          reason. The picture is never sent for that.
        </p>
        <ChoiceList
          name="When the server is told of answers made here"
          value={reports}
          choices={REPORTS}
          onChange={(next) => setPreferences({ reports: next })}
        />
      </section>
      <section className={styles.section}>
        <h2>Appearance</h2>
        <ChoiceList
          name="Theme"
          value={theme}
          choices={THEMES}
          onChange={(next) => setPreferences({ theme: next })}
        />
      </section>
      <StorageSetting className={styles.section} />
    </main>
  );
}
