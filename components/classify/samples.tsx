'use client';

import styles from './samples.module.css';

/** All samples are in the public domain (CC0); public/samples/SOURCES.md lists their sources. */
export const SAMPLES = [
  { file: 'cat.png', name: 'cat', by: 'Stéfan van der Walt' },
  { file: 'espresso.png', name: 'espresso', by: 'Rachel Michetti' },
  { file: 'school-bus.webp', name: 'school bus', by: 'Sightline' },
  { file: 'teapot.webp', name: 'teapot', by: 'Sightline' },
  { file: 'lighthouse.webp', name: 'lighthouse', by: 'Sightline' },
  { file: 'rocket.jpg', name: 'rocket', by: 'SpaceX', isHard: true },
] as const;

export type Sample = (typeof SAMPLES)[number];

export interface SamplesProps {
  /** Whether the samples are large, because the page shows no picture yet. */
  readonly isLarge: boolean;
  readonly onPick: (sample: Sample) => void;
}

export function Samples({ isLarge, onPick }: SamplesProps) {
  return (
    <div className={styles.samples} data-large={isLarge}>
      <h2 className={styles.title}>{isLarge ? 'No picture at hand? Try one' : 'Or try one'}</h2>
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
              <img src={smallOf(sample.file)} alt="" width={120} height={80} />
              <span>
                {sample.name}
                {'isHard' in sample && <span className={styles.hard}> · a hard one</span>}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <p className={styles.credit}>
        Photographs by Stéfan van der Walt, Rachel Michetti and SpaceX (CC0); the others are drawn.
      </p>
    </div>
  );
}

function smallOf(file: string): string {
  return `/samples/small/${file.replace(/\.\w+$/, '.webp')}`;
}
