/** What a server shows its operator: health, gauges and log lines. */
import type { HealthResponse } from '@/lib/shared/contract/health';
import { metricsText, metricValue } from './metrics';

/** As long as any light may take to be right. */
export const LIGHTS_WITHIN_MS = 5_000;

export async function health(url: string): Promise<HealthResponse> {
  return (await (await fetch(`${url}/api/health`)).json()) as HealthResponse;
}

/** The store as all lights show it, in one line: `ok 0`, or `degraded 1` and the reason. */
export async function storeLights(url: string): Promise<string> {
  const { status, detail = '' } = (await health(url)).checks.store;
  const away = metricValue(await metricsText(url), 'sightline_store_away');
  return `${status} ${away} ${detail}`.trim();
}

/** Lines of a log with this message, in order. */
export function logLines(output: string, message: string): Record<string, unknown>[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{') && line.includes(message))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => line.msg === message);
}
