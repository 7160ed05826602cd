/** Entry of the chart worker: parses megabytes of chart data off the main thread. */
import '../../shared/contract/no-eval';
import type { ReadChartsReply, ReadChartsRequest } from './messages';
import { readCharts } from './read';

declare const self: DedicatedWorkerGlobalScope;

self.onmessage = ({ data: { requestId, body } }: MessageEvent<ReadChartsRequest>) => {
  const reply = (message: ReadChartsReply) => self.postMessage(message);
  try {
    const { charts, ...frame } = readCharts(body);
    // One message per chart, so that the page can respond to input between two of them.
    for (const chart of charts) reply({ requestId, kind: 'chart', chart });
    reply({ requestId, kind: 'done', frame });
  } catch (error) {
    reply({ requestId, kind: 'failed', message: String(error) });
  }
};
