/**
 * The command `keys`: creates, lists, revokes and rotates API keys, in the store that the settings
 * name.
 */
import { parseArgs } from 'node:util';
import { createKey, revokeKey, rotateKey, type IssuedKey } from '../lib/server/quota/keys/api-keys';
import { readSettings } from '../lib/server/settings';
import { openStore } from '../lib/server/store/open';
import type { KeyRecord, Store } from '../lib/server/store/port';
import { USES, usageByDay } from '../lib/server/statistics/usage';
import { invocation } from './invocation';
import { columns } from './model/text';

const help = (
  keys: string,
) => `Keys for the API. They are made on the store that the server uses (DATA_DIR, REDIS_URL or
UPSTASH_REDIS_REST_URL), and may be while it runs.

  ${keys} create --name NAME [--predict-per-minute N] [--batch-per-minute N] [--expires DATE]
  ${keys} list
  ${keys} revoke ID
  ${keys} rotate ID
  ${keys} usage [ID] [--days N]

create   prints the key, once: only its hash is kept. DATE is a day, 2027-01-31, or a moment,
         2027-01-31T12:00Z. Without limits of its own a key has those of the settings; 0 is no limit.
revoke   from two seconds later the key is unknown everywhere.
rotate   gives the key a new secret, printed once; the old one is unknown from then on.
usage    what each key has used on each of the last N days (UTC; 7, at most 90): answered predictions
         and batches, their pictures, requests over a quota, and the cost that was taken of quotas.`;

const OPTIONS = {
  name: { type: 'string' },
  'predict-per-minute': { type: 'string' },
  'batch-per-minute': { type: 'string' },
  expires: { type: 'string' },
  days: { type: 'string', default: '7' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Options = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

const COMMANDS: Record<string, (store: Store, options: Options, id: string) => Promise<string>> = {
  create: async (store, options) => {
    const name = options.name?.trim();
    if (!name) throw new Error('expected --name NAME, to tell keys apart');
    const predictPerMinute = limit(options, 'predict-per-minute');
    const batchPerMinute = limit(options, 'batch-per-minute');
    const expiresAtMs = moment(options.expires);
    const issued = await createKey(
      store,
      {
        name,
        ...(predictPerMinute === undefined ? {} : { predictPerMinute }),
        ...(batchPerMinute === undefined ? {} : { batchPerMinute }),
        ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
      },
      Date.now(),
    );
    return describeIssued(issued);
  },
  list: async (store) => {
    const records = await store.listKeys();
    return records.length === 0 ? 'There are no keys.' : records.map(describe).join('\n');
  },
  revoke: async (store, _options, id) =>
    `Revoked: ${describe(await revokeKey(store, id, Date.now()))}`,
  rotate: async (store, _options, id) => describeIssued(await rotateKey(store, id)),
  usage: describeUsage,
};

const DAY_MS = 86_400_000;
const MOST_DAYS = 90;

async function describeUsage(store: Store, { days }: Options, id: string): Promise<string> {
  const count = Number(days);
  if (!Number.isInteger(count) || count < 1 || count > MOST_DAYS) {
    throw new Error(
      `expected --days to be a whole number from 1 to ${MOST_DAYS}, received ${days}`,
    );
  }
  const today = Math.floor(Date.now() / DAY_MS);
  const hours = await store.readCounts('hour', (today - count + 1) * DAY_MS, (today + 1) * DAY_MS);
  const names = new Map((await store.listKeys()).map((record) => [record.id, record.name]));
  const used = usageByDay(hours).filter(({ keyId }) => id === '' || keyId === id);
  if (used.length === 0) return 'No key has been used in this time.';
  const rows = used.map(({ day, keyId, ...usage }) => [
    day,
    keyId,
    names.get(keyId) ?? '',
    ...USES.map((use) => String(usage[use])),
  ]);
  return columns([['day', 'key', 'name', ...USES], ...rows]);
}

function limit(
  options: Options,
  name: 'predict-per-minute' | 'batch-per-minute',
): number | undefined {
  const text = options[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= 0) return value;
  throw new Error(`expected --${name} to be a whole number, 0 for no limit, received ${text}`);
}

function moment(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const atMs = Date.parse(text);
  if (atMs > Date.now()) return atMs;
  throw new Error(`expected --expires to be a date in the future, as 2027-01-31, received ${text}`);
}

function describeIssued({ key, record }: IssuedKey): string {
  return `${describe(record)}\n\n${key}\n\nThis is shown once; only its hash is kept.`;
}

function describe(record: KeyRecord): string {
  const day = (atMs: number) => new Date(atMs).toISOString().slice(0, 16).replace('T', ' ');
  const { id, name, createdAtMs, lastUsedAtMs, expiresAtMs, revokedAtMs } = record;
  return [
    id,
    name,
    `made ${day(createdAtMs)}`,
    lastUsedAtMs === undefined ? 'never used' : `last used ${day(lastUsedAtMs)}`,
    describeLimit(record.predictPerMinute, 'predictions'),
    describeLimit(record.batchPerMinute, 'batches'),
    expiresAtMs === undefined ? '' : `until ${day(expiresAtMs)}`,
    revokedAtMs === undefined ? '' : `REVOKED ${day(revokedAtMs)}`,
  ]
    .filter(Boolean)
    .join('  ');
}

function describeLimit(perMinute: number | undefined, what: string): string {
  if (perMinute === undefined) return '';
  return perMinute === 0 ? `${what} without limit` : `${perMinute} ${what} a minute`;
}

/** @throws Error with a message for the operator */
export async function keys(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: OPTIONS,
    allowPositionals: true,
  });
  const [name = '', id = ''] = positionals;
  if (values.help || name === '') return console.info(help(invocation('keys')));
  const command = COMMANDS[name];
  if (!command) throw new Error(`expected create, list, revoke, rotate or usage, received ${name}`);
  const store = await openStore(readSettings(process.env));
  try {
    console.info(await command(store, values, id));
  } finally {
    await store.close();
  }
}
