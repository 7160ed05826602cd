import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Options } from './command';
import { startHub, type FakeHub, type HubFile, type HubFiles } from './fake-hub';
import { pullCommand } from './pull';
import { contextOf, makeFolder, SHIPPED, type TestContext } from './testing';
import { readModelFolder } from '../../lib/server/models/folder';
import { classifierOnnx, classifierWithData } from '@/harness/models/classifier';
import { configOf } from '@/harness/models/folders';

const pull = pullCommand({ firstPauseMs: 1 });

let hub: FakeHub;
let models: string;

const read = async (file: string): Promise<HubFile> => ({
  content: await readFile(path.join(SHIPPED, file)),
});

const json = (value: unknown): HubFile => ({ content: Buffer.from(JSON.stringify(value)) });
const lfs = (content: Buffer): HubFile => ({ content, lfs: true });

const SMALL = { classes: 3, height: 32, width: 32 };
const small = lfs(classifierOnnx(SMALL));
const labelled = { 'config.json': json(configOf(3)) };
const described = {
  ...labelled,
  'preprocessor_config.json': json({ size: 32, do_normalize: false }),
};

function withWeights(model: string, external: string, listed = external): HubFiles {
  const { onnx, data } = classifierWithData({ ...SMALL, external });
  return { ...described, [model]: lfs(onnx), [listed]: lfs(data) };
}

/** Models whose downloads meet faults. */
function troubledModels(): Record<string, HubFiles> {
  const { content } = small;
  const of = (file: Omit<HubFile, 'content' | 'lfs'>) => ({
    ...described,
    'onnx/model.onnx': { content, lfs: true, ...file },
  });
  const busy = { status: 429, headers: { 'Retry-After': '0' } };
  return {
    'owner/short-twice': of({ troubles: [{ endsAt: 1000 }, { endsAt: 2500 }] }),
    'owner/from-the-start': of({ troubles: [{ endsAt: 1000 }, 'ignores-ranges'] }),
    'owner/busy': of({ troubles: [busy, { status: 503 }] }),
    'owner/busy-all-day': of({
      troubles: [{ status: 429, headers: { 'Retry-After': '86400' } }],
    }),
    'owner/down': of({ troubles: Array(5).fill({ status: 503 }) as { status: number }[] }),
  };
}

/** Layouts of optimum, PyTorch and timm on the hub. */
const layouts: Record<string, HubFiles> = {
  'owner/optimum-data': {
    ...described,
    ...withWeights('onnx/model.onnx', 'model.onnx_data', 'onnx/model.onnx_data'),
  },
  'owner/torch-data': withWeights('model.onnx', 'model.onnx.data'),
  'owner/data-lost': withWeights('model.onnx', 'model.onnx.data', 'other.data'),
  'owner/quantized': { ...described, 'onnx/model_quantized.onnx': small },
  'owner/several': {
    ...described,
    'onnx/model_quantized.onnx': small,
    'onnx/model_uint8.onnx': lfs(classifierOnnx({ ...SMALL, seed: 7 })),
  },
  'owner/timm': {
    'config.json': json({
      ...configOf(3),
      pretrained_cfg: { input_size: [3, 32, 32], interpolation: 'bicubic', crop_pct: 0.8 },
    }),
    'model.onnx': small,
  },
  'owner/no-preset': { ...labelled, 'onnx/model.onnx': small },
  'owner/no-labels': {
    'config.json': json({ architecture: 'x' }),
    'preprocessor_config.json': json({ size: 32, do_normalize: false }),
    'onnx/model.onnx': small,
  },
  'owner/keras': { 'class_indices.json': json({ b: 1, a: 0, c: 2 }), 'model.onnx': small },
};

const refusals = {
  'owner/private': { status: 401, error: 'Invalid credentials in Authorization header' },
  'owner/gated': {
    status: 403,
    isListed: true,
    headers: {
      'X-Error-Code': 'GatedRepo',
      'X-Error-Message':
        'Access to model owner/gated is restricted and you are not in the authorized list.',
    },
  },
  'owner/trouble': { status: 500, error: 'Internal Error' },
};

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
  hub = await startHub(
    {
      ...layouts,
      ...troubledModels(),
      'owner/gated': files,
      'owner/tiny': files,
      'owner/cut': { ...files, 'onnx/model.onnx': { ...onnx, fault: 'breaks-off' } },
      'owner/slow': { ...files, 'onnx/model.onnx': { ...onnx, fault: 'stalls' } },
      'owner/forged': { ...files, 'onnx/model.onnx': { ...onnx, listedSha256: 'a'.repeat(64) } },
      'owner/torch-only': { 'config.json': files['config.json']!, 'model.safetensors': onnx },
      'owner/no-model': { ...files, 'onnx/model.onnx': { content: Buffer.from('x'), lfs: true } },
    },
    refusals,
  );
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

describe('models as exporters leave them on the hub', () => {
  test.each([
    ['owner/optimum-data', 'model.onnx_data'],
    ['owner/torch-data', 'model.onnx.data'],
  ])('%s: weights beside the model come along', async (name, weights) => {
    await pullInto(name, { id: 'x' });
    expect((await readdir(path.join(models, 'x/onnx'))).sort()).toEqual(['model.onnx', weights]);
    const { deviceData } = await readModelFolder(path.join(models, 'x'), 'x');
    expect(deviceData.map((file) => file.path)).toEqual([`onnx/${weights}`]);
  });

  test('the only ONNX file is the model', async () => {
    const context = await pullInto('owner/quantized');
    expect(context.printed()).toContain('From owner/quantized, onnx/model_quantized.onnx:');
    expect(await readdir(path.join(models, 'quantized/onnx'))).toEqual(['model.onnx']);
  });

  test('--file says which of several', async () => {
    await pullInto('owner/several', { file: 'onnx/model_uint8.onnx' });
    const file = path.join(models, 'several/onnx/model.onnx');
    expect(await readFile(file)).toEqual(
      layouts['owner/several']!['onnx/model_uint8.onnx']!.content,
    );
  });

  test('timm has its preparation in config.json', async () => {
    const context = await pullInto('owner/timm');
    expect(context.printed()).toContain(
      'shortest edge to 40, bicubic (pretrained_cfg in config.json)',
    );
  });

  test('what is not there may be said', async () => {
    await pullInto('owner/keras', { preset: 'unit' });
    const { labels } = await readModelFolder(path.join(models, 'keras'), 'keras');
    expect(labels).toEqual(['a', 'b', 'c']);
    expect((await readdir(path.join(models, 'keras'))).sort()).toEqual([
      'config.json',
      'onnx',
      'preprocessor_config.json',
    ]);
  });
});

describe('a download that is in trouble', () => {
  const rangesOf = (name: string) =>
    hub.ranges
      .filter((range) => range.startsWith(`/cdn/${name}/`))
      .map((range) => range.split(' ')[1]);

  test('goes on where it ended', async () => {
    const context = await pullInto('owner/short-twice');
    expect(rangesOf('owner/short-twice')).toEqual(['bytes=1000-', 'bytes=2500-']);
    expect(context.printed()).toMatch(
      /onnx\/model\.onnx ended at byte 1000 of .*trying again in 1 s/,
    );
    expect(await readFile(path.join(models, 'short-twice/onnx/model.onnx'))).toEqual(small.content);
  });

  test('starts over where the server takes no ranges', async () => {
    await pullInto('owner/from-the-start');
    const file = path.join(models, 'from-the-start/onnx/model.onnx');
    expect(await readFile(file)).toEqual(small.content);
  });

  test('waits as long as Retry-After says, and tries again', async () => {
    const context = await pullInto('owner/busy');
    expect(context.printed()).toMatch(/answered 429; trying again in 0 s\n.*answered 503; trying/);
    expect(await readFile(path.join(models, 'busy/onnx/model.onnx'))).toEqual(small.content);
  });
});

describe('fails with one sentence, and leaves no files behind', () => {
  test.each<[string, RegExp, Options?]>([
    ['owner/cut', /^The download of onnx\/model\.onnx broke off: .+\.$/],
    [
      'owner/forged',
      /^expected onnx\/model\.onnx to have the SHA-256 a{64}, received 71b9a56b3a2d/,
    ],
    [
      'owner/unknown',
      /^http:\S+ answered 401 for owner\/unknown \(main\): Invalid username or password\. There is no such model, or it needs HF_TOKEN\.$/,
    ],
    ['owner/private', /: Invalid credentials in Authorization header\. There is no such model/],
    [
      'owner/gated',
      / answered 403 .*: Access to model owner\/gated is restricted and you are not in the authorized list\. HF_TOKEN/,
    ],
    ['owner/trouble', /^http:\S+ answered 500: Internal Error\.$/],
    ['owner/down', /^The download of onnx\/model\.onnx broke off: http:\S+ answered 503\.$/],
    ['owner/busy-all-day', /answered 429; it asks to be left alone for 24 h\.$/],
    [
      'owner/data-lost',
      /^model\.onnx keeps weights in "model\.onnx\.data", which is not beside it/,
    ],
    [
      'owner/several',
      /^expected --file NAME, because owner\/several holds no model\.onnx but onnx\/model_quantized\.onnx, onnx\/model_uint8\.onnx$/,
    ],
    ['owner/no-preset', /^expected --preset NAME, because there is no preprocessor_config\.json/],
    ['owner/no-labels', /^expected --labels FILE, because config\.json names no classes$/],
    ['owner/tiny', /^expected --variants to be of .*received q4$/, { variants: 'q4' }],
    [
      'owner/torch-only',
      /^expected owner\/torch-only to hold onnx\/model\.onnx or model\.onnx, but it is missing; model\.safetensors is none: export it to ONNX \(docs\/models\.md\)$/,
    ],
    ['owner/no-model', /^This model cannot be loaded: it is a text: “x”/],
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
