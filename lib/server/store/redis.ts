import { createHash, randomUUID } from 'node:crypto';
import { Ratelimit } from '@upstash/ratelimit';
import { Redis } from '@upstash/redis';
import { LRUCache } from 'lru-cache';
import { sortKeys, withLastUse } from './embedded';
import {
  CLAIM_KEPT_MS,
  makeSecret,
  RESOLUTIONS,
  type CountBatch,
  type CountedBucket,
  type Counts,
  type KeyRecord,
  type QuotaRequest,
  type QuotaState,
  type Resolution,
  type Store,
} from './port';
import { TcpRequester } from './tcp-requester';

const PREFIX = 'sightline';
const KEYS = `${PREFIX}:keys`;
const SECRETS = `${PREFIX}:secrets`;
const KEY_USES = `${PREFIX}:key-uses`;
const FROZEN = `${PREFIX}:frozen`;
/** How long a writer's last batch is remembered after it: a spilled one may wait for as long. */
const WRITER_SECONDS = 8 * 86_400;
const PROBE_SECONDS = 60;
/** The guard gives up earlier; this closes the connection. */
const REST_TIMEOUT_MS = 5_000;
/** All keys of one script have the same hash tag, so they are in one slot of a cluster. */
const SHARDS = Array.from({ length: 8 }, (_, i) => `${PREFIX}:{counts-${i}}`);
/** Different limits in use at once: the policies', and those of keys with their own. */
const MAX_LIMITERS = 256;

/**
 * Adds a batch unless its writer has sent it, or a later one, already. KEYS: writer, bucket…; ARGV:
 * sequence, the writer's seconds, then for each bucket its seconds, the number of its fields,
 * field, n…
 */
const ADD_COUNTS = `
local last = redis.call('GET', KEYS[1])
if last and tonumber(last) >= tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
local at = 3
for i = 2, #KEYS do
  local seconds, fields = ARGV[at], tonumber(ARGV[at + 1])
  at = at + 2
  for _ = 1, fields do
    redis.call('HINCRBYFLOAT', KEYS[i], ARGV[at], ARGV[at + 1])
    at = at + 2
  end
  redis.call('EXPIRE', KEYS[i], seconds)
end
return 1`;

/**
 * A hash as a list of fields and values, which HGETALL is not everywhere: bridges in front of a
 * plain Redis hand out their own client's objects.
 */
const READ_HASH = `return redis.call('HGETALL', KEYS[1])`;

/** Redis, over TCP or over Upstash's REST: the same commands through the same client. */
export class RedisStore implements Store {
  readonly kind: 'redis' | 'upstash';
  readonly #redis: Redis;
  readonly #disconnect: () => void;
  readonly #limiters = new LRUCache<string, Ratelimit>({ max: MAX_LIMITERS });

  readonly #isCluster: boolean;
  /** Of a key that nobody else writes: another's newer number would turn a write into a read. */
  readonly #prober = randomUUID();
  #probes = 0;

  private constructor(
    kind: 'redis' | 'upstash',
    redis: Redis,
    disconnect: () => void,
    isCluster = false,
  ) {
    this.kind = kind;
    this.#redis = redis;
    this.#disconnect = disconnect;
    this.#isCluster = isCluster;
  }

  /** @param isCluster the address is that of any node of a Redis Cluster */
  static overTcp(
    url: string,
    { isCluster = false } = {},
  ): RedisStore & { connected: (timeoutMs: number) => Promise<void> } {
    const requester = new TcpRequester(url, { isCluster });
    const redis = new Redis(requester);
    const store = new RedisStore('redis', redis, () => requester.close(), isCluster);
    return Object.assign(store, {
      connected: (timeoutMs: number) => requester.connected(timeoutMs),
    });
  }

  static overRest(url: string, token: string): RedisStore {
    const client = new Redis({
      url,
      token,
      // The caller decides about retries; telemetry would send the host's name to Upstash.
      retry: false,
      enableTelemetry: false,
      // Asks for base64, which bridges in front of a plain Redis do not give.
      responseEncoding: false,
      enableAutoPipelining: false,
      signal: () => AbortSignal.timeout(REST_TIMEOUT_MS),
    });
    return new RedisStore('upstash', client, () => undefined);
  }

  async takeQuota(request: QuotaRequest): Promise<QuotaState> {
    const { identity, cost } = request;
    const limiter = this.#limiter(request);
    const taken = await limiter.limit(identity, { rate: cost });
    // The library also counts refused requests; a refused cost over 1 would use up the rest of the
    // quota.
    const isRefused = cost > 1 && !taken.success;
    const { remaining } = isRefused ? await limiter.limit(identity, { rate: -cost }) : taken;
    const { success, limit, reset } = taken;
    return { allowed: success, limit, remaining: Math.min(limit, remaining), resetAtMs: reset };
  }

  #limiter({ policy, limit, windowMs }: QuotaRequest): Ratelimit {
    const name = `${policy}:${limit}:${windowMs}`;
    const known = this.#limiters.get(name);
    if (known) return known;
    const limiter = new Ratelimit({
      redis: this.#redis,
      limiter: Ratelimit.fixedWindow(limit, `${windowMs} ms`),
      prefix: `${PREFIX}:quota:${policy}`,
      // Its map of blocked identities is unbounded, and its time-out lets every request pass.
      ephemeralCache: false,
      timeout: 0,
      analytics: false,
    });
    this.#limiters.set(name, limiter);
    return limiter;
  }

  async readCache(key: string): Promise<string | undefined> {
    const value = await this.#redis.get<{ value: string }>(`${PREFIX}:cache:${key}`);
    return value?.value;
  }

  async writeCache(key: string, value: string, ttlSeconds: number): Promise<void> {
    // In an object, so that the client's parsing of replies leaves a string a string.
    await this.#redis.set(`${PREFIX}:cache:${key}`, { value }, { ex: ttlSeconds });
  }

  async saveKey(record: KeyRecord): Promise<void> {
    await this.#redis.hset(KEYS, { [record.id]: record });
  }

  async findKey(id: string): Promise<KeyRecord | undefined> {
    return (await this.#redis.hget<KeyRecord>(KEYS, id)) ?? undefined;
  }

  async listKeys(): Promise<KeyRecord[]> {
    const records = [...(await this.#scan<KeyRecord>(KEYS)).values()];
    const uses = await this.#scan<number>(KEY_USES);
    return sortKeys(withLastUse(records, (id) => uses.get(id)));
  }

  /**
   * A hash by its fields, in steps, so that a long one holds nobody up. HGETALL would not do: over
   * TCP its reply is an object already, which the client takes for an empty list.
   */
  async #scan<Value>(hash: string): Promise<Map<string, Value>> {
    const found = new Map<string, Value>();
    let cursor = '0';
    do {
      const [next, fieldsAndValues] = await this.#redis.hscan(hash, cursor, { count: 500 });
      for (let i = 0; i < fieldsAndValues.length; i += 2) {
        // The client has parsed the value already, whatever its types say.
        found.set(String(fieldsAndValues[i]), fieldsAndValues[i + 1] as unknown as Value);
      }
      cursor = String(next);
    } while (cursor !== '0');
    return found;
  }

  async recordKeyUse(id: string, atMs: number): Promise<void> {
    await this.#redis.hset(KEY_USES, { [id]: atMs });
  }

  async addCounts({ writer, sequence, buckets }: CountBatch): Promise<void> {
    const place = this.#isCluster ? shardOf(writer) : PREFIX;
    const keys = buckets.map(({ resolution, startMs }) => bucketKey(place, resolution, startMs));
    const args = buckets.flatMap(({ resolution, startMs, counts }) => {
      const fields = Object.entries(counts);
      const { bucketMs, keptMs } = RESOLUTIONS[resolution];
      const keptUntilMs = startMs + bucketMs + keptMs;
      const seconds = Math.max(1, Math.ceil((keptUntilMs - Date.now()) / 1000));
      return [seconds, fields.length, ...fields.flat()];
    });
    await this.#redis.eval(
      ADD_COUNTS,
      [`${place}:writer:${writer}`, ...keys],
      [sequence, WRITER_SECONDS, ...args],
    );
  }

  async readCounts(resolution: Resolution, fromMs: number, toMs: number): Promise<CountedBucket[]> {
    const { bucketMs } = RESOLUTIONS[resolution];
    const starts: number[] = [];
    for (let at = Math.ceil(fromMs / bucketMs) * bucketMs; at < toMs; at += bucketMs)
      starts.push(at);
    if (starts.length === 0) return [];
    const pipeline = this.#redis.pipeline();
    // Counts from before the move to a cluster have no shard.
    const places = this.#isCluster ? [PREFIX, ...SHARDS] : [PREFIX];
    for (const startMs of starts) {
      for (const place of places) {
        pipeline.eval(READ_HASH, [bucketKey(place, resolution, startMs)], []);
      }
    }
    const replies = await pipeline.exec<(string | number)[][]>();
    return starts.flatMap((startMs, i) => {
      const ofBucket = replies.slice(i * places.length, (i + 1) * places.length);
      const counts = toCounts(ofBucket);
      return counts ? [{ resolution, startMs, counts }] : [];
    });
  }

  async freezeCounts(name: string, counts: Counts): Promise<Counts> {
    await this.#redis.hsetnx(FROZEN, name, counts);
    return (await this.frozenCounts(name))!;
  }

  async frozenCounts(name: string): Promise<Counts | undefined> {
    return (await this.#redis.hget<Counts>(FROZEN, name)) ?? undefined;
  }

  async claimIds(ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const pipeline = this.#redis.pipeline();
    for (const id of ids) pipeline.set(`${PREFIX}:claim:${id}`, 1, { nx: true, px: CLAIM_KEPT_MS });
    const replies = await pipeline.exec<('OK' | null)[]>();
    return ids.filter((_, i) => replies[i] === 'OK');
  }

  async sharedSecret(name: string): Promise<string> {
    // In an object, so that the client's parsing of replies leaves a string a string.
    await this.#redis.hsetnx(SECRETS, name, { value: makeSecret() });
    return (await this.#redis.hget<{ value: string }>(SECRETS, name))!.value;
  }

  async ping(): Promise<void> {
    await this.#redis.ping();
  }

  /**
   * Uses the script that adds counts, which can be refused when single commands are not, on each
   * shard: one node of a cluster can refuse writes that others accept.
   */
  async probe(): Promise<void> {
    const number = ++this.#probes;
    const places = this.#isCluster ? SHARDS : [PREFIX];
    const writes = places.map((place) =>
      this.#redis.eval(ADD_COUNTS, [`${place}:probe:${this.#prober}`], [number, PROBE_SECONDS]),
    );
    await Promise.all(writes);
  }

  close(): Promise<void> {
    this.#disconnect();
    return Promise.resolve();
  }
}

/** @param shards each a list of fields and values */
function toCounts(
  shards: readonly (readonly (string | number)[])[],
): Record<string, number> | undefined {
  if (shards.every((fieldsAndValues) => fieldsAndValues.length === 0)) return undefined;
  const counts: Record<string, number> = {};
  for (const fieldsAndValues of shards) {
    for (let i = 0; i < fieldsAndValues.length; i += 2) {
      const field = String(fieldsAndValues[i]);
      counts[field] = (counts[field] ?? 0) + Number(fieldsAndValues[i + 1]);
    }
  }
  return counts;
}

/**
 * Maps each writer to one of eight shards: replicas are spread over the nodes, and readers read few
 * keys.
 */
function shardOf(writer: string): string {
  const number = createHash('sha256').update(writer).digest().readUInt32BE();
  return SHARDS[number % SHARDS.length]!;
}

function bucketKey(place: string, resolution: Resolution, startMs: number): string {
  return `${place}:counts:${resolution}:${startMs}`;
}
