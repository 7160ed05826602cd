/** Entry of the chart reader: takes megabytes of figures apart where nobody waits for it. */
import '../../shared/contract/no-eval';
import type { ReadChartsReply, ReadChartsRequest } from './messages';
import { readCharts } from './read';

declare const self: DedicatedWorkerGlobalScope;

self.onmessage = ({ data: { requestId, body } }: MessageEvent<ReadChartsRequest>) => {
  const reply = (message: ReadChartsReply) => self.postMessage(message);
  try {
    const { charts, ...frame } = readCharts(body);
    // One by one: the page can react between two of them.
    for (const chart of charts) reply({ requestId, kind: 'chart', chart });
    reply({ requestId, kind: 'done', frame });
  } catch (error) {
    reply({ requestId, kind: 'failed', message: String(error) });
  }
};
