/**
 * npm run parity: the whole corpus, or the pictures of a folder that is given, on the server and in
 * every engine. Prints the table of docs/parity.md; ends with 1 where two answers are further apart
 * than is promised.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { median } from '../../lib/shared/numbers/quantile';
import { classifyOnServer, compare, type Comparison } from '../../tests/compare';
import { makeCorpus } from '../../tests/corpus';
import { makePictures, type TestPicture } from '../../harness/pictures';
import { startServer } from '../../harness/server';
import { startChromium } from './chromium';
import { classifyThere, putDevice, startDevice } from './device';
import type { Engine } from './engine';
import { startFirefox } from './firefox';
import { startWebkit } from './webkit';

const CLASS_COUNT = 200;
const TOLERANCE = 0.02;

const STARTS: readonly (() => Promise<Engine>)[] = [
  () => startChromium(),
  () => startFirefox(),
  () => startFirefox({ resistsFingerprinting: true }),
  () => startWebkit(),
];

interface Answers {
  readonly name: string;
  readonly byPicture: ReadonlyMap<string, number[] | string>;
}

const [folder] = process.argv.slice(2);
const pictures = folder === undefined ? await allPictures() : await picturesIn(folder);
const server = await startServer();
console.info(`${pictures.length} pictures`);
const all: Answers[] = [];
try {
  const onServer = new Map<string, number[] | string>();
  for (const { name, bytes } of pictures) {
    const answer = await classifyOnServer(server.url, bytes, CLASS_COUNT).catch(
      (error: unknown) => (error as Error).message,
    );
    onServer.set(name, answer);
  }
  all.push({ name: 'server', byPicture: onServer });
  for (const start of STARTS) all.push(await answersOf(await start()));
} finally {
  await server.stop();
}
process.exitCode = report();

async function allPictures(): Promise<TestPicture[]> {
  return [...(await makeCorpus()), ...(await makePictures())];
}

async function picturesIn(from: string): Promise<TestPicture[]> {
  const names = (await readdir(from)).sort();
  return Promise.all(
    names.map(async (name) => ({ name, bytes: await readFile(path.join(from, name)) })),
  );
}

async function answersOf(engine: Engine): Promise<Answers> {
  const byPicture = new Map<string, number[] | string>();
  try {
    await engine.goto(server.url.replace('127.0.0.1', 'localhost'));
    await putDevice(engine);
    await startDevice(engine);
    for (const { name, bytes } of pictures) {
      byPicture.set(name, await classifyThere(engine, bytes, CLASS_COUNT));
    }
  } finally {
    await engine.close();
  }
  return { name: engine.name, byPicture };
}

function report(): number {
  let isBroken = false;
  console.info('| pair | pictures | median | maximum | other first label |');
  console.info('| --- | --- | --- | --- | --- |');
  const far: string[] = [];
  for (const [index, a] of all.entries()) {
    for (const b of all.slice(index + 1)) {
      const compared = compareAnswers(a, b);
      const largest = compared.map((comparison) => comparison.largest);
      const others = compared.filter(({ firstsAgree }) => !firstsAgree).length;
      const figures = [median(largest), Math.max(...largest)].map((value) => value.toFixed(4));
      console.info(
        `| ${a.name}, ${b.name} | ${compared.length} | ${figures.join(' | ')} | ${others} |`,
      );
      for (const { name, largest } of compared.filter(({ largest }) => largest > TOLERANCE)) {
        far.push(`${a.name}, ${b.name}: ${name} ${largest.toFixed(4)}`);
      }
    }
  }
  isBroken ||= far.length > 0;
  far.forEach((line) => console.info(line));
  for (const { name, byPicture } of all) {
    for (const [picture, answer] of byPicture) {
      if (typeof answer === 'string') console.info(`${name} refuses ${picture}: ${answer}`);
    }
  }
  return isBroken ? 1 : 0;
}

function compareAnswers(a: Answers, b: Answers): Comparison[] {
  return [...a.byPicture].flatMap(([name, first]) => {
    const second = b.byPicture.get(name);
    if (typeof first === 'string' || typeof second !== 'object') return [];
    return [compare(name, first, second)];
  });
}
