import type { Requester } from '@upstash/redis';
import { Cluster, Redis as TcpClient, type RedisOptions } from 'ioredis';
import { withoutEmptyKeys } from './empty-keys';

/** Lets @upstash/redis use a plain Redis over TCP. */
type Request = Parameters<Requester['request']>[0];
type Command = [name: string, ...args: (string | number)[]];

const LONGEST_RECONNECT_DELAY_MS = 1_000;
/** A connection without a reply for so long is closed: nobody may be at its other end. */
const SILENCE_MS = 3_000;
/** Shortest time between reconnections after a Redis has become a replica. */
const RECONNECT_EVERY_MS = 1_000;

/**
 * Lets one client type, and so @upstash/ratelimit, serve a Redis over TCP. While there is no
 * connection commands fail at once instead of waiting: what happens then is decided by the caller.
 */
export class TcpRequester implements Requester {
  readonly #client: TcpClient | Cluster;
  /** Why there is no connection; a failing command does not contain the reason. */
  #connectError: Error | undefined;
  #reconnectedAtMs = -Infinity;

  /** @param isCluster the address is that of any node of a Redis Cluster */
  constructor(url: string, { isCluster = false } = {}) {
    const options: RedisOptions = {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      connectTimeout: 1_000,
      socketTimeout: SILENCE_MS,
      // The check would hide that Redis is loading or wants a password.
      enableReadyCheck: false,
      // After a fail-over the same address may lead to the new primary.
      reconnectOnError: (error) =>
        error.message.startsWith('READONLY') && this.#mayReconnect(error),
    };
    this.#client = isCluster
      ? connectCluster(url, options)
      : connectAnew(new TcpClient(url, { ...options, retryStrategy: reconnectDelayMs }));
    // Each failed attempt to connect emits an event; the guard logs the outage once.
    this.#client.on('error', (error: Error) => (this.#connectError = error));
  }

  request = async <Result>({ path, body }: Request): Promise<{ result?: Result }> => {
    if (this.#client.status !== 'ready' && this.#connectError) throw this.#connectError;
    if (path?.[0] === 'pipeline' || path?.[0] === 'multi-exec') {
      return (await this.#pipeline(body as Command[], path[0] === 'multi-exec')) as {
        result?: Result;
      };
    }
    const [name, ...args] = this.#fit(body as Command);
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

  /** A cluster accepts only keys of one slot in a command, and no pipeline over several nodes. */
  #fit(command: Command): Command {
    return this.#client instanceof Cluster ? withoutEmptyKeys(command) : command;
  }

  async #pipeline(commands: Command[], atomic: boolean): Promise<unknown> {
    if (this.#client instanceof Cluster) return this.#sendApart(commands);
    const pipeline = atomic ? this.#client.multi() : this.#client.pipeline();
    for (const [name, ...args] of commands) pipeline.call(name, ...args);
    const replies = (await pipeline.exec()) ?? [];
    return replies.map(([error, result]) => (error ? { error: error.message } : { result }));
  }

  async #sendApart(commands: Command[]): Promise<unknown> {
    const sent = commands.map((command) => {
      const [name, ...args] = this.#fit(command);
      return this.#client.call(name, ...args);
    });
    const replies = await Promise.allSettled(sent);
    return replies.map((reply) =>
      reply.status === 'fulfilled'
        ? { result: reply.value }
        : { error: (reply.reason as Error).message },
    );
  }
}

/**
 * Grows to a second, each replica at its own moments, so that a Redis that is back is not met by
 * all at once.
 */
function reconnectDelayMs(attempt: number): number {
  const delayMs = Math.min(LONGEST_RECONNECT_DELAY_MS, 50 * 2 ** Math.min(attempt, 5));
  return delayMs * (0.5 + Math.random() / 2);
}

/**
 * A proxy in front of a Redis that is down accepts connections and closes them at once. ioredis sets
 * such a connection to ready after it has closed, and would then never connect again.
 */
function connectAnew(client: TcpClient): TcpClient {
  client.on('ready', () => {
    if (!client.stream.writable) client.status = 'reconnecting';
  });
  return forgetSilence(client);
}

/** ioredis does not clear its timer when a connection closes; it would then close the next one. */
function forgetSilence(client: TcpClient): TcpClient {
  const timed = client as unknown as { socketTimeoutTimer: NodeJS.Timeout | undefined };
  return client.on('close', () => {
    clearTimeout(timed.socketTimeoutTimer);
    timed.socketTimeoutTimer = undefined;
  });
}

/** User, password and TLS of the address apply to every node of the cluster. */
function connectCluster(url: string, options: RedisOptions): Cluster {
  const { hostname, port, username, password, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const cluster = new Cluster([{ host, port: Number(port || 6379) }], {
    enableOfflineQueue: false,
    slotsRefreshTimeout: 1_000,
    clusterRetryStrategy: reconnectDelayMs,
    // Certificates are for names, which nodes then announce.
    ...(protocol === 'rediss:' ? { dnsLookup: (name, found) => found(null, name) } : {}),
    redisOptions: {
      ...options,
      ...(username ? { username: decodeURIComponent(username) } : {}),
      ...(password ? { password: decodeURIComponent(password) } : {}),
      ...(protocol === 'rediss:' ? { tls: {} } : {}),
    },
  });
  return cluster.on('+node', forgetSilence);
}
