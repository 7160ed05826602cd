import path from 'node:path';
import { distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { DEFAULT_PICTURE_LIMITS } from '@/lib/shared/picture/rules';
import { LOG_LEVELS } from './log';
import { weekStartMs } from './iso-week';

const MEBIBYTE = 1024 * 1024;

const GIBIBYTE = 1024 * MEBIBYTE;
const MOST_PER_MINUTE = 1_000_000_000;

const count = (fallback: number, minimum: number, maximum: number) =>
  z.coerce
    .number({ error: `expected a whole number from ${minimum} to ${maximum}` })
    .int({ error: `expected a whole number from ${minimum} to ${maximum}` })
    .min(minimum, { error: `expected at least ${minimum}` })
    .max(maximum, { error: `expected at most ${maximum}` })
    .default(fallback);

export const POLICY_NAMES = ['predict', 'batch', 'read', 'report'] as const;
export type PolicyName = (typeof POLICY_NAMES)[number];
/** Which answers drift and its alert are measured on. */
export const DRIFT_SOURCES = ['server', 'all'] as const;
export type DriftSource = (typeof DRIFT_SOURCES)[number];

/** Where pictures are decoded and models are run. */
export const ISOLATIONS = ['process', 'thread'] as const;
export type Isolation = (typeof ISOLATIONS)[number];

/** Who can use the server: anybody, or only clients with a key. */
export const ACCESSES = ['public', 'keys'] as const;
export type Access = (typeof ACCESSES)[number];

/** Names as in onnxruntime-node; each build of it has some of them. */
export const EXECUTION_PROVIDERS = ['cpu', 'cuda', 'tensorrt', 'webgpu', 'coreml', 'dml'] as const;

/** The store that replicas share; `embedded` is a file of this process. */
export type StoreSettings =
  | { readonly kind: 'embedded' }
  | { readonly kind: 'redis'; readonly url: string; readonly isCluster?: true }
  | { readonly kind: 'upstash'; readonly url: string; readonly token: string };

/** Every setting, read from the environment once at start; docs/settings.md is made from it. */
export const settingsSchema = z.object({
  PORT: count(3000, 1, 65_535).describe('the port that the server listens on'),
  KEEP_ALIVE_TIMEOUT: count(75_000, 1, 86_400_000).describe(
    'milliseconds until an idle connection is closed; must be longer than the keep-alive of a proxy in front',
  ),
  MODELS_DIR: z
    .string()
    .min(1)
    .default('models')
    .describe('the folder that contains the model folders'),
  DEFAULT_MODEL: z
    .string()
    .min(1)
    .optional()
    .describe(
      'the model for requests that name none; by default the first one in alphabetical order',
    ),
  MAX_UPLOAD_BYTES: count(20 * MEBIBYTE, 1, GIBIBYTE).describe(
    'largest picture in bytes, after decoding base64',
  ),
  MAX_BATCH_BYTES: count(64 * MEBIBYTE, 1, 4 * GIBIBYTE).describe('largest batch in bytes'),
  MAX_IMAGE_PIXELS: count(DEFAULT_PICTURE_LIMITS.maxImagePixels, 1, 1_000_000_000).describe(
    'largest number of pixels of a picture, checked in its header',
  ),
  MAX_DECODE_BYTES: count(DEFAULT_PICTURE_LIMITS.maxDecodeBytes, 1, 64 * GIBIBYTE).describe(
    'largest memory for decoding one picture, estimated from its pixels and format',
  ),
  UPLOAD_TIMEOUT_MS: count(30_000, 1, 3_600_000).describe(
    'time in which a request body must arrive',
  ),
  DECODE_TIMEOUT_SECONDS: count(10, 1, 600).describe(
    'time limit for decoding a picture; a worker that exceeds it is ended',
  ),
  INFERENCE_WORKERS: count(0, 0, 256).describe(
    'number of workers; 0 = automatic: available processors + 1 (1 on a single processor)',
  ),
  INFERENCE_ISOLATION: z
    .enum(ISOLATIONS)
    .default('process')
    .describe(
      '`process`: each worker is a process, so a picture that crashes it, takes too long or needs too much memory fails alone; `thread`: workers are threads of the server, which start faster and share its memory',
    ),
  EXECUTION_PROVIDERS: z
    .string()
    .default('cpu')
    .transform((text) => text.split(',').map((name) => name.trim().toLowerCase()))
    .refine(areProviders, {
      error: `expected some of ${EXECUTION_PROVIDERS.join(', ')}, each once, separated by commas`,
    })
    .describe(
      `execution providers of onnxruntime, separated by commas: ${EXECUTION_PROVIDERS.join(', ')}; the server uses the first one that works; put \`cpu\` at the end to fall back to the processor`,
    ),
  PICTURE_MEMORY_BYTES: count(1024 * MEBIBYTE, 64 * MEBIBYTE, 256 * GIBIBYTE).describe(
    'memory that a worker process may add for one picture (Linux); a worker that exceeds it is ended, and the answer is 422; at least MAX_DECODE_BYTES',
  ),
  QUEUE_LIMIT: count(0, 0, 100_000).describe(
    'number of pictures that can wait for a worker; 0 = automatic: about one second of work, estimated from recent pictures',
  ),
  DATA_DIR: z
    .string()
    .min(1)
    .default('.data')
    .describe('folder of the SQLite file, which is used if no Redis is set'),
  REDIS_URL: z
    .url({
      protocol: /^rediss?$/,
      error: 'expected an address that begins with redis:// or rediss://',
    })
    .optional()
    .describe('a Redis that replicas share, redis:// or rediss://'),
  REDIS_CLUSTER: z
    .enum(['0', '1'])
    .default('0')
    .describe('1: REDIS_URL is any node of a Redis Cluster'),
  UPSTASH_REDIS_REST_URL: z
    .url({
      protocol: /^https?$/,
      error:
        'expected an address that begins with https://; one that begins with redis:// belongs in REDIS_URL',
    })
    .optional()
    .describe("a Redis over Upstash's REST API, https://"),
  UPSTASH_REDIS_REST_TOKEN: z
    .string()
    .min(1)
    .optional()
    .describe('the token for UPSTASH_REDIS_REST_URL'),
  ACCESS: z
    .enum(ACCESSES)
    .default('public')
    .describe(
      '`public`: no key needed; `keys`: pages, predictions, statistics, models and their files need a key (not on function platforms)',
    ),
  PREDICT_PER_MINUTE: count(100, 0, MOST_PER_MINUTE).describe(
    'predictions a minute for each key or address; 0: no limit',
  ),
  BATCH_PER_MINUTE: count(30, 0, MOST_PER_MINUTE).describe(
    'batches a minute for each key or address; 0: no limit',
  ),
  READ_PER_MINUTE: count(600, 0, MOST_PER_MINUTE).describe(
    'requests for statistics and charts a minute for each key or address; 0: no limit',
  ),
  REPORT_PER_MINUTE: count(60, 0, MOST_PER_MINUTE).describe(
    'requests with reports or feedback a minute for each key or address; 0: no limit',
  ),
  REPORTS_PER_DAY: count(2_000, 0, MOST_PER_MINUTE).describe(
    'reports a day (UTC) for each key or address; 0: no limit',
  ),
  TRUSTED_PROXIES: count(0, 0, 16).describe(
    'number of proxies in front whose X-Forwarded-For is trusted',
  ),
  CACHE_ENTRIES: count(5_000, 0, 10_000_000).describe(
    'number of answers cached in memory; 0: no caching, neither in memory nor in the shared store',
  ),
  CACHE_TTL_SECONDS: count(86_400, 1, 31_536_000).describe('how long an answer is cached'),
  LARGE_UPLOADS: count(8, 1, 10_000).describe(
    'how many uploads over 1 MiB, or of unknown length, are read at the same time; others wait up to 5 s',
  ),
  CORS_ORIGINS: z
    .string()
    .default('')
    .transform((text) => text.split(',').map((origin) => origin.trim().replace(/\/$/, '')))
    .transform((origins) => origins.filter((origin) => origin !== ''))
    .refine((origins) => origins.every(isOrigin), {
      error: 'expected origins such as https://a.example, separated by commas, or *',
    })
    .describe('origins whose pages may call the API, separated by commas; `*`: any'),
  DRIFT_BASELINE: z
    .string()
    .default('evaluation')
    .refine((text) => text === 'evaluation' || weekStartMs(text) !== undefined, {
      error: 'expected evaluation, or an ISO week such as 2026-W46',
    })
    .describe(
      'baseline of drift: `evaluation`, which each model has, or an ISO week such as 2026-W46, in UTC',
    ),
  DRIFT_SOURCE: z
    .enum(DRIFT_SOURCES)
    .default('server')
    .describe(
      'answers that drift is measured on: `server`, or `all`, which adds the reports of browsers, which the server cannot verify',
    ),
  METRICS_TOKEN: z
    .string()
    .min(1)
    .optional()
    .describe(
      'bearer token that requests for /api/metrics must send; without it no token is needed',
    ),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({
      protocol: /^https?$/,
      error: 'expected an address that begins with http:// or https://',
    })
    .optional()
    .describe(
      'an OpenTelemetry collector (OTLP over HTTP, without /v1/traces) that gets a trace of each request; by default no traces are sent',
    ),
  LOG_LEVEL: z
    .enum(LOG_LEVELS)
    .default('info')
    .describe(`one of ${LOG_LEVELS.join(', ')}`),
  HOSTNAME: z.string().min(1).default('0.0.0.0').describe('the address that the server listens on'),
});

function areProviders(names: readonly string[]): boolean {
  const known: readonly string[] = EXECUTION_PROVIDERS;
  return new Set(names).size === names.length && names.every((name) => known.includes(name));
}

function isOrigin(text: string): boolean {
  return text === '*' || (URL.canParse(text) && new URL(text).origin === text);
}

const SECRETS: readonly unknown[] = ['UPSTASH_REDIS_REST_TOKEN', 'METRICS_TOKEN', 'REDIS_URL'];
const ADDRESSES: readonly unknown[] = [
  'UPSTASH_REDIS_REST_URL',
  'REDIS_URL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
];

export interface Settings {
  readonly port: number;
  readonly hostname: string;
  readonly keepAliveTimeoutMs: number;
  readonly dataDir: string;
  readonly store: StoreSettings;
  readonly access: Access;
  readonly perMinute: Readonly<Record<PolicyName, number>>;
  readonly reportsPerDay: number;
  readonly trustedProxies: number;
  /** 0 switches the cache off. */
  readonly cacheEntries: number;
  readonly cacheTtlSeconds: number;
  readonly modelsDir: string;
  readonly defaultModel: string | undefined;
  readonly maxUploadBytes: number;
  readonly maxBatchBytes: number;
  readonly maxImagePixels: number;
  readonly maxDecodeBytes: number;
  readonly uploadTimeoutMs: number;
  readonly decodeTimeoutSeconds: number;
  readonly inferenceWorkers: number;
  readonly inferenceIsolation: Isolation;
  readonly executionProviders: readonly string[];
  readonly pictureMemoryBytes: number;
  readonly queueLimit: number;
  readonly largeUploads: number;
  readonly corsOrigins: readonly string[];
  /** `evaluation`, or an ISO week. */
  readonly driftBaseline: string;
  readonly driftSource: DriftSource;
  readonly metricsToken: string | undefined;
  /** The collector that gets traces. */
  readonly traces: string | undefined;
}

/**
 * Checks the environment.
 *
 * @throws Error that names each wrong setting, what was expected and what was received
 */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const value = parse(env);
  return {
    port: value.PORT,
    hostname: value.HOSTNAME,
    keepAliveTimeoutMs: value.KEEP_ALIVE_TIMEOUT,
    dataDir: path.resolve(value.DATA_DIR),
    store: storeSettings(value),
    access: value.ACCESS,
    perMinute: {
      predict: value.PREDICT_PER_MINUTE,
      batch: value.BATCH_PER_MINUTE,
      read: value.READ_PER_MINUTE,
      report: value.REPORT_PER_MINUTE,
    },
    reportsPerDay: value.REPORTS_PER_DAY,
    trustedProxies: value.TRUSTED_PROXIES,
    cacheEntries: value.CACHE_ENTRIES,
    cacheTtlSeconds: value.CACHE_TTL_SECONDS,
    modelsDir: path.resolve(value.MODELS_DIR),
    defaultModel: value.DEFAULT_MODEL,
    maxUploadBytes: value.MAX_UPLOAD_BYTES,
    maxBatchBytes: value.MAX_BATCH_BYTES,
    maxImagePixels: value.MAX_IMAGE_PIXELS,
    maxDecodeBytes: value.MAX_DECODE_BYTES,
    uploadTimeoutMs: value.UPLOAD_TIMEOUT_MS,
    decodeTimeoutSeconds: value.DECODE_TIMEOUT_SECONDS,
    inferenceWorkers: value.INFERENCE_WORKERS,
    inferenceIsolation: value.INFERENCE_ISOLATION,
    executionProviders: value.EXECUTION_PROVIDERS,
    pictureMemoryBytes: value.PICTURE_MEMORY_BYTES,
    queueLimit: value.QUEUE_LIMIT,
    largeUploads: value.LARGE_UPLOADS,
    corsOrigins: value.CORS_ORIGINS,
    driftBaseline: value.DRIFT_BASELINE,
    driftSource: value.DRIFT_SOURCE,
    metricsToken: value.METRICS_TOKEN,
    traces: value.OTEL_EXPORTER_OTLP_ENDPOINT,
  };
}

/**
 * Every setting in effect by its name, for the log: secrets only as "set", addresses without the
 * password that may be in them.
 *
 * @throws Error as `readSettings`
 */
export function describeSettings(env: Record<string, string | undefined>): Record<string, unknown> {
  const described = Object.entries(parse(env)).map(([name, value]) => {
    if (ADDRESSES.includes(name)) return [name, new URL(String(value)).host];
    return [name, SECRETS.includes(name) ? 'set' : value];
  });
  return Object.fromEntries(described) as Record<string, unknown>;
}

function parse(env: Record<string, string | undefined>): Values {
  // An empty variable means "not set": compose files and shells write them that way.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const mistakes: string[] = [];
  const mistake = (name: string, message: string) => {
    const value = SECRETS.includes(name) ? '…' : (given[name] ?? '');
    mistakes.push(`  ${name}=${value}: ${message}`);
  };
  // As a number, blanks would be read as 0, which means "no limit".
  const blank = Object.keys(settingsSchema.shape).filter((name) => given[name]?.trim() === '');
  for (const name of blank) mistake(name, 'expected a value, or nothing at all, received blanks');
  const parsed = settingsSchema.superRefine(checkAll).safeParse(given);
  if (parsed.success && mistakes.length === 0) return parsed.data;
  for (const { path: names, message } of parsed.error?.issues ?? []) {
    const name = String(names[0]);
    if (!blank.includes(name)) mistake(name, message);
  }
  throw new Error(`These settings are wrong:\n${mistakes.join('\n')}`);
}

/** Variables that other tools set and that look like settings. */
const OTHERS: readonly string[] = ['HOSTNAME'];
const SHORTEST_NAME = 8;
const MAX_SLIPS = 2;

/**
 * Variables that look like a setting and are none, each with the name that was probably meant: one
 * or two letters wrong, another case, no underscores, or `SIGHTLINE_` in front.
 */
export function misspelledSettings(
  env: Record<string, string | undefined>,
): readonly { readonly name: string; readonly meant: string }[] {
  const known = Object.keys(settingsSchema.shape);
  const plain = (name: string) =>
    name
      .toUpperCase()
      .replace(/^SIGHTLINE_/, '')
      .replace(/[-_]/g, '');
  return Object.keys(env).flatMap((name) => {
    if (known.includes(name) || OTHERS.includes(name)) return [];
    const meant = known.find((candidate) => {
      const slips = distance(plain(name), plain(candidate));
      return slips === 0 || (candidate.length >= SHORTEST_NAME && slips <= MAX_SLIPS);
    });
    return meant === undefined ? [] : [{ name, meant }];
  });
}

type Values = z.infer<typeof settingsSchema>;

function checkAll(values: Values, context: z.RefinementCtx): void {
  checkStore(values, context);
  if (values.PICTURE_MEMORY_BYTES >= values.MAX_DECODE_BYTES) return;
  context.addIssue({
    code: 'custom',
    path: ['PICTURE_MEMORY_BYTES'],
    message: `expected at least MAX_DECODE_BYTES, which is ${values.MAX_DECODE_BYTES}`,
  });
}

function checkStore(values: Values, context: z.RefinementCtx): void {
  const { REDIS_URL, UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = values;
  const mistake = (name: keyof Values, message: string) =>
    context.addIssue({ code: 'custom', path: [name], message });
  if (url && !token)
    mistake(
      'UPSTASH_REDIS_REST_TOKEN',
      'expected the token that goes with UPSTASH_REDIS_REST_URL, but it is missing',
    );
  if (token && !url)
    mistake(
      'UPSTASH_REDIS_REST_URL',
      'expected the address that goes with UPSTASH_REDIS_REST_TOKEN, but it is missing',
    );
  if (values.REDIS_CLUSTER === '1' && !REDIS_URL)
    mistake('REDIS_CLUSTER', 'expected REDIS_URL with it, the address of any node');
  if (REDIS_URL && url)
    mistake('REDIS_URL', 'expected one store, but UPSTASH_REDIS_REST_URL is set too');
}

function storeSettings(values: Values): StoreSettings {
  const { REDIS_URL, UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = values;
  if (REDIS_URL) {
    const isCluster = values.REDIS_CLUSTER === '1';
    return { kind: 'redis', url: REDIS_URL, ...(isCluster ? { isCluster } : {}) };
  }
  return url && token ? { kind: 'upstash', url, token } : { kind: 'embedded' };
}
