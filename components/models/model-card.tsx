'use client';

import Link from 'next/link';
import { useId } from 'react';
import { CopyButton } from '@/components/ui/copy-button';
import type { ModelSummary } from '@/lib/shared/contract/models';
import { shownNames } from '@/lib/shared/model/labels';
import { formatFileSize, formatPercent } from '@/lib/shared/numbers/format';
import styles from './model-card.module.css';
import { Lead, ReadMe } from './read-me';
import { readMeUrl } from './use-first-words';
import { headSentence, loadAddress, loadSnippet, preparation, totalBytes } from './words';

/**
 * Id of the card's element. It has a prefix, because another element may have the model's name as
 * id.
 */
export function cardId(modelId: string): string {
  return `model-${modelId}`;
}

/** A model folder: its description, its accuracy, and where to load it from. */
export function ModelCard({ model }: { readonly model: ModelSummary }) {
  const id = useId();
  const readMe = readMeUrl(model);
  return (
    <article id={cardId(model.id)} className={styles.card} aria-labelledby={`${id}-name`}>
      <header className={styles.head}>
        <h2 id={`${id}-name`} className={styles.name}>
          {model.id}
        </h2>
        {model.default && <span className={styles.badge}>answers by default</span>}
      </header>
      {readMe && <Lead url={readMe} />}
      <Readings model={model} />
      <Facts model={model} />
      <LoadFrom model={model} />
      <Files model={model} />
      <details className={styles.more}>
        <summary>{model.labels.length.toLocaleString('en')} classes</summary>
        <ul className={styles.classes}>
          {model.labels.map((label, index) => (
            <li key={index} title={label}>
              {shownNames(model.labels)[index]}
            </li>
          ))}
        </ul>
      </details>
      {readMe && <ReadMe url={readMe} />}
    </article>
  );
}

function Readings({ model }: { readonly model: ModelSummary }) {
  const { accuracy, meanAveragePrecision: precision, input, labels } = model;
  const images = accuracy?.images ?? precision?.images;
  const readings: [string, string][] = [
    ['Classes', labels.length.toLocaleString('en')],
    ['Input', input ? `${input.width} × ${input.height}` : 'any size'],
    ['Size', formatFileSize(totalBytes(model))],
  ];
  if (accuracy) {
    readings.push(['First label right', formatPercent(accuracy.top1)]);
    // With five labels or fewer, the right one is always among the first five.
    if (labels.length > 5) readings.push(['Among the first five', formatPercent(accuracy.top5)]);
  }
  if (precision) readings.push(['Mean average precision', formatPercent(precision.value)]);
  return (
    <>
      <dl className={styles.readings}>
        {readings.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.note}>
        {images !== undefined ? (
          <>
            Evaluated on {images.toLocaleString('en')} pictures:{' '}
            <Link
              href={`/visualizations?model=${encodeURIComponent(model.id)}#model`}
              prefetch={false}
            >
              by class, confusion and reliability
            </Link>
            .
          </>
        ) : (
          'Its folder has no evaluation.json, so how good it is is not known here.'
        )}
      </p>
    </>
  );
}

function Facts({ model }: { readonly model: ModelSummary }) {
  return (
    <dl className={styles.facts}>
      <div>
        <dt>Version</dt>
        <dd className={styles.mono}>{model.version}</dd>
      </div>
      <div>
        <dt>Revision of the folder</dt>
        <dd className={styles.mono}>{model.revision}</dd>
      </div>
      {model.modelType && (
        <div>
          <dt>Type</dt>
          <dd>{model.modelType}</dd>
        </div>
      )}
      <div>
        <dt>A score means</dt>
        <dd>{headSentence(model)}</dd>
      </div>
      <div>
        <dt>A picture is</dt>
        <dd>{preparation(model)}</dd>
      </div>
    </dl>
  );
}

function LoadFrom({ model }: { readonly model: ModelSummary }) {
  // Cards are rendered only in the browser, so `location` exists.
  const address = loadAddress(location.origin, model);
  const snippet = loadSnippet(location.origin, model);
  return (
    <section className={styles.section}>
      <h3>Load it from here</h3>
      <div className={styles.copied}>
        <code className={styles.address}>{address}</code>
        <CopyButton name={`the address of ${model.id}`} text={address} />
      </div>
      <p className={styles.note}>With transformers.js, in a browser or in Node:</p>
      <div className={styles.snippet}>
        <pre tabIndex={0} role="region" aria-label={`Snippet that loads ${model.id}`}>
          {snippet}
        </pre>
        <CopyButton name={`the snippet for ${model.id}`} text={snippet} />
      </div>
    </section>
  );
}

function Files({ model }: { readonly model: ModelSummary }) {
  return (
    <section className={styles.section}>
      <h3>Files</h3>
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={`Files of ${model.id}`}>
        <table className={styles.files}>
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">Size</th>
              <th scope="col">SHA-256</th>
            </tr>
          </thead>
          <tbody>
            {model.files.map(({ path, bytes, sha256, url }) => (
              <tr key={path}>
                <th scope="row">
                  <a href={url}>{path}</a>
                </th>
                <td>{formatFileSize(bytes)}</td>
                <td className={styles.mono} title={sha256}>
                  {sha256.slice(0, 12)}…
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
