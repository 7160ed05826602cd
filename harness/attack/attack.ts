/**
 * Runs attacks on a server that it starts itself on loopback, while an honest client measures the
 * harm.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { childrenOf, openFiles, residentBytes } from '../processes';
import { startServer, type TestServer } from '../server';
import { startWitness, type Testimony } from './witness';

/** What an attack measured, in words, and the harm that it did, if any. */
export interface Findings {
  readonly measured: string;
  readonly wrong: readonly string[];
}

export interface Attack {
  readonly name: string;
  /** Settings in addition to `SETTINGS`. An attack with its own settings gets its own server. */
  readonly settings?: Record<string, string>;
  /** @param size share of the whole attack; 1 is all of it */
  readonly run: (server: TestServer, size: number) => Promise<Findings>;
}

export interface Result extends Findings {
  readonly name: string;
  readonly seconds: number;
}

/** Limits per address, so that attackers do not use up the quota of the honest client. */
export const SETTINGS = {
  TRUSTED_PROXIES: '1',
  PREDICT_PER_MINUTE: '100000',
  BATCH_PER_MINUTE: '100000',
  LOG_LEVEL: 'warn',
};

/** How long the honest client is measured before an attack begins. */
const QUIET_MS = 3_000;
const LONGEST_PICTURE_MS = 2_000;
const LONGEST_HEALTH_P99_MS = 100;
const MORE_FILES = 20;
const MORE_BYTES = 96 * 1024 ** 2;
/** Time limit for memory and descriptors to return to normal. */
const RECOVERY_MS = 30_000;

/** Runs an attack next to the honest client, then checks for leaks. */
export async function runAttack(attack: Attack, size = 1): Promise<Result> {
  const server = await startServer({ ...SETTINGS, ...attack.settings });
  try {
    await warmPages(server.url);
    const witness = await startWitness(server.url);
    await sleep(QUIET_MS);
    const quiet = await witness.look();
    const before = await traces(server);
    const startedAtMs = performance.now();
    const findings = await attack.run(server, size);
    const seconds = (performance.now() - startedAtMs) / 1000;
    const testimony = await witness.stop();
    const left = await whatIsLeft(server, before);
    return {
      name: attack.name,
      seconds,
      measured: [findings.measured, describe(testimony, quiet), left.measured].join('; '),
      wrong: [...findings.wrong, ...judge(testimony, quiet), ...left.wrong],
    };
  } finally {
    await server.stop();
  }
}

/**
 * Loads the pages first: Next loads a page's code on its first request, which blocks everything
 * else.
 */
async function warmPages(url: string): Promise<void> {
  for (const path of ['/', '/settings', '/nothing-here', '/_next/nothing']) {
    await (await fetch(`${url}${path}`)).arrayBuffer();
  }
}

interface Traces {
  readonly files: number;
  readonly bytes: number;
}

async function traces(server: TestServer): Promise<Traces> {
  const pids = [server.pid, ...(await childrenOf(server.pid))];
  const bytes = await Promise.all(pids.map((pid) => residentBytes(pid).catch(() => 0)));
  return {
    files: await openFiles(server.pid),
    bytes: bytes.reduce((sum, each) => sum + each, 0),
  };
}

async function whatIsLeft(server: TestServer, before: Traces): Promise<Findings> {
  const untilMs = performance.now() + RECOVERY_MS;
  const more = async () => {
    const { files, bytes } = await traces(server);
    return { files: files - before.files, bytes: bytes - before.bytes };
  };
  let left = await more();
  while (performance.now() < untilMs && (left.files > MORE_FILES || left.bytes > MORE_BYTES)) {
    await sleep(500);
    left = await more();
  }
  const mebibytes = Math.round(left.bytes / 1024 ** 2);
  return {
    measured: `${signed(left.files)} descriptors, ${signed(mebibytes)} MiB afterwards`,
    wrong: [
      ...(left.files > MORE_FILES ? [`${left.files} descriptors stay open`] : []),
      ...(left.bytes > MORE_BYTES ? [`${mebibytes} MiB are kept`] : []),
    ],
  };
}

const signed = (n: number) => (n < 0 ? String(n) : `+${n}`);

function describe(seen: Testimony, quiet: Testimony): string {
  const [health, picture] = [seen.healthP99Ms, seen.slowestPictureMs].map(Math.round);
  const [before, pictureBefore] = [quiet.healthP99Ms, quiet.slowestPictureMs].map(Math.round);
  return `health p99 ${health} ms (${before} before), slowest honest picture ${picture} ms (${pictureBefore})`;
}

/**
 * Finds the harm. If the machine is busy with other work, latencies may be twice those before the
 * attack.
 */
function judge(
  { healthP99Ms, slowestPictureMs, pictures, refused }: Testimony,
  quiet: Testimony,
): string[] {
  const longestHealthMs = Math.max(LONGEST_HEALTH_P99_MS, 2 * quiet.healthP99Ms);
  const longestPictureMs = Math.max(LONGEST_PICTURE_MS, 2 * quiet.slowestPictureMs);
  return [
    ...(healthP99Ms > longestHealthMs ? [`health took ${Math.round(healthP99Ms)} ms`] : []),
    ...(slowestPictureMs > longestPictureMs
      ? [`an honest picture took ${Math.round(slowestPictureMs)} ms`]
      : []),
    ...(refused.length > 1 || (pictures === 0 && refused.length > 0)
      ? [`honest pictures were answered ${refused.join(', ')}`]
      : []),
  ];
}
