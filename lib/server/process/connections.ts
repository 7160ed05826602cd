import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface DrainLimits {
  /** How long an idle connection may bring a last request, after which it is closed. */
  readonly idleMs: number;
  /** How long open requests have to finish, in total. */
  readonly finishMs: number;
}

/** Tracks the open requests of an HTTP server, and ends them without losing one. */
export class Connections {
  readonly #underWay = new Set<ServerResponse>();
  readonly #server: Server;
  #isDraining = false;
  #finished: () => void = () => undefined;

  /** Requests whose answer is not complete. */
  get underWay(): number {
    return this.#underWay.size;
  }

  constructor(server: Server) {
    this.#server = server;
    server.on('connection', () => {
      // A connection accepted just before the server stopped listening.
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

  /** Stops listening as net.Server does: http.Server would also close idle connections. */
  #stopListening(): Promise<void> {
    return new Promise((resolve) => NetServer.prototype.close.call(this.#server, () => resolve()));
  }
}
