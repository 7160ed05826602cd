'use client';

import dynamic from 'next/dynamic';
import { useState } from 'react';
import useSWR from 'swr/immutable';
import { fetchModelText } from '@/lib/browser/client/models';
import styles from './read-me.module.css';
import { cardBody, cardFacts, cardLead } from './words';

const Markdown = dynamic(() => import('./markdown').then((module) => module.Markdown), {
  ssr: false,
});

function useText(url: string) {
  return useSWR<string, Error>(url, (from: string) => fetchModelText(from));
}

/** The first paragraph of the makers' text about their model. */
export function Lead({ url }: { readonly url: string }) {
  const { data } = useText(url);
  const lead = cardLead(data ?? '');
  return lead && <p className={styles.lead}>{lead}</p>;
}

/** The makers' whole text, rendered when the visitor opens it. */
export function ReadMe({ url }: { readonly url: string }) {
  const [isOpen, setOpen] = useState(false);
  const { data, error } = useText(url);
  return (
    <details
      className={styles.readMe}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>Model card</summary>
      {error && <p role="alert">The server does not give it now.</p>}
      {isOpen && data !== undefined && (
        <>
          <CardFacts markdown={data} />
          <div className={styles.text}>
            <Markdown text={cardBody(data)} />
          </div>
        </>
      )}
    </details>
  );
}

function CardFacts({ markdown }: { readonly markdown: string }) {
  const { license, datasets } = cardFacts(markdown);
  if (!license && !datasets) return null;
  return (
    <p className={styles.facts}>
      {[license && `Licence: ${license}`, datasets && `Data: ${datasets}`]
        .filter(Boolean)
        .join(' · ')}
    </p>
  );
}
