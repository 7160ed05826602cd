/** deploy/nginx.conf as nginx reads it, and beside the settings that it must fit. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { base64OverheadBytes } from '@/lib/server/intake/single-image';
import { settingsSchema } from '@/lib/server/settings';
import {
  configurationMistakes,
  fillTemplate,
  TEMPLATE,
  writeConfiguration,
} from '../scripts/cluster/nginx';
import { KEEP_ALIVE_TIMEOUT_MS } from '../scripts/keep-alive';

const MEBIBYTE = 1024 * 1024;
const settings = settingsSchema.parse({});

let folder: string;
let template: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sightline-nginx-'));
  template = await readFile(TEMPLATE, 'utf8');
});

afterAll(() => rm(folder, { recursive: true }));

/** Values of a directive, in order. */
function values(directive: string): string[] {
  return [...template.matchAll(new RegExp(`^\\s*${directive} (.+);`, 'gm'))].map(
    ([, value]) => value!,
  );
}

test('nginx takes the configuration without a warning', async () => {
  const file = await writeConfiguration(folder, '127.0.0.1:8080', ['127.0.0.1:3001', '[::1]:3002']);
  expect(configurationMistakes(file, folder)).toBeUndefined();
});

test('variables are put in place, those of nginx stay, and unknown ones are refused', () => {
  const variables = { LISTEN: '80', REPLICAS: 'server a;', CACHE_DIR: '/c', ACCESS_LOG: '/l' };
  expect(fillTemplate('listen ${LISTEN}; # $host', variables)).toBe('listen 80; # $host');
  expect(() => fillTemplate('${PORT}', variables)).toThrow('PORT');
  expect(fillTemplate(template, variables)).not.toContain('${');
});

describe('sizes and times fit the defaults of the app:', () => {
  test.each([
    ['a picture in base64', 0, settings.MAX_UPLOAD_BYTES],
    ['a batch', 1, settings.MAX_BATCH_BYTES],
  ])('%s reaches the app, and nothing much larger does', (_, index, bytes) => {
    const limit = Number.parseInt(values('client_max_body_size')[index]!) * MEBIBYTE;
    const largest = index === 0 ? bytes + base64OverheadBytes(bytes) : bytes + 64 * 1024;
    expect(limit).toBeGreaterThanOrEqual(largest);
    expect(limit).toBeLessThan(largest + MEBIBYTE);
    expect(values('client_body_buffer_size')[index]).toBe(values('client_max_body_size')[index]);
  });

  test('an idle connection to a replica is closed by nginx', () => {
    const [ofReplicas] = values('keepalive_timeout');
    expect(Number.parseInt(ofReplicas!) * 1000).toBeLessThan(KEEP_ALIVE_TIMEOUT_MS);
  });

  test('a body may take as long', () => {
    const seconds = Number.parseInt(values('client_body_timeout')[0]!);
    expect(seconds * 1000).toBe(settings.UPLOAD_TIMEOUT_MS);
  });
});
