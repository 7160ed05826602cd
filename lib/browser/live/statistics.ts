import {
  statisticsResponseSchema,
  type StatisticsResponse,
} from '../../shared/contract/statistics';

/**
 * What was asked of the server in the last hour.
 *
 * @throws Error if the server cannot be reached or answers with anything else
 */
export async function fetchStatistics(signal: AbortSignal): Promise<StatisticsResponse> {
  const response = await fetch('/api/statistics?window=1h', { signal });
  if (!response.ok) throw new Error(`The figures came with status ${response.status}.`);
  return statisticsResponseSchema.parse(await response.json());
}
