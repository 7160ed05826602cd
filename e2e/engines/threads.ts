/** npm run threads: twenty starts of the device in Firefox for each number of processors. */
import { median } from '../../lib/shared/numbers/quantile';
import { startServer } from '../../harness/server';
import { putDevice, startDevice } from './device';
import { startFirefox } from './firefox';

const STARTS = 20;
const TOO_LONG_MS = 10_000;

const server = await startServer();
console.info('| processors | starts | median | longest | on one thread |');
console.info('| --- | --- | --- | --- | --- |');
try {
  for (const processors of [2, 4, 8]) {
    const starts = await startOften(processors);
    const took = starts.map(({ startMs }) => startMs);
    const longest = Math.max(...took);
    if (longest > TOO_LONG_MS) process.exitCode = 1;
    const seconds = [median(took), longest].map((ms) => `${(ms / 1000).toFixed(1)} s`);
    const single = starts.filter(({ threads }) => threads === 1).length;
    console.info(`| ${processors} | ${STARTS} | ${seconds.join(' | ')} | ${single} |`);
  }
} finally {
  await server.stop();
}

async function startOften(processors: number): Promise<{ startMs: number; threads: number }[]> {
  const engine = await startFirefox({ processors });
  const starts: { startMs: number; threads: number }[] = [];
  try {
    for (let i = 0; i < STARTS; i++) {
      await engine.goto(server.url.replace('127.0.0.1', 'localhost'));
      const told = String(await engine.evaluate('navigator.hardwareConcurrency'));
      if (told !== String(processors)) throw new Error(`The page is told ${told} processors.`);
      await putDevice(engine);
      starts.push(await startDevice(engine));
    }
  } finally {
    await engine.close();
  }
  return starts;
}
