import { fork } from 'node:child_process';
import { once } from 'node:events';
import { roundToHundredths } from '@/lib/shared/numbers/round';
import type { LoadRun } from '../../lib/shared/contract/load-tests';
import type { LoadOutcome, LoadPlan } from './load-process';
import { processorMs } from './processor-time';
import { ACTIONS } from './scenario';
import { countPictures, summarize, summarizeRoutes } from './statistics';
import { startReplicas, startSingle } from './target';

export interface RunPlan {
  readonly name: string;
  readonly load: LoadPlan['load'];
  /** 0 means one server without nginx and Redis. */
  readonly replicas: number;
  readonly seconds: number;
  readonly repeats: number;
  /** Whether each user has a key. Without keys, all requests come from one address. */
  readonly keys: boolean;
  readonly settings: Record<string, string>;
}

/** Number of clients that take turns in the open model. */
const OPEN_CLIENTS = 200;
const ROUTES = ACTIONS.map(({ route }) => route);

/** Starts the system, loads it from another process, and stops it. */
export async function runLoad(plan: RunPlan): Promise<LoadRun> {
  const { replicas, settings } = plan;
  const target = await (replicas === 0 ? startSingle(settings) : startReplicas(replicas, settings));
  try {
    const clients = 'users' in plan.load ? plan.load.users : OPEN_CLIENTS;
    const keys = plan.keys
      ? await target.makeKeys(clients)
      : Array.from({ length: clients }, () => null);
    const { load, seconds, repeats } = plan;
    return await measure(plan, { url: target.url, keys, load, seconds, repeats }, target.pids);
  } finally {
    await target.stop();
  }
}

async function measure(plan: RunPlan, load: LoadPlan, pids: readonly number[]): Promise<LoadRun> {
  const generator = fork('bench/loadtest/load-process.ts', [JSON.stringify(load)]);
  const failed = once(generator, 'exit').then(([code]) => {
    throw new Error(`the load generator ended with ${String(code)} before it had reported`);
  });
  const message = () => Promise.race([once(generator, 'message'), failed]);
  await message();
  const before = await Promise.all([processorMs(pids), processorMs([generator.pid!])]);
  const reported = message();
  generator.send('start');
  const [{ samples, seconds }] = (await reported) as [LoadOutcome];
  const after = await Promise.all([processorMs(pids), processorMs([generator.pid!])]);
  failed.catch(() => undefined);
  generator.disconnect();
  const [serverMs, generatorMs] = after.map((value, i) => value - before[i]!) as [number, number];
  const pictures = countPictures(samples);
  return {
    name: plan.name,
    load: plan.load,
    replicas: Math.max(1, plan.replicas),
    seconds: roundToHundredths(seconds),
    total: summarize(samples, seconds),
    routes: summarizeRoutes(samples, ROUTES, seconds),
    pictures,
    processor: {
      serverMsPerPicture:
        pictures.ranked === 0 ? null : roundToHundredths(serverMs / pictures.ranked),
      server: roundToHundredths(serverMs / 1000 / seconds),
      loadGenerator: roundToHundredths(generatorMs / 1000 / seconds),
    },
  };
}
