/**
 * Messages between the page and the chart worker. The worker sends one reply per chart, then the
 * frame.
 */
import type { Chart, VisualizationsResponse } from '../../shared/contract/statistics';

export interface ReadChartsRequest {
  readonly requestId: number;
  /** Transferred, not copied. */
  readonly body: ArrayBuffer;
}

export type ReadChartsReply = { readonly requestId: number } & (
  | { readonly kind: 'chart'; readonly chart: Chart }
  | { readonly kind: 'done'; readonly frame: Omit<VisualizationsResponse, 'charts'> }
  | { readonly kind: 'failed'; readonly message: string }
);
