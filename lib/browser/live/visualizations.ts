import * as z from 'zod/mini';
import {
  chartSchema,
  visualizationsResponseSchema,
  type Chart,
  type VisualizationsResponse,
} from '../../shared/contract/statistics';
import { request } from '../client/request';

const TIMEOUT_MS = 15_000;

/** Charts have many points: each chart is checked by itself. */
const envelopeSchema = z.extend(visualizationsResponseSchema, { charts: z.array(z.unknown()) });

/** As the contract's, but points are looked at and not copied one by one. */
const seriesSchema = z.extend(chartSchema.shape.series.def.element, {
  points: z.custom<Points>(arePoints, 'expected points'),
});
const checkedChartSchema = z.extend(chartSchema, { series: z.array(seriesSchema) });

type Points = Chart['series'][number]['points'];

function arePoints(value: unknown): boolean {
  return Array.isArray(value) && value.every(isPoint);
}

function isPoint(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [x, y] = value as unknown[];
  return (typeof x === 'string' || typeof x === 'number') && (y === null || typeof y === 'number');
}

export type WindowName = VisualizationsResponse['window'];

/**
 * The charts of a window of time.
 *
 * @param model whose evaluation is among them; the default one's without
 * @throws as `request`
 */
export async function fetchVisualizations(
  window: WindowName,
  model?: string,
): Promise<VisualizationsResponse> {
  const search = new URLSearchParams({ window, ...(model === undefined ? {} : { model }) });
  const options = { timeoutMs: TIMEOUT_MS };
  const answer = await request(`/api/visualizations?${search}`, {}, envelopeSchema, options);
  const charts: Chart[] = [];
  for (const chart of answer.charts) {
    await nextTask();
    charts.push(checkedChartSchema.parse(chart));
  }
  return { ...answer, charts };
}

/** Lets the page react to who uses it. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
