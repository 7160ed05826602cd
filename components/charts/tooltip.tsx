'use client';

import styles from './tooltip.module.css';

export interface TooltipLine {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly color: string;
}

/** Shows the values under the pointer or the keyboard's cursor. */
export function TooltipBox({
  title,
  lines,
}: {
  readonly title: string;
  readonly lines: readonly TooltipLine[];
}) {
  return (
    <div className={styles.box}>
      <p className={styles.title}>{title}</p>
      <dl className={styles.lines}>
        {lines.map(({ id, label, value, color }) => (
          <div key={id}>
            <dt>
              <span className={styles.swatch} style={{ background: color }} aria-hidden />
              {label}
            </dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
