/**
 * An honest client in its own process, so that it measures the server's latency and not the
 * attacker's: /api/health every 50 ms, and a new picture every 500 ms.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Testimony {
  readonly healthP99Ms: number;
  readonly slowestPictureMs: number;
  /** Number of pictures answered with 200. */
  readonly pictures: number;
  /** Other statuses that honest pictures got; 0 means no answer. */
  readonly refused: readonly number[];
}

export interface Witness {
  /** Returns the measurements so far, and starts new ones. */
  readonly look: () => Promise<Testimony>;
  readonly stop: () => Promise<Testimony>;
}

export async function startWitness(url: string): Promise<Witness> {
  const program = fileURLToPath(new URL('./witness-process.ts', import.meta.url));
  const child = fork(program, [url], { execArgv: ['--import', 'tsx'] });
  await once(child, 'message');
  const ask = async (what: 'look' | 'stop') => {
    const answered = once(child, 'message');
    child.send(what);
    const [testimony] = (await answered) as [Testimony];
    return testimony;
  };
  return {
    look: () => ask('look'),
    stop: async () => {
      const testimony = await ask('stop');
      child.disconnect();
      return testimony;
    },
  };
}
