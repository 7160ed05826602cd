import {
  visualizationsResponseSchema,
  type VisualizationsResponse,
} from '../../shared/contract/statistics';
import { request } from '../client/request';

const TIMEOUT_MS = 15_000;

export type WindowName = VisualizationsResponse['window'];

/**
 * The charts of a window of time.
 *
 * @throws as `request`
 */
export function fetchVisualizations(window: WindowName): Promise<VisualizationsResponse> {
  const options = { timeoutMs: TIMEOUT_MS };
  return request(`/api/visualizations?window=${window}`, {}, visualizationsResponseSchema, options);
}
