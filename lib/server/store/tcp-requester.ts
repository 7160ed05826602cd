import type { Requester } from '@upstash/redis';
import { Redis as TcpClient } from 'ioredis';

/** Exactly what @upstash/redis sends and wants back, over a TCP connection to a plain Redis. */
type Request = Parameters<Requester['request']>[0];
type Command = [name: string, ...args: (string | number)[]];

const LONGEST_RECONNECT_DELAY_MS = 1_000;

/**
 * Lets one client type, and so @upstash/ratelimit, serve a Redis over TCP. While there is no
 * connection commands fail at once instead of waiting: what happens then is decided by the caller.
 */
export class TcpRequester implements Requester {
  readonly #client: TcpClient;

  constructor(url: string) {
    this.#client = new TcpClient(url, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      connectTimeout: 1_000,
      // Grows to a second, each replica at its own moments, so that a Redis that is back is not
      // met by all at once.
      retryStrategy: (attempt) =>
        Math.min(LONGEST_RECONNECT_DELAY_MS, 50 * 2 ** Math.min(attempt, 5)) *
        (0.5 + Math.random() / 2),
    });
    // Every failed attempt to connect is an event; the breaker tells of the outage once.
    this.#client.on('error', () => undefined);
  }

  request = async <Result>({ path, body }: Request): Promise<{ result?: Result }> => {
    if (path?.[0] === 'pipeline' || path?.[0] === 'multi-exec') {
      return (await this.#pipeline(body as Command[], path[0] === 'multi-exec')) as {
        result?: Result;
      };
    }
    const [name, ...args] = body as Command;
    return { result: (await this.#client.call(name, ...args)) as Result };
  };

  async connected(timeoutMs: number): Promise<void> {
    if (this.#client.status === 'ready') return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#client.once('ready', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  close(): void {
    this.#client.disconnect();
  }

  async #pipeline(commands: Command[], atomic: boolean): Promise<unknown> {
    const pipeline = atomic ? this.#client.multi() : this.#client.pipeline();
    for (const [name, ...args] of commands) pipeline.call(name, ...args);
    const replies = (await pipeline.exec()) ?? [];
    return replies.map(([error, result]) => (error ? { error: error.message } : { result }));
  }
}
