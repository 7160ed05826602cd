/** The device as the page uses it, in any engine; asked for every class. */
import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';
import type { DeviceAssets } from '../../lib/browser/client/device/assets';
import type { Device } from '../../lib/browser/client/device/device';
import { run, type Engine } from './engine';

interface WithDevice {
  sightline: (assets: DeviceAssets) => Device;
  device: Device;
}

/** Puts the device's own code into a page of our server. */
export async function putDevice(engine: Engine): Promise<void> {
  const bundle = await build({
    entryPoints: ['e2e/support/device-harness.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    define: { 'process.env.DEVICE_ASSETS': '"null"' },
  });
  const assets = JSON.parse(await readFile('.build/device-assets.json', 'utf8')) as DeviceAssets;
  await engine.evaluate(`(() => { ${bundle.outputFiles[0]!.text} })()`);
  await run(
    engine,
    (given) => {
      const scope = window as unknown as WithDevice;
      scope.device = scope.sightline(given);
    },
    assets,
  );
}

/** How long the device took to start, and with how many threads it runs. */
export function startDevice(engine: Engine): Promise<{ startMs: number; threads: number }> {
  return run(engine, async () => {
    const { device } = window as unknown as WithDevice;
    const startedAtMs = performance.now();
    await device.prepare();
    const { state } = device;
    if (state.kind !== 'ready') throw new Error(`The device is ${state.kind}.`);
    return { startMs: performance.now() - startedAtMs, threads: state.threads };
  });
}

/** Probabilities of every class, or why the device refuses. */
export function classifyThere(
  engine: Engine,
  picture: Buffer,
  classCount: number,
): Promise<number[] | string> {
  return run(
    engine,
    async (base64, topK) => {
      const { device } = window as unknown as WithDevice;
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      try {
        const { predictions } = await device.classify(new Blob([bytes]), topK);
        const scores = new Array<number>(topK).fill(0);
        for (const { index, score } of predictions) scores[index] = score;
        return scores;
      } catch (error) {
        return (error as Error).message;
      }
    },
    picture.toString('base64'),
    classCount,
  );
}
