import type { Requester } from '@upstash/redis';
import { Redis as TcpClient } from 'ioredis';

/** Exactly what @upstash/redis sends and wants back, over a TCP connection to a plain Redis. */
type Request = Parameters<Requester['request']>[0];
type Command = [name: string, ...args: (string | number)[]];

const LONGEST_RECONNECT_DELAY_MS = 1_000;
/** How often a Redis that has become a replica is left for what its address leads to now. */
const RECONNECT_EVERY_MS = 1_000;

/**
 * Lets one client type, and so @upstash/ratelimit, serve a Redis over TCP. While there is no
 * connection commands fail at once instead of waiting: what happens then is decided by the caller.
 */
export class TcpRequester implements Requester {
  readonly #client: TcpClient;
  /** Why there is no connection; a command then fails without saying it. */
  #connectError: Error | undefined;
  #reconnectedAtMs = -Infinity;

  constructor(url: string) {
    this.#client = new TcpClient(url, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      connectTimeout: 1_000,
      // Redis says itself that it is loading or wants a password; the check would hide both.
      enableReadyCheck: false,
      // After a fail-over the same address may lead to the new primary.
      reconnectOnError: (error) =>
        error.message.startsWith('READONLY') && this.#mayReconnect(error),
      // Grows to a second, each replica at its own moments, so that a Redis that is back is not
      // met by all at once.
      retryStrategy: (attempt) =>
        Math.min(LONGEST_RECONNECT_DELAY_MS, 50 * 2 ** Math.min(attempt, 5)) *
        (0.5 + Math.random() / 2),
    });
    // Every failed attempt to connect is an event; the guard tells of the outage once.
    this.#client.on('error', (error: Error) => (this.#connectError = error));
  }

  request = async <Result>({ path, body }: Request): Promise<{ result?: Result }> => {
    if (this.#client.status !== 'ready' && this.#connectError) throw this.#connectError;
    if (path?.[0] === 'pipeline' || path?.[0] === 'multi-exec') {
      return (await this.#pipeline(body as Command[], path[0] === 'multi-exec')) as {
        result?: Result;
      };
    }
    const [name, ...args] = body as Command;
    const result = (await this.#client.call(name, ...args)) as Result;
    this.#connectError = undefined;
    return { result };
  };

  #mayReconnect(error: Error): boolean {
    const nowMs = performance.now();
    if (nowMs - this.#reconnectedAtMs < RECONNECT_EVERY_MS) return false;
    this.#reconnectedAtMs = nowMs;
    this.#connectError = error;
    return true;
  }

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
