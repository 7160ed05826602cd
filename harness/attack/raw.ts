/** Raw sockets, for requests that no client library would send. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export async function openSocket(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  // The server may reset a connection that misbehaves.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

export function head(method: string, target: string, ...headers: string[]): string {
  return [`${method} ${target} HTTP/1.1`, 'Host: localhost', ...headers, '', ''].join('\r\n');
}

/** Runs `work` `count` times with bounded concurrency, and returns the results. */
export async function inLanes<T>(
  count: number,
  lanes: number,
  work: (i: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const i = next++;
      results[i] = await work(i);
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, count) }, lane));
  return results;
}

/** Counts the statuses. */
export function tally(statuses: readonly number[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** Statuses of 5xx, except the documented 503. */
export function undocumented(statuses: readonly number[]): string[] {
  const wrong = statuses.filter((status) => status >= 500 && status !== 503);
  return wrong.length > 0 ? [`answers ${wrong.slice(0, 5).join(', ')}`] : [];
}
