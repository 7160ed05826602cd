import type { IncomingMessage, ServerResponse } from 'node:http';

export interface LingerLimits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** Enough to stop sending and read the answer, too little to be worth anybody's while. */
const LIMITS: LingerLimits = { timeoutMs: 5_000, maxBytes: 64 * 1024 * 1024 };

/**
 * Ends the connection of a client that goes on sending after its answer, which was refused or too
 * slow; Node would wait for it for minutes. What it sends meanwhile is thrown away rather than left
 * unread, because closing over unread bytes resets the connection, the answer with it.
 */
export function endLingering(
  request: IncomingMessage,
  response: ServerResponse,
  { timeoutMs, maxBytes }: LingerLimits = LIMITS,
): void {
  response.once('finish', () => {
    if (request.complete) return;
    const { socket } = request;
    const lastByte = socket.bytesRead + maxBytes;
    // Whoever read the body has stopped, and would hold the rest back.
    request.removeAllListeners('readable');
    request.on('data', () => {
      if (socket.bytesRead > lastByte) socket.destroy();
    });
    request.resume();
    const timer = setTimeout(() => socket.destroy(), timeoutMs);
    for (const event of ['end', 'close']) request.once(event, () => clearTimeout(timer));
  });
}
