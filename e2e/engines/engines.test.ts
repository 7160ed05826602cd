/** The same page and the same answers in engines beside Chromium, which has the whole suite. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PAGE_PATHS } from '../../harness/pages/paths';
import type { TestPicture } from '../../harness/pictures';
import { startServer, type TestServer } from '../../harness/server';
import { classifyOnServer, compare } from '../../tests/compare';
import { makeCorpus } from '../../tests/corpus';
import { classifyThere, putDevice } from './device';
import { run, until, type Engine } from './engine';
import { startFirefox } from './firefox';
import { Visitor } from './visitor';
import { startWebkit } from './webkit';

const ENGINES: readonly [name: string, start: () => Promise<Engine>, threads: number][] = [
  ['Firefox', () => startFirefox({ processors: 4 }), 2],
  ['WebKit', () => startWebkit(), 1],
];

const CLASS_COUNT = 200;
const TOLERANCE = 0.02;

/** The corpus of one picture with the server's answers. */
const reference: (TestPicture & { readonly onServer: number[] })[] = [];

beforeAll(async () => {
  const server = await startServer();
  try {
    for (const picture of await makeCorpus(['espresso.png'])) {
      const onServer = await classifyOnServer(server.url, picture.bytes, CLASS_COUNT);
      reference.push({ ...picture, onServer });
    }
  } finally {
    await server.stop();
  }
});

function describeDistance(name: string, onServer: number[], here: number[] | string): string[] {
  if (typeof here === 'string') return [`${name} is refused: ${here}`];
  const { largest } = compare(name, onServer, here);
  return largest <= TOLERANCE ? [] : [`${name} differs by ${largest.toFixed(3)}`];
}

describe.each(ENGINES)('%s', (_name, start, threads) => {
  let server: TestServer;
  let engine: Engine;
  let visitor: Visitor;

  beforeAll(async () => {
    [server, engine] = await Promise.all([startServer(), start()]);
    visitor = new Visitor(engine, server.url.replace('127.0.0.1', 'localhost'));
  });

  afterAll(async () => {
    await engine.close();
    await server.stop();
  });

  afterEach(async () => {
    expect(await visitor.thrown()).toEqual([]);
  });

  test('shows the server’s answer', async () => {
    await visitor.open('/');
    await visitor.chooseWhere('Server');
    await visitor.give('Picture file', 'public/samples/espresso.png');
    await visitor.answer('On the server', 'espresso');
  });

  test('answers on the device, and tells its threads', async () => {
    await visitor.chooseWhere('This device');
    await visitor.give('Picture file', 'public/samples/cat.png');
    await visitor.answer('On this device', 'tabby');
    await visitor.reads('The model is on this device');
    const words = await run(
      engine,
      () => document.querySelector('details[data-state]')!.textContent,
    );
    const told = Number(/on (\d) thread/.exec(words)![1]);
    // One where several did not start.
    expect([1, threads]).toContain(told);
  });

  test('answers many pictures', async () => {
    await visitor.open('/many');
    await visitor.give('Picture files', 'public/samples/rocket.jpg', 'public/samples/teapot.webp');
    await visitor.reads('2 of 2 pictures answered');
  });

  test('remembers answers, with thumbnails that show something', async () => {
    // At once: the thumbnails are still being made.
    await visitor.follow('/history');
    const widths = await until(engine, 'four thumbnails', () => {
      const images = [...document.querySelectorAll<HTMLImageElement>('[aria-label="Answers"] img')];
      const seen = images.map(({ naturalWidth }) => naturalWidth);
      return seen.length === 4 && seen.every((width) => width > 0) && seen;
    });
    expect(widths).toEqual([160, 160, 160, 160]);
  });

  test('draws charts', async () => {
    await visitor.open('/visualizations');
    await until(engine, 'charts', () => document.querySelectorAll('figure svg path').length > 3);
  });

  test('goes to every page', async () => {
    await visitor.open('/');
    for (const href of PAGE_PATHS.slice(1)) await visitor.follow(href);
  });

  test('gives the server’s answers to every format with every feature', async () => {
    await visitor.open('/');
    await putDevice(engine);
    const far: string[] = [];
    for (const { name, bytes, onServer } of reference) {
      const here = await classifyThere(engine, bytes, CLASS_COUNT);
      far.push(...describeDistance(name, onServer, here));
    }
    expect(far).toEqual([]);
  });

  test('answers after a reload without a server', async () => {
    await run(engine, () => navigator.serviceWorker.ready.then(() => undefined));
    await server.kill();
    await visitor.open('/');
    await visitor.give('Picture file', 'public/samples/espresso.png');
    await visitor.answer('On this device', 'espresso');
  });
});
