import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface CountingProxy extends AsyncDisposable {
  readonly url: string;
  /** Bytes that the server has sent so far, headers included. */
  readonly received: () => number;
  /** Bytes that the browser has sent so far, headers included. */
  readonly sent: () => number;
}

/**
 * Forwards all connections to the server and counts their bytes, including the traffic of web
 * workers.
 */
export async function startCountingProxy(serverUrl: string): Promise<CountingProxy> {
  const { hostname, port } = new URL(serverUrl);
  const open = new Set<Socket>();
  let receivedBytes = 0;
  let sentBytes = 0;
  const proxy = createServer((browser) => {
    const server = connect(Number(port), hostname);
    server.on('data', ({ length }) => (receivedBytes += length));
    browser.on('data', ({ length }) => (sentBytes += length));
    browser.pipe(server).pipe(browser);
    for (const socket of [browser, server]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        browser.destroy();
        server.destroy();
      });
    }
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    received: () => receivedBytes,
    sent: () => sentBytes,
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
