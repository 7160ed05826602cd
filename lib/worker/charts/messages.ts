/** What page and chart reader say to each other: one answer comes chart by chart, its frame last. */
import type { Chart, VisualizationsResponse } from '../../shared/contract/statistics';

export interface ReadChartsRequest {
  readonly requestId: number;
  /** The body of `/api/visualizations`; moved, not copied. */
  readonly body: ArrayBuffer;
}

export type ReadChartsReply = { readonly requestId: number } & (
  | { readonly kind: 'chart'; readonly chart: Chart }
  | { readonly kind: 'done'; readonly frame: Omit<VisualizationsResponse, 'charts'> }
  | { readonly kind: 'failed'; readonly message: string }
);
