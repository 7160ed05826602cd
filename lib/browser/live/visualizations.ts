import type { VisualizationsResponse } from '../../shared/contract/statistics';
import { requestAs } from '../client/request';
import { pageAssets } from '../page-assets';
import { FRESH } from './fresh';
import { ChartReader } from './chart-reader';

const TIMEOUT_MS = 15_000;

export type WindowName = VisualizationsResponse['window'];
type ReadCharts = ChartReader['read'];

let reader: ChartReader | undefined;

const readInWorker: ReadCharts = (body, signal) => {
  reader ??= new ChartReader(pageAssets.chartReaderUrl);
  return reader.read(body, signal);
};

export interface AskedCharts {
  readonly window: WindowName;
  /** Whose evaluation is among them; the default one's without. */
  readonly model?: string | undefined;
  /** When the window ends, ISO 8601; now without it. */
  readonly until?: string | undefined;
}

/**
 * The charts of a window of time.
 *
 * @param read for tests
 * @throws as `request`
 */
export async function fetchVisualizations(
  { window, model, until }: AskedCharts,
  read = readInWorker,
): Promise<VisualizationsResponse> {
  const search = new URLSearchParams({
    window,
    ...(model === undefined ? {} : { model }),
    ...(until === undefined ? {} : { until }),
  });
  const readBody = async (response: Response, signal: AbortSignal) =>
    read(await response.arrayBuffer(), signal);
  const options = { timeoutMs: TIMEOUT_MS };
  return requestAs(`/api/visualizations?${search}`, FRESH, readBody, options);
}
