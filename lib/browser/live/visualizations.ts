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
  /** The model whose evaluation is included; default: the server's default model. */
  readonly model?: string | undefined;
  /** End of the window, ISO 8601; default: now. */
  readonly until?: string | undefined;
}

/**
 * Fetches the charts of a time window.
 *
 * @param read replaced by tests
 * @throws as `request` does
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
