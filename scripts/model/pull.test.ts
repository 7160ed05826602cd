import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Options } from './command';
import { startHub, type FakeHub, type HubFile, type HubFiles } from './fake-hub';
import { pull } from './pull';
import { contextOf, makeFolder, SHIPPED, type TestContext } from './testing';

let hub: FakeHub;
let models: string;

const read = async (file: string): Promise<HubFile> => ({
  content: await readFile(path.join(SHIPPED, file)),
});

async function filesOfModel(): Promise<HubFiles> {
  return {
    '.gitattributes': { content: Buffer.from('*.onnx filter=lfs') },
    'README.md': await read('README.md'),
    'config.json': await read('config.json'),
    'model.safetensors': { content: Buffer.alloc(1000), lfs: true },
    'onnx/model.onnx': { ...(await read('onnx/model.onnx')), lfs: true },
    'onnx/model_fp16.onnx': { ...(await read('onnx/model.onnx')), lfs: true },
    'onnx/model_quantized.onnx': { ...(await read('onnx/model.onnx')), lfs: true },
    'preprocessor_config.json': await read('preprocessor_config.json'),
    'tokenizer.json': { content: Buffer.from('{}') },
  };
}

beforeAll(async () => {
  const files = await filesOfModel();
  const onnx = files['onnx/model.onnx']!;
  hub = await startHub({
    'owner/tiny': files,
    'owner/cut': { ...files, 'onnx/model.onnx': { ...onnx, fault: 'breaks-off' } },
    'owner/slow': { ...files, 'onnx/model.onnx': { ...onnx, fault: 'stalls' } },
    'owner/forged': { ...files, 'onnx/model.onnx': { ...onnx, listedSha256: 'a'.repeat(64) } },
    'owner/torch-only': { 'config.json': files['config.json']!, 'model.safetensors': onnx },
    'owner/quantized-only': { 'onnx/model_quantized.onnx': onnx },
    'owner/no-model': { ...files, 'onnx/model.onnx': { content: Buffer.from('x'), lfs: true } },
  });
});

afterAll(() => hub.stop());

beforeEach(async () => {
  models = await makeFolder();
  vi.stubEnv('HF_ENDPOINT', hub.url);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(models, { recursive: true });
});

async function pullInto(name: string, options: Options = {}): Promise<TestContext> {
  const context = contextOf(models);
  await pull.run(context, [name], options);
  return context;
}

describe('pull', () => {
  test('installs what the layout has, and asks for nothing else', async () => {
    hub.asked.length = 0;
    const context = await pullInto('owner/tiny');
    expect(context.printed()).toMatch(/onnx\/model\.onnx {2}8\.7 MB {2}SHA-256 as the hub says/);
    expect(context.printed()).toContain('200 classes, version 71b9a56b3a2d');
    expect(await readdir(models)).toEqual(['tiny']);
    const files = await readdir(path.join(models, 'tiny'), { recursive: true });
    expect(files.sort()).toEqual([
      'README.md',
      'config.json',
      'onnx',
      'onnx/model.onnx',
      'preprocessor_config.json',
    ]);
    expect(hub.asked.filter((asked) => /safetensors|tokenizer|fp16/.test(asked))).toEqual([]);
  });

  test('under another name, with the variants that are asked for, from --endpoint', async () => {
    vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:9');
    await pullInto('owner/tiny', { id: 'mine', variants: 'fp16', endpoint: `${hub.url}/` });
    expect((await readdir(path.join(models, 'mine/onnx'))).sort()).toEqual([
      'model.onnx',
      'model_fp16.onnx',
    ]);
  });
});

describe('what is wrong is said in a sentence, and nothing is left behind', () => {
  test.each<[string, RegExp, Options?]>([
    ['owner/cut', /^The download of onnx\/model\.onnx broke off: .+\.$/],
    [
      'owner/forged',
      /^expected onnx\/model\.onnx to have the SHA-256 a{64}, received 71b9a56b3a2d/,
    ],
    [
      'owner/unknown',
      /^There is no model owner\/unknown \(main\) at http:.*, or it needs HF_TOKEN\.$/,
    ],
    ['owner/torch-only', /^owner\/torch-only has no onnx\/model\.onnx.* no ONNX file in it\.$/],
    ['owner/quantized-only', /has no onnx\/model\.onnx.* in it: onnx\/model_quantized\.onnx\.$/],
    ['owner/no-model', /^This model cannot be served: /],
    ['tiny', /^expected a name as owner\/name, received tiny$/],
    [
      'owner/tiny',
      /^http:\/\/127\.0\.0\.1:9 does not answer: /,
      { endpoint: 'http://127.0.0.1:9' },
    ],
    ['owner/tiny', /^expected --endpoint to be an address/, { endpoint: 'hub' }],
  ])('%s: %s', async (name, message, options = {}) => {
    await expect(pullInto(name, options)).rejects.toThrow(message);
    expect(await readdir(models)).toEqual([]);
  });
});

test('Ctrl-C in the middle of a download leaves nothing behind', async () => {
  const args = ['--import', 'tsx', 'scripts/cli.ts', 'model', 'pull', 'owner/slow'];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, MODELS_DIR: models },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = once(child, 'close');
  await vi.waitFor(
    async () =>
      expect(await readdir(models, { recursive: true })).toContainEqual(
        expect.stringMatching(/^\.incoming-\w+\/onnx\/model\.onnx$/),
      ),
    { timeout: 20_000 },
  );
  child.kill('SIGINT');
  expect(await ended).toEqual([1, null]);
  expect(said).toContain('Stopped; nothing was installed.');
  expect(await readdir(models)).toEqual([]);
});
