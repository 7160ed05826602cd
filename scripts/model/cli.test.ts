/** Tests the command as a user starts it. */
import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { copyShipped, makeFolder } from './testing';

let models: string;

beforeAll(async () => {
  models = await makeFolder();
  await copyShipped(models, 'tiny');
  await copyShipped(models, 'without-labels');
  await rm(`${models}/without-labels/config.json`);
  return () => rm(models, { recursive: true });
});

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'scripts/cli.ts', 'model', ...args],
    { env: { ...process.env, MODELS_DIR: models }, encoding: 'utf8' },
  );
  return { status, stdout, stderr: stderr.trim() };
}

describe('npm run model', () => {
  test('without a command shows them all', () => {
    const { status, stdout } = run();
    expect(status).toBe(0);
    for (const name of ['add', 'pull', 'list', 'check', 'shrink', 'evaluate']) {
      expect(stdout).toContain(`npm run model -- ${name}`);
    }
  });

  test('explains a command with --help, with examples', () => {
    const { status, stdout } = run('add', '--help');
    expect(status).toBe(0);
    expect(stdout).toContain('--preset');
    expect(stdout).toContain('torchvision: shortest edge to 256');
    expect(stdout).toContain('npm run model -- add flowers.onnx --labels flowers.txt');
  });

  test('list names what is installed, and what is broken and why', () => {
    const { status, stdout } = run('list');
    expect(status).toBe(0);
    expect(stdout).toMatch(/\* tiny +71b9a56b3a2d +200 classes +model\.onnx 8\.7 MB/);
    expect(stdout).toMatch(/! without-labels +BROKEN: .*config\.json/);
  });

  test.each([
    [['frob'], /^expected add, pull, list, check, shrink, evaluate, received frob$/],
    [['check'], /^expected check <id> \[--expect FILE\], received nothing$/],
    [['list', '--id', 'x'], /^list has no option --id\.$/],
    [['check', 'nobody'], /^There is no model "nobody" in .*\. Installed: tiny, without-labels\.$/],
    [['check', 'without-labels'], /^without-labels is broken: .*config\.json.*\.$/],
  ])('%j ends with 1 and one sentence', (args, message) => {
    const { status, stderr } = run(...args);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
  });
});
