import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  readonly advance: (by?: number) => void;
  readonly stop: () => void;
}

/** Shows a progress bar on standard error, if that is a terminal. */
export function showProgress(total: number, unit: 'pictures' | 'bytes', name = ''): Progress {
  const amount =
    unit === 'bytes'
      ? (value: number) => `${(value / 1e6).toFixed(1)} MB`
      : (value: number) => `${value}`;
  const bar = new SingleBar(
    {
      format: `{bar} {percentage} % of {total}${unit === 'bytes' ? '' : ` ${unit}`} {eta_formatted} ${name}`,
      formatValue: (value, _options, type) => (type === 'total' ? amount(value) : String(value)),
      hideCursor: true,
      etaBuffer: 200,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0);
  return { advance: (by = 1) => bar.increment(by), stop: () => bar.stop() };
}
