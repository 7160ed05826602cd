/** deploy/kubernetes, rendered by kubectl and read by Kubernetes' schemas; no cluster has run it. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import { Deployment, StatefulSet } from 'kubernetes-models/apps/v1';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { Ingress, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, PersistentVolumeClaim, Service } from 'kubernetes-models/v1';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { readSettings, settingsSchema } from '@/lib/server/settings';
import { ensureKubectl } from '../../scripts/kubectl';
import { KEEP_ALIVE_TIMEOUT_MS } from '../../scripts/keep-alive';

const FOLDER = path.resolve('deploy/kubernetes');
const OVERLAYS = ['single', 'replicas'] as const;

const MODELS = [
  ConfigMap,
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  NetworkPolicy,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  Service,
  ServiceMonitor,
  StatefulSet,
];

interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [other: string]: unknown;
}

const rendered = new Map<string, Resource[]>();

beforeAll(async () => {
  const kubectl = await ensureKubectl();
  for (const overlay of OVERLAYS) {
    const folder = path.join(FOLDER, 'overlays', overlay);
    const { stdout } = await promisify(execFile)(kubectl, ['kustomize', folder]);
    const documents = parseAllDocuments(stdout).map((one) => one.toJS() as Resource);
    rendered.set(overlay, documents);
  }
});

function find(overlay: string, kind: string, name = 'sightline'): Resource {
  const found = rendered
    .get(overlay)!
    .find((one) => one.kind === kind && one.metadata.name.startsWith(name));
  if (!found) throw new Error(`expected ${kind} ${name} in ${overlay}`);
  return found;
}

/** What Kubernetes' schema says is wrong. */
function mistakesIn(resource: Resource): string[] {
  const Model = MODELS.find(
    ({ apiVersion, kind }) => apiVersion === resource.apiVersion && kind === resource.kind,
  );
  if (!Model) return [`no schema for ${resource.apiVersion} ${resource.kind}`];
  try {
    new Model(resource as never).validate();
    return [];
  } catch (error) {
    return [`${resource.kind} ${resource.metadata.name}: ${(error as Error).message}`];
  }
}

interface Pod {
  readonly terminationGracePeriodSeconds: number;
  readonly containers: readonly {
    readonly image: string;
    readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
    readonly readinessProbe: { readonly httpGet: { readonly path: string } };
    readonly livenessProbe: { readonly httpGet: { readonly path: string } };
    readonly startupProbe: { readonly httpGet: { readonly path: string } };
    readonly lifecycle: { readonly preStop: { readonly exec: { readonly command: string[] } } };
    readonly envFrom: readonly { readonly secretRef?: { readonly optional?: boolean } }[];
    readonly securityContext: object;
  }[];
  readonly volumes: readonly object[];
  readonly securityContext: object;
}

function deploymentOf(overlay: string) {
  const deployment = find(overlay, 'Deployment') as unknown as {
    readonly spec: { readonly replicas?: number; readonly template: { readonly spec: Pod } };
  };
  const pod = deployment.spec.template.spec;
  return { replicas: deployment.spec.replicas, pod, container: pod.containers[0]! };
}

describe.each(OVERLAYS)('overlays/%s', (overlay) => {
  test('is what Kubernetes’ schemas say', () => {
    const resources = rendered.get(overlay)!;
    expect(resources.flatMap(mistakesIn)).toEqual([]);
    const broken = structuredClone(find(overlay, 'Deployment')) as Resource & { spec: object };
    Object.assign(broken.spec, { replicas: 'two' });
    expect(mistakesIn(broken)).toHaveLength(1);
  });

  test('lies in one namespace', () => {
    const namespaces = rendered.get(overlay)!.map(({ metadata }) => metadata.namespace);
    expect(new Set(namespaces)).toEqual(new Set(['sightline']));
  });

  test('sets only what is a setting, to what the server takes', () => {
    const { data } = find(overlay, 'ConfigMap', 'sightline-settings') as unknown as {
      readonly data: Record<string, string>;
    };
    expect(Object.keys(data).filter((name) => !(name in settingsSchema.shape))).toEqual([]);
    const settings = readSettings(data);
    expect(settings).toMatchObject({ port: 3000, trustedProxies: 1, hostname: '0.0.0.0' });
    expect(settings.keepAliveTimeoutMs).toBe(KEEP_ALIVE_TIMEOUT_MS);
    expect(deploymentOf(overlay).container.ports).toEqual([{ name: 'http', containerPort: 3000 }]);
  });

  test('runs the version that this is, as nobody special, and writes to volumes only', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const { pod, container } = deploymentOf(overlay);
    expect(container.image).toBe(`sightline:${version}`);
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  test('asks health of a process, and readiness of predictions', () => {
    const { container, pod } = deploymentOf(overlay);
    expect(container.startupProbe.httpGet.path).toBe('/api/health?probe=live');
    expect(container.livenessProbe.httpGet.path).toBe('/api/health?probe=live');
    expect(container.readinessProbe.httpGet.path).toBe('/api/health');
    const [, seconds] = container.lifecycle.preStop.exec.command;
    // What a stop may take: docs/operations.md.
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(Number(seconds) + 10);
  });
});

test('one replica has its data on a volume', () => {
  const { replicas, pod } = deploymentOf('single');
  expect(replicas).toBe(1);
  expect(pod.volumes).toContainEqual({
    name: 'data',
    persistentVolumeClaim: { claimName: find('single', 'PersistentVolumeClaim').metadata.name },
  });
});

test('replicas share Redis, and how many there are is for the autoscaler', () => {
  const { replicas, container } = deploymentOf('replicas');
  expect(replicas).toBeUndefined();
  expect(container.envFrom).toContainEqual({ secretRef: { name: 'sightline' } });
  const { data } = find('replicas', 'ConfigMap', 'sightline-settings') as unknown as {
    readonly data: { readonly REDIS_URL: string };
  };
  const { hostname } = new URL(data.REDIS_URL);
  expect(find('replicas', 'Service', hostname).metadata.name).toBe(hostname);
});

test('the autoscaler reads a metric that the adapter makes of what the server measures', () => {
  const { spec } = find('replicas', 'HorizontalPodAutoscaler') as unknown as {
    readonly spec: {
      readonly metrics: readonly {
        readonly pods?: { readonly metric: { readonly name: string } };
      }[];
    };
  };
  const { rules } = parse(readFileSync(path.join(FOLDER, 'prometheus-adapter.yaml'), 'utf8')) as {
    readonly rules: {
      readonly custom: readonly {
        readonly name: { readonly as: string };
        readonly metricsQuery: string;
      }[];
    };
  };
  const [rule] = rules.custom;
  expect(spec.metrics[0]!.pods!.metric.name).toBe(rule!.name.as);
  const named = new Set(rule!.metricsQuery.match(/sightline_\w+/g));
  const measured = readFileSync('docs/metrics.md', 'utf8');
  expect(named.size).toBe(2);
  expect([...named].filter((name) => !measured.includes(`\`${name}\``))).toEqual([]);
});
