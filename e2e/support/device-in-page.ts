import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';
import type { JSHandle, Page } from 'playwright/test';
import type { DeviceAssets } from '../../lib/browser/client/device/assets';
import type { Device } from '../../lib/browser/client/device/device';

/** Loads the device's own code into a page of our server and starts it there. */
export async function deviceInPage(page: Page): Promise<JSHandle<Device>> {
  const bundle = await build({
    entryPoints: ['e2e/support/device-harness.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    define: { 'process.env.DEVICE_ASSETS': '"null"' },
  });
  await page.addScriptTag({ content: bundle.outputFiles[0]!.text });
  const assets = JSON.parse(await readFile('.build/device-assets.json', 'utf8')) as DeviceAssets;
  return page.evaluateHandle((given) => window.sightline(given), assets);
}

/** Probabilities of every class, in the order of the model's output. */
export async function classifyInPage(
  device: JSHandle<Device>,
  picture: Buffer,
  classCount: number,
): Promise<number[]> {
  return device.evaluate(
    async (there, { base64, topK }) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const { predictions } = await there.classify(new Blob([bytes]), topK);
      const scores = new Array<number>(topK).fill(NaN);
      for (const { index, score } of predictions) scores[index] = score;
      return scores;
    },
    { base64: picture.toString('base64'), topK: classCount },
  );
}
