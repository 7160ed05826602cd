/** Why a store failed, in words that say what to do. */

/** Redis refuses a command with a code that begins its message. */
const REDIS_REFUSALS: Readonly<Record<string, string>> = {
  OOM: 'Redis has reached its maxmemory and takes no writes',
  READONLY: 'this Redis is a read-only replica',
  LOADING: 'Redis is loading its data',
  MASTERDOWN: 'this Redis is a replica that has lost its primary',
  NOREPLICAS: 'Redis takes no writes without enough replicas (min-replicas-to-write)',
  MISCONF: 'Redis cannot save to its disk and takes no writes',
  NOAUTH: 'Redis wants a password, which belongs in REDIS_URL',
  WRONGPASS: 'Redis does not know the user or password in REDIS_URL',
  NOPERM: 'the user in REDIS_URL may not run a command that is needed',
  CLUSTERDOWN: 'the Redis Cluster is down, or some of its slots are served by nobody',
  MOVED: 'REDIS_URL is a node of a Redis Cluster: set REDIS_CLUSTER=1',
  ASK: 'REDIS_URL is a node of a Redis Cluster: set REDIS_CLUSTER=1',
  CROSSSLOT: 'the Redis Cluster refuses keys of several slots in one command',
};

const SQLITE_REFUSALS: readonly (readonly [RegExp, string])[] = [
  [/^SQLITE_FULL/, 'the disk under DATA_DIR is full'],
  [/^SQLITE_READONLY/, 'DATA_DIR/sightline.db is read-only'],
  [/^SQLITE_IOERR/, 'the disk under DATA_DIR cannot be read or written'],
  [
    /^SQLITE_(CORRUPT|NOTADB)/,
    'DATA_DIR/sightline.db is damaged: move it away, or move a backup into its place',
  ],
  [/^SQLITE_CANTOPEN/, 'DATA_DIR/sightline.db cannot be opened'],
];

const LONGEST_REASON = 200;

/** An error whose message already tells the operator what is wrong. */
export class StoreFileError extends Error {
  override readonly name = 'StoreFileError';
}

export interface StoreFailure {
  readonly reason: string;
  /** The store answered with a refusal: retrying at once is useless. */
  readonly isRefusal: boolean;
}

export function describeFailure(error: unknown): StoreFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof StoreFileError) return { reason: message, isRefusal: true };
  const known = refusal(error, message);
  // Upstash's messages contain the whole command, with its data.
  const said = message.split(/, command was:/)[0]!;
  if (known === undefined) return { reason: said, isRefusal: false };
  return { reason: `${known} (${said.slice(0, LONGEST_REASON)})`, isRefusal: true };
}

function refusal(error: unknown, message: string): string | undefined {
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && code.startsWith('SQLITE_')) {
    return SQLITE_REFUSALS.find(([pattern]) => pattern.test(code))?.[1];
  }
  // A script's error names the script first in old versions, Upstash's client the command.
  const word = /^(?:ReplyError: |ERR (?:Error running script|user_script).*?: -?)?([A-Z]+)\b/.exec(
    message,
  )?.[1];
  return word === undefined ? undefined : REDIS_REFUSALS[word];
}
