'use client';

import useSWR from 'swr';
import { MAIN_ID } from '@/components/layout/skip-link';
import { fetchModels } from '@/lib/browser/client/models';
import type { ModelSummary } from '@/lib/shared/contract/models';
import { ModelCard } from './model-card';
import styles from './models-view.module.css';

/** The page `/models`: every folder that is installed. */
export function ModelsView() {
  const { data: models, error } = useSWR<ModelSummary[], Error>('models', () => fetchModels());
  return (
    <main id={MAIN_ID} tabIndex={-1} className={styles.view} aria-busy={!models && !error}>
      <h1 className={styles.title}>Models</h1>
      <p className={styles.lead}>
        A model is a folder in the layout of the Hugging Face hub. These are installed.
      </p>
      {error && !models && (
        <p className={styles.failure} role="alert">
          The server does not say which models it has. Load the page again in a moment.
        </p>
      )}
      {models?.length === 0 && (
        <p className={styles.note}>
          None yet. Put a folder into the models directory and start the server again.
        </p>
      )}
      <div className={styles.cards}>
        {models?.map((model) => (
          <ModelCard key={model.id} model={model} />
        ))}
      </div>
    </main>
  );
}
