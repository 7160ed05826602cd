/** Tries to hurt a server that this starts itself, on loopback, while an honest client looks on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { childrenOf, openFiles, residentBytes } from '../processes';
import { startServer, type TestServer } from '../server';
import { startWitness, type Testimony } from './witness';

/** What one attack measured, in words, and what went wrong; nothing if it did no harm. */
export interface Findings {
  readonly measured: string;
  readonly wrong: readonly string[];
}

export interface Attack {
  readonly name: string;
  /** Beside those of `SETTINGS`; attacks with others get a server of their own. */
  readonly settings?: Record<string, string>;
  /** @param size 1 for the whole attack, less for a part of it */
  readonly run: (server: TestServer, size: number) => Promise<Findings>;
}

export interface Result extends Findings {
  readonly name: string;
  readonly seconds: number;
}

/** Limits that others' attacks do not use up for the honest client, who has an address of its own. */
export const SETTINGS = {
  TRUSTED_PROXIES: '1',
  PREDICT_PER_MINUTE: '100000',
  BATCH_PER_MINUTE: '100000',
  LOG_LEVEL: 'warn',
};

/** How long the honest client is watched before an attack begins. */
const QUIET_MS = 3_000;
const LONGEST_PICTURE_MS = 2_000;
const LONGEST_HEALTH_P99_MS = 100;
const MORE_FILES = 20;
const MORE_BYTES = 96 * 1024 ** 2;
/** How long memory and descriptors have to come back. */
const RECOVERY_MS = 30_000;

/** Runs an attack, the honest client beside it, and looks at what is left behind. */
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

/** Next loads the code of a page with the first request for it, and nothing else goes on meanwhile. */
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

/** On a machine that is busy otherwise, twice what it was before the attack. */
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
