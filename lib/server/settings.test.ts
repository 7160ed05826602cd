import path from 'node:path';
import { expect, test } from 'vitest';
import { describeSettings, misspelledSettings, readSettings } from './settings';

test.each([
  [{ PORT: 'abc' }, 'PORT=abc: expected a whole number from 1 to 65535'],
  [{ PORT: '70000' }, 'PORT=70000: expected at most 65535'],
  [{ PREDICT_PER_MINUTE: '  ' }, 'PREDICT_PER_MINUTE=  : expected a value, or nothing at all'],
  [{ MODELS_DIR: ' ' }, 'MODELS_DIR= : expected a value'],
  [{ UPLOAD_TIMEOUT_MS: '1e12' }, 'UPLOAD_TIMEOUT_MS=1e12: expected at most 3600000'],
  [{ INFERENCE_WORKERS: '1000000' }, 'INFERENCE_WORKERS=1000000: expected at most 256'],
  [{ EXECUTION_PROVIDERS: 'cpu,gpu' }, 'EXECUTION_PROVIDERS=cpu,gpu: expected some of cpu, cuda'],
  [{ EXECUTION_PROVIDERS: 'cpu,cpu' }, 'each once'],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' },
    'OTEL_EXPORTER_OTLP_ENDPOINT=collector:4318: expected an address that begins with http://',
  ],
  [{ QUEUE_LIMIT: 'Infinity' }, 'QUEUE_LIMIT=Infinity: expected'],
])('%o is refused by name', (env, named) => {
  expect(() => readSettings(env)).toThrow(named);
});

test('a variable that is nearly a setting is told with the name that was meant', () => {
  const env = {
    MODEL_DIR: 'x',
    REDISURL: 'x',
    SIGHTLINE_PORT: '1',
    trusted_proxies: '1',
    PREDICTS_PER_MINUTE: '1',
    PORT: '1',
    HOST: 'x',
    PATH: 'x',
    HOME: 'x',
    HOSTNAME: 'x',
    REDIS_PORT: 'x',
    npm_config_port: 'x',
  };
  expect(misspelledSettings(env)).toEqual([
    { name: 'MODEL_DIR', meant: 'MODELS_DIR' },
    { name: 'REDISURL', meant: 'REDIS_URL' },
    { name: 'SIGHTLINE_PORT', meant: 'PORT' },
    { name: 'trusted_proxies', meant: 'TRUSTED_PROXIES' },
    { name: 'PREDICTS_PER_MINUTE', meant: 'PREDICT_PER_MINUTE' },
  ]);
});

test('everything has a default', () => {
  expect(readSettings({})).toMatchObject({
    port: 3000,
    modelsDir: path.resolve('models'),
    maxUploadBytes: 20 * 1024 * 1024,
    maxImagePixels: 64_000_000,
    maxDecodeBytes: 536_870_912,
    driftBaseline: 'evaluation',
  });
});

test('an empty variable is one that is not set', () => {
  expect(readSettings({ QUEUE_LIMIT: '' })).toEqual(readSettings({}));
});

test('every wrong setting is named with what came', () => {
  const read = () => readSettings({ PORT: 'x', QUEUE_LIMIT: '-1', MAX_UPLOAD_BYTES: '1.5' });
  expect(read).toThrow(/PORT=x/);
  expect(read).toThrow(/QUEUE_LIMIT=-1/);
  expect(read).toThrow(/MAX_UPLOAD_BYTES=1\.5/);
});

test.each([
  [
    { UPSTASH_REDIS_REST_URL: 'redis://host:6379', UPSTASH_REDIS_REST_TOKEN: 't' },
    'belongs in REDIS_URL',
  ],
  [{ UPSTASH_REDIS_REST_URL: 'https://host' }, 'UPSTASH_REDIS_REST_TOKEN'],
  [{ UPSTASH_REDIS_REST_TOKEN: 't' }, 'UPSTASH_REDIS_REST_URL'],
  [{ REDIS_URL: 'https://host' }, 'begins with redis://'],
  [{ REDIS_CLUSTER: '1' }, 'expected REDIS_URL with it'],
  [{ REDIS_CLUSTER: 'yes', REDIS_URL: 'redis://h' }, 'REDIS_CLUSTER=yes'],
  [
    { REDIS_URL: 'redis://h', UPSTASH_REDIS_REST_URL: 'https://h', UPSTASH_REDIS_REST_TOKEN: 't' },
    'one store',
  ],
])('the mistake in %o is named', (env, named) => {
  expect(() => readSettings(env)).toThrow(named);
});

test('drift is measured from a week that exists', () => {
  expect(readSettings({ DRIFT_BASELINE: '2026-W53' }).driftBaseline).toBe('2026-W53');
  expect(() => readSettings({ DRIFT_BASELINE: '2025-W53' })).toThrow(
    'DRIFT_BASELINE=2025-W53: expected evaluation, or an ISO week such as 2026-W46',
  );
});

test('a token is not repeated in a message', () => {
  const read = () => readSettings({ UPSTASH_REDIS_REST_TOKEN: 'secret-token', PORT: 'x' });
  expect(read).not.toThrow('secret-token');
});

test('what is logged names every setting that holds, and no secret', () => {
  const described = describeSettings({
    REDIS_URL: 'redis://user:hidden-password@host:6379',
    METRICS_TOKEN: 'hidden-token',
    CORS_ORIGINS: 'https://a.example',
  });
  expect(described).toMatchObject({
    PORT: 3000,
    REDIS_URL: 'host:6379',
    METRICS_TOKEN: 'set',
    CORS_ORIGINS: ['https://a.example'],
  });
  expect(JSON.stringify(described)).not.toContain('hidden');
  expect(describeSettings({})).not.toHaveProperty('METRICS_TOKEN');
});

test.each([
  [{}, { kind: 'embedded' }],
  [{ REDIS_URL: 'redis://h:1' }, { kind: 'redis', url: 'redis://h:1' }],
  [
    { REDIS_URL: 'redis://h:1', REDIS_CLUSTER: '1' },
    { kind: 'redis', url: 'redis://h:1', isCluster: true },
  ],
  [
    { UPSTASH_REDIS_REST_URL: 'https://h', UPSTASH_REDIS_REST_TOKEN: 't' },
    { kind: 'upstash', url: 'https://h', token: 't' },
  ],
])('%o is the store %o', (env, store) => {
  expect(readSettings(env).store).toEqual(store);
});
