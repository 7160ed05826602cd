import { Server, type IncomingMessage, type ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface DrainLimits {
  /** How long an idle connection may bring another request, which is answered with its end. */
  readonly idleMs: number;
  /** How long requests under way have, all in all. */
  readonly finishMs: number;
}

/** What is under way on the process's HTTP server, and how that ends without losing a request. */
export class Connections {
  readonly #underWay = new Set<ServerResponse>();
  #server: Server | undefined;
  #isDraining = false;
  #finished: () => void = () => undefined;

  /** Requests that are not answered to their end. */
  get underWay(): number {
    return this.#underWay.size;
  }

  /** On the prototype, because the server exists already when this is called. */
  watch(): void {
    const prototype = Server.prototype as unknown as { emit: Server['emit'] };
    const emit = prototype.emit as (this: Server, ...args: unknown[]) => boolean;
    const meet = (server: Server) => this.meet(server);
    const begin = (response: ServerResponse) => this.begin(response);
    prototype.emit = function (this: Server, ...args: unknown[]): boolean {
      if (args[0] === 'connection') meet(this);
      if (args[0] === 'request') begin((args as [string, IncomingMessage, ServerResponse])[2]);
      return emit.apply(this, args);
    };
  }

  /** Called with the server that a connection came to. */
  meet(server: Server): void {
    if (this.#server === server) return;
    this.#server = server;
    if (this.#isDraining) void this.#stopListening();
  }

  begin(response: ServerResponse): void {
    this.#underWay.add(response);
    if (this.#isDraining) response.shouldKeepAlive = false;
    response.once('close', () => {
      this.#underWay.delete(response);
      if (this.#underWay.size === 0) this.#finished();
    });
  }

  /**
   * Takes no new connection, and answers whatever comes on the old ones with their end. A proxy that
   * keeps connections so loses each with an answer, and not under a request.
   *
   * @returns whether all was answered in time
   */
  async drain({ idleMs, finishMs }: DrainLimits): Promise<boolean> {
    this.#isDraining = true;
    for (const response of this.#underWay) response.shouldKeepAlive = false;
    const allGone = this.#stopListening();
    await Promise.race([allGone, sleep(idleMs)]);
    this.#server?.closeIdleConnections();
    if (this.#underWay.size === 0) return true;
    const finished = new Promise<true>((resolve) => (this.#finished = () => resolve(true)));
    return Promise.race([finished, sleep(finishMs - idleMs, false)]);
  }

  /** As a plain server does it: that of HTTP would close idle connections at once. */
  #stopListening(): Promise<void> {
    const server = this.#server;
    if (!server) return Promise.resolve();
    return new Promise((resolve) => NetServer.prototype.close.call(server, () => resolve()));
  }
}
