import type { IncomingMessage, ServerResponse } from 'node:http';

export interface LingerLimits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** Enough for a client to stop sending and read its answer; too little to keep a server busy. */
const LIMITS: LingerLimits = { timeoutMs: 5_000, maxBytes: 64 * 1024 * 1024 };

/**
 * Ends the connection of a client that goes on sending after its answer; Node would wait for
 * minutes. Until then its bytes are read and dropped, because closing a connection with unread
 * bytes resets it, and the client would lose the answer.
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
    // The body's reader has stopped, but its listener would prevent reading the rest.
    request.removeAllListeners('readable');
    request.on('data', () => {
      if (socket.bytesRead > lastByte) socket.destroy();
    });
    request.resume();
    const timer = setTimeout(() => socket.destroy(), timeoutMs);
    for (const event of ['end', 'close']) request.once(event, () => clearTimeout(timer));
  });
}
