/** Gives each series the same colour in every chart. The colour tokens are in app/globals.css. */

export interface SeriesStyle {
  readonly color: string;
  readonly width: number;
  /** Distinguishes lines whose colours are similar. */
  readonly dash?: string;
  /** An area under the line, so that a second line with equal values is visible. */
  readonly isFilled?: true;
}

const DASH = '5 3';

const STYLES: Record<string, SeriesStyle> = {
  requests: { color: 'var(--chart-requests)', width: 1, isFilled: true },
  images: { color: 'var(--chart-pictures)', width: 2 },
  answers: { color: 'var(--chart-failed)', width: 2 },
  pictures: { color: 'var(--chart-pictures)', width: 2 },
  p50: { color: 'var(--chart-server)', width: 2 },
  p95: { color: 'var(--chart-pictures)', width: 1.5, dash: '8 3' },
  p99: { color: 'var(--ink)', width: 1.25, dash: '2 3' },
  ok: { color: 'var(--chart-requests)', width: 2 },
  limited: { color: 'var(--chart-limited)', width: 2 },
  shed: { color: 'var(--chart-server)', width: 2, dash: DASH },
  refused: { color: 'var(--chart-pictures)', width: 2, dash: '2 3' },
  failed: { color: 'var(--chart-failed)', width: 2 },
  ratio: { color: 'var(--chart-cached)', width: 2 },
  server: { color: 'var(--chart-server)', width: 2 },
  browser: { color: 'var(--chart-device)', width: 2 },
  uncertain: { color: 'var(--chart-model)', width: 2 },
  measured: { color: 'var(--chart-model)', width: 2 },
  baseline: { color: 'var(--chart-model)', width: 2 },
  recall: { color: 'var(--chart-model)', width: 2 },
};

const OTHERS = ['requests', 'pictures', 'server', 'device', 'cached', 'limited'];

/** @param index index of the series in its chart, which chooses the colour of an unknown series */
export function seriesStyle(id: string, index: number): SeriesStyle {
  return STYLES[id] ?? { color: `var(--chart-${OTHERS[index % OTHERS.length]})`, width: 2 };
}
