/**
 * An honest client in a process of its own, so that what it measures is the server's time and not
 * the attacker's: health every 50 ms, a picture that the server has not seen every 500 ms.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Testimony {
  readonly healthP99Ms: number;
  readonly slowestPictureMs: number;
  /** Pictures answered with 200. */
  readonly pictures: number;
  /** Other statuses that honest pictures got; 0 for no answer. */
  readonly refused: readonly number[];
}

export interface Witness {
  /** Gives what it has seen until now, and begins anew. */
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
