/** Attacks by clients that send slowly, hang up, or never finish a request. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Socket } from 'node:net';
import { smallPicture } from '../client';
import type { TestServer } from '../server';
import type { Attack, Findings } from './attack';
import { head, inLanes, openSocket } from './raw';

const LARGE_FILE = '/hf/tiny-imagenet-200/resolve/main/onnx/model.onnx';

async function breakOff(
  server: TestServer,
  count: number,
  begin: (socket: Socket) => Promise<void>,
): Promise<Findings> {
  await inLanes(count, 50, async () => {
    const socket = await openSocket(server.url);
    await begin(socket);
    socket.destroy();
  });
  return { measured: `${count} broken off`, wrong: [] };
}

const firstBytes = (socket: Socket) =>
  new Promise<void>((resolve) => {
    socket.once('data', () => resolve());
    socket.once('close', () => resolve());
  });

export const brokenDownloads: Attack = {
  name: 'downloads that break off',
  run: (server, size) =>
    breakOff(server, Math.ceil(10_000 * size), async (socket) => {
      socket.write(head('GET', LARGE_FILE));
      await firstBytes(socket);
    }),
};

export const brokenStaticDownloads: Attack = {
  name: 'downloads of static files that break off',
  run: async (server, size) => {
    const page = await (await fetch(server.url)).text();
    const script = /\/_next\/static\/[^"]+\.js/.exec(page)?.[0] ?? '/sw.js';
    return breakOff(server, Math.ceil(10_000 * size), async (socket) => {
      socket.write(head('GET', script));
      await firstBytes(socket);
    });
  },
};

export const brokenUploads: Attack = {
  name: 'uploads that break off',
  run: async (server, size) => {
    const picture = await smallPicture();
    return breakOff(server, Math.ceil(10_000 * size), (socket) => {
      const headers = ['Content-Type: image/jpeg', `Content-Length: ${picture.byteLength * 2}`];
      socket.write(head('POST', '/api/predict', ...headers));
      return new Promise((resolve) => void socket.write(picture, () => resolve()));
    });
  },
};

/** More senders than there are places for large uploads. */
export const slowSenders: Attack = {
  name: 'senders of a byte a second',
  run: async (server, size) => {
    const sockets = await inLanes(40, 40, () => openSocket(server.url));
    for (const socket of sockets) {
      socket.write(
        head('POST', '/api/predict', 'Content-Type: image/jpeg', 'Content-Length: 4000000'),
      );
    }
    const drip = setInterval(() => sockets.forEach((socket) => socket.write('x')), 1_000);
    // A large picture needs one of the places that the slow senders try to occupy.
    const large = new Uint8Array(2 * 1024 * 1024);
    const startedAtMs = performance.now();
    const answer = await fetch(`${server.url}/api/predict`, {
      method: 'POST',
      headers: { 'Content-Type': 'image/jpeg', 'X-Forwarded-For': '198.51.100.8' },
      body: large,
    });
    const waitedMs = performance.now() - startedAtMs;
    await sleep(10_000 * size);
    clearInterval(drip);
    const open = sockets.filter((socket) => !socket.destroyed).length;
    for (const socket of sockets) socket.destroy();
    return {
      measured: `an upload of 2 MiB beside 40 of them answered ${answer.status} after ${Math.round(waitedMs)} ms; ${open} of 40 still connected`,
      wrong:
        answer.status === 415 && waitedMs < 2_000 ? [] : ['slow senders keep an upload waiting'],
    };
  },
};

export const idleConnections: Attack = {
  name: 'connections that say nothing, or half of something',
  run: async (server, size) => {
    const count = Math.ceil(1_000 * size);
    const sockets = await inLanes(count, 50, () => openSocket(server.url));
    for (const socket of sockets.slice(0, count / 2)) socket.write('GET / HTTP/1.1\r\nHost: ');
    await sleep(2_000);
    for (const socket of sockets) socket.destroy();
    return { measured: `${count} of them`, wrong: [] };
  },
};
