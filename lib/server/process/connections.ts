import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface DrainLimits {
  /** How long an idle connection may bring another request, which is answered with its end. */
  readonly idleMs: number;
  /** How long requests under way have, all in all. */
  readonly finishMs: number;
}

/** What is under way on an HTTP server, and how that ends without losing a request. */
export class Connections {
  readonly #underWay = new Set<ServerResponse>();
  readonly #server: Server;
  #isDraining = false;
  #finished: () => void = () => undefined;

  /** Requests that are not answered to their end. */
  get underWay(): number {
    return this.#underWay.size;
  }

  constructor(server: Server) {
    this.#server = server;
    server.on('connection', () => {
      // One that had come in before nobody listened any more.
      if (this.#isDraining) void this.#stopListening();
    });
  }

  /** To be called with every answer before anything is sent. */
  begin(response: ServerResponse): void {
    this.#underWay.add(response);
    if (this.#isDraining) response.shouldKeepAlive = false;
    response.once('close', () => {
      this.#underWay.delete(response);
      if (this.#underWay.size === 0) this.#finished();
    });
  }

  /**
   * Takes no new connection, and closes each open one after its next answer. A proxy that keeps
   * connections then loses each after an answer and never during a request.
   *
   * @returns whether all was answered in time
   */
  async drain({ idleMs, finishMs }: DrainLimits): Promise<boolean> {
    this.#isDraining = true;
    for (const response of this.#underWay) response.shouldKeepAlive = false;
    const allGone = this.#stopListening();
    await Promise.race([allGone, sleep(idleMs)]);
    this.#server.closeIdleConnections();
    if (this.#underWay.size === 0) return true;
    const finished = new Promise<true>((resolve) => (this.#finished = () => resolve(true)));
    return Promise.race([finished, sleep(finishMs - idleMs, false)]);
  }

  /** As a plain server does it: that of HTTP would close idle connections at once. */
  #stopListening(): Promise<void> {
    return new Promise((resolve) => NetServer.prototype.close.call(this.#server, () => resolve()));
  }
}
