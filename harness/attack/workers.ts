/** Simulates what an exploited decoder would do to its worker. */
import { setTimeout as sleep } from 'node:timers/promises';
import { postPicture, smallPicture } from '../client';
import { childrenOf } from '../processes';
import type { Attack } from './attack';
import { inLanes, tally, undocumented } from './raw';

const KILLS = 6;
const BETWEEN_MS = 1_500;

function crashes(signal: NodeJS.Signals): Attack {
  return {
    name: `workers that end by ${signal}`,
    settings: { QUEUE_LIMIT: '500' },
    run: async (server, size) => {
      const kills = Math.max(1, Math.ceil(KILLS * size));
      let isOver = false;
      const killing = (async () => {
        for (let i = 0; i < kills; i++) {
          await sleep(BETWEEN_MS);
          const [victim] = await childrenOf(server.pid);
          process.kill(victim!, signal);
        }
        isOver = true;
      })();
      const small = await smallPicture();
      const statuses: number[] = [];
      await inLanes(8, 8, async (lane) => {
        for (let i = 0; !isOver; i++) {
          const picture = Buffer.concat([small, Buffer.from(`${lane} ${i}`)]);
          const { status } = await postPicture(server.url, picture);
          statuses.push(status);
        }
      });
      await killing;
      const refused = statuses.filter((status) => status !== 200).length;
      return {
        measured: `${kills} of them: ${JSON.stringify(tally(statuses))}`,
        wrong: [
          ...undocumented(statuses),
          ...(refused > kills ? [`${refused} pictures were lost with ${kills} workers`] : []),
        ],
      };
    },
  };
}

export const crashedWorkers = [crashes('SIGSEGV'), crashes('SIGKILL')];
