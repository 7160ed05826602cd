import * as z from 'zod/mini';
import {
  chartSchema,
  visualizationsResponseSchema,
  type Chart,
  type VisualizationsResponse,
} from '../../shared/contract/statistics';

/** The contract's schema, but points are only validated: Zod would copy each of them. */
const seriesSchema = z.extend(chartSchema.shape.series.def.element, {
  points: z.custom<Points>(arePoints, 'expected points'),
});
const answerSchema = z.extend(visualizationsResponseSchema, {
  charts: z.array(z.extend(chartSchema, { series: z.array(seriesSchema) })),
});

type Points = Chart['series'][number]['points'];

function arePoints(value: unknown): boolean {
  return Array.isArray(value) && value.every(isPoint);
}

function isPoint(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [x, y] = value as unknown[];
  return (typeof x === 'string' || typeof x === 'number') && (y === null || typeof y === 'number');
}

/**
 * Parses and validates the body of `/api/visualizations`.
 *
 * @throws SyntaxError if the body is not JSON, ZodError if it does not match the contract
 */
export function readCharts(body: ArrayBuffer): VisualizationsResponse {
  return answerSchema.parse(JSON.parse(new TextDecoder().decode(body)));
}
