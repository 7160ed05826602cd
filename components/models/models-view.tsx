'use client';

import useSWR from 'swr';
import { Contents } from '@/components/layout/contents';
import { Page } from '@/components/layout/page';
import { fetchModelFolders } from '@/lib/browser/client/models';
import type { ModelsResponse } from '@/lib/shared/contract/models';
import { BrokenFolders } from './broken-folders';
import { cardId, ModelCard } from './model-card';
import styles from './models-view.module.css';
import { useFirstWords } from './use-first-words';

/** The page `/models`: all installed model folders. */
export function ModelsView() {
  const { data, error } = useSWR<ModelsResponse, Error>('models', () => fetchModelFolders());
  const hasWords = useFirstWords(data?.models);
  const models = hasWords ? data?.models : undefined;
  return (
    <Page
      title="Models"
      lead="A model is a folder in the layout of the Hugging Face hub. These are installed."
      className={styles.view}
      isBusy={!models && !error}
    >
      {error && !models && (
        <p className={styles.failure} role="alert">
          The server does not say which models it has. Load the page again in a moment.
        </p>
      )}
      {models?.length === 0 && (
        <p className={styles.note}>
          None yet. A folder that is put into the models directory appears here within seconds.
        </p>
      )}
      <Contents entries={(models ?? []).map(({ id }) => ({ id: cardId(id), name: id }))} />
      <BrokenFolders folders={(models && data?.broken) ?? []} />
      <div className={styles.cards}>
        {models?.map((model) => (
          <ModelCard key={model.id} model={model} />
        ))}
      </div>
    </Page>
  );
}
