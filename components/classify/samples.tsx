'use client';

import styles from './samples.module.css';

/** All three are free of copyright (CC0); public/samples/SOURCES.md has their sources. */
export const SAMPLES = [
  { file: 'cat.png', name: 'cat', by: 'Stéfan van der Walt' },
  { file: 'espresso.png', name: 'espresso', by: 'Rachel Michetti' },
  { file: 'rocket.jpg', name: 'rocket', by: 'SpaceX' },
] as const;

export type Sample = (typeof SAMPLES)[number];

export function Samples({ onPick }: { readonly onPick: (sample: Sample) => void }) {
  return (
    <div className={styles.samples}>
      <span className={styles.title}>Or try one</span>
      <ul className={styles.list}>
        {SAMPLES.map((sample) => (
          <li key={sample.file}>
            <button
              type="button"
              className={styles.sample}
              aria-label={`Classify the sample ${sample.name}`}
              title={`By ${sample.by}, CC0`}
              onClick={() => onPick(sample)}
            >
              <img src={`/samples/${sample.file}`} alt="" width={56} height={40} />
              <span>{sample.name}</span>
            </button>
          </li>
        ))}
      </ul>
      <span className={styles.credit}>
        Pictures by Stéfan van der Walt, Rachel Michetti and SpaceX (CC0)
      </span>
    </div>
  );
}
