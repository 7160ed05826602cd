import { Counter, Gauge, type Registry } from 'prom-client';
import type { Runtime } from '../api/runtime';
import { isReady } from '../inference/readiness';
import { driftOf } from '../statistics/drift';

/** Gauges that are read from the runtime at each scrape. */
export function followRuntime(runtime: Runtime): void {
  const { pool, guard, recorder, uploads, registry, settings, metrics } = runtime;
  const registers = [metrics.registry];
  gauge(registers, 'sightline_ready', 'Whether predictions are answered: 1 or 0.', () =>
    isReady(pool, registry) ? 1 : 0,
  );
  gauge(
    registers,
    'sightline_queue_waiting',
    'Pictures that wait for a worker.',
    () => pool.waiting,
  );
  gauge(registers, 'sightline_queue_limit', 'Pictures that may wait.', () => pool.limit);
  gauge(
    registers,
    'sightline_pool_workers',
    'Workers that take pictures now; those that are starting are left out.',
    () => pool.warm,
  );
  gauge(registers, 'sightline_pool_workers_busy', 'Workers at work.', () => pool.busy);
  gauge(registers, 'sightline_large_uploads', 'Large uploads being read.', () => uploads.underWay);
  gauge(
    registers,
    'sightline_large_uploads_limit',
    'Large uploads that may be read at once.',
    () => settings.largeUploads,
  );
  gauge(
    registers,
    'sightline_store_away',
    'Whether the store takes no writes or cannot be read: 1 or 0.',
    () => (guard.trouble === undefined ? 0 : 1),
  );
  counter(
    registers,
    'sightline_store_errors_total',
    'Store operations that failed.',
    () => guard.errors,
  );
  gauge(
    registers,
    'sightline_statistics_waiting',
    'Counts that the store has not taken yet.',
    () => recorder.waiting,
  );
  counter(
    registers,
    'sightline_statistics_dropped_total',
    'Counts that were lost because the store was unavailable for too long.',
    () => recorder.dropped,
  );
  followCache(runtime);
  followDrift(runtime);
  followBroken(runtime);
  followProviders(runtime);
  new Gauge({
    name: 'sightline_model_info',
    help: 'Always 1 for each model that is served.',
    labelNames: ['model', 'version', 'default'],
    registers: [metrics.registry],
    collect() {
      this.reset();
      for (const model of registry.models) {
        const labels = { model: model.id, version: model.version };
        this.set({ ...labels, default: String(registry.isDefault(model)) }, 1);
      }
    },
  });
  for (const { id } of registry.models) metrics.startAtZero(id);
}

/** Measured over a day, whatever Prometheus's interval: fewer answers are not significant. */
function followDrift({
  history,
  driftReference,
  ttlCache,
  registry,
  metrics,
  settings,
}: Runtime): void {
  new Gauge({
    name: 'sightline_drift_psi',
    help: 'Population stability index of the last 24 hours against the baseline; NaN where there are too few answers to tell.',
    labelNames: ['model', 'of', 'baseline'],
    registers: [metrics.registry],
    async collect() {
      const day = ttlCache.get('drift', async () => {
        const { sums, isPartial } = await history.window('24h');
        return { sums, isPartial, reference: await driftReference.read() };
      });
      const found = await day.catch(() => undefined);
      // A part of the answers tells nothing.
      const read = found?.isPartial ? undefined : found;
      this.reset();
      for (const model of registry.models) {
        const drift = read && driftOf(model, read.sums, read.reference, settings.driftSource);
        if (!drift) continue;
        const labels = { model: model.id, baseline: drift.against };
        this.set({ ...labels, of: 'label' }, drift.psi?.label ?? NaN);
        this.set({ ...labels, of: 'confidence' }, drift.psi?.confidence ?? NaN);
      }
    },
  });
}

function followBroken({ registry, metrics }: Runtime): void {
  new Gauge({
    name: 'sightline_model_broken',
    help: 'Whether the folder of a model cannot be read as it is now: 1 or 0.',
    labelNames: ['model'],
    registers: [metrics.registry],
    collect() {
      this.reset();
      for (const { id } of registry.models) this.set({ model: id }, 0);
      for (const { id } of registry.broken) this.set({ model: id }, 1);
    },
  });
}

function followProviders({ pool, metrics }: Runtime): void {
  new Gauge({
    name: 'sightline_execution_provider',
    help: 'What models run on: 1 for the one in use, 0 for those before it that do not work here.',
    labelNames: ['provider'],
    registers: [metrics.registry],
    collect() {
      this.reset();
      if (!pool.providers) return;
      for (const { name } of pool.providers.missing) this.set({ provider: name }, 0);
      this.set({ provider: pool.providers.used }, 1);
    },
  });
}

function followCache({ cache, metrics }: Runtime): void {
  const registers = [metrics.registry];
  gauge(
    registers,
    'sightline_cache_memory_entries',
    'Kept answers in memory.',
    () => cache.entries,
  );
  gauge(
    registers,
    'sightline_cache_memory_bytes',
    'About what kept answers take in memory.',
    () => cache.bytes,
  );
  new Counter({
    name: 'sightline_cache_requests_total',
    help: 'Look-ups of kept answers by where they were found; misses were inferred.',
    labelNames: ['result'],
    registers: [metrics.registry],
    collect() {
      this.reset();
      const { memory, shared, misses } = cache.counts;
      this.inc({ result: 'memory' }, memory);
      this.inc({ result: 'shared' }, shared);
      this.inc({ result: 'miss' }, misses);
    },
  });
}

function gauge(registers: Registry[], name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers,
    collect() {
      this.set(read());
    },
  });
}

function counter(registers: Registry[], name: string, help: string, read: () => number): void {
  new Counter({
    name,
    help,
    registers,
    collect() {
      this.reset();
      this.inc(read());
    },
  });
}
