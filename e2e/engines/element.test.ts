/** The custom element on a page of another origin, in engines beside Chromium (e2e/embed.spec.ts). */
import { readFile } from 'node:fs/promises';
import axe from 'axe-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startForeignSite, type ForeignSite } from '../../harness/foreign-page';
import { startServer, type TestServer } from '../../harness/server';
import { run, until, type Engine } from './engine';
import { startFirefox } from './firefox';
import { startWebkit } from './webkit';

const ENGINES: readonly [name: string, start: () => Promise<Engine>][] = [
  ['Firefox', () => startFirefox()],
  ['WebKit', () => startWebkit()],
];

describe.each(ENGINES)('%s', (_name, start) => {
  let site: ForeignSite;
  let server: TestServer;
  let engine: Engine;

  beforeAll(async () => {
    site = await startForeignSite('localhost');
    [server, engine] = await Promise.all([startServer({ CORS_ORIGINS: site.url }), start()]);
    await engine.goto(`${site.url}/?${new URLSearchParams({ server: server.url })}`);
    await until(engine, 'the element', () => customElements.get('sightline-classifier'));
  });

  afterAll(async () => {
    await engine.close();
    await server.stop();
    await site.close();
  });

  /** Gives a picture to the element's own input for files. */
  async function give(file: string): Promise<void> {
    const base64 = (await readFile(file)).toString('base64');
    await run(
      engine,
      (text) => {
        const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
        const transfer = new DataTransfer();
        transfer.items.add(new File([bytes], 'picture'));
        const { shadowRoot } = document.querySelector('sightline-classifier')!;
        const input = shadowRoot!.querySelector<HTMLInputElement>('input[type=file]')!;
        input.files = transfer.files;
        input.dispatchEvent(new Event('change', { bubbles: true }));
      },
      base64,
    );
  }

  /** What axe finds wrong on the whole page, shadow trees too. */
  async function violations(): Promise<string[]> {
    await engine.evaluate(`(() => { ${axe.source} })()`);
    return run(engine, async () => {
      const page = window as unknown as { axe: typeof axe };
      const { violations } = await page.axe.run();
      return violations.map(({ id }) => id);
    });
  }

  /** Waits for a status that begins so; gives it with the first label. */
  const shown = (start: string) =>
    until(
      engine,
      start,
      (wanted) => {
        const { shadowRoot } = document.querySelector('sightline-classifier')!;
        const status = shadowRoot!.querySelector('[role=status]')!.textContent;
        const first = shadowRoot!.querySelector('li')?.textContent ?? '';
        return status.startsWith(wanted) && `${status} ${first}`;
      },
      start,
    );

  test('shows the server’s answer, and axe finds nothing', async () => {
    expect(await run(engine, () => crossOriginIsolated)).toBe(false);
    expect(await violations()).toEqual([]);
    await give('public/samples/espresso.png');
    expect(await shown('Answered by the server')).toContain('espresso');
    expect(await violations()).toEqual([]);
  });

  test('answers on the device when the server was killed, and says why', async () => {
    await run(engine, async () => {
      const element = document.querySelector('sightline-classifier') as unknown as {
        prepareDevice: () => Promise<void>;
      };
      await element.prepareDevice();
    });
    await server.kill();
    await give('public/samples/cat.png');
    expect(await shown('Answered on this device')).toMatch(/cannot be reached.*tabby/s);
  });
});
