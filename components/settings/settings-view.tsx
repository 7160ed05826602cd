'use client';

import Link from 'next/link';
import { Page } from '@/components/layout/page';
import { ChoiceList } from '@/components/ui/choice-list';
import { usePreferences } from '@/components/ui/use-preferences';
import {
  setPreferences,
  type HistoryChoice,
  type ReportChoice,
  type Theme,
} from '@/lib/browser/preferences';
import type { RuntimeChoice } from '@/lib/browser/client/where';
import { BackendSetting } from './backend-setting';
import { SessionSetting } from './session-setting';
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

const HISTORIES = [
  {
    value: 'keep',
    label: 'Keep answers and pictures in this browser',
    hint: 'The newest 200 pictures, at most 100 MB, and 5,000 answers.',
  },
  {
    value: 'none',
    label: 'Keep no history',
    hint: 'What is there already stays until you delete it on the page History.',
  },
] as const satisfies readonly { value: HistoryChoice; label: string; hint: string }[];

const THEMES = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const satisfies readonly { value: Theme; label: string }[];

/** The page `/settings`: preferences that are stored in this browser. */
export function SettingsView() {
  const { runtime, theme, reports, history } = usePreferences();
  return (
    <Page title="Settings" lead="They are kept in this browser only." className={styles.view}>
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
        <h2>History</h2>
        <p>
          It is on the page <Link href="/history">History</Link> and never leaves this browser.
        </p>
        <ChoiceList
          name="Whether answers are kept"
          value={history}
          choices={HISTORIES}
          onChange={(next) => setPreferences({ history: next })}
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
      <SessionSetting className={styles.section} />
    </Page>
  );
}
