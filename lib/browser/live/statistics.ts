import {
  statisticsResponseSchema,
  type StatisticsResponse,
} from '../../shared/contract/statistics';
import { request } from '../client/request';
import { FRESH } from './fresh';

const TIMEOUT_MS = 10_000;

/**
 * Fetches the counts of the last hour.
 *
 * @throws as `request` does
 */
export function fetchStatistics(signal: AbortSignal): Promise<StatisticsResponse> {
  const options = { timeoutMs: TIMEOUT_MS, signal };
  return request('/api/statistics?window=1h', FRESH, statisticsResponseSchema, options);
}
