/** The examples of the documents, run as they stand there, or the reason why not here. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModelSummary } from '@/lib/shared/contract/models';
import { examplesOf, type Example } from '../../harness/docs';
import { startServer, type TestServer } from '../../harness/server';

const DOCS = [
  'README.md',
  'CONTRIBUTING.md',
  'docs/api.md',
  'docs/embed.md',
  'docs/models.md',
  'docs/operations.md',
  'packages/client/README.md',
];
/** Other languages are for reading: answers, headers, tables. */
const LANGUAGES = ['sh', 'ts', 'js', 'html', 'python', 'r'];

/** By how an example begins: what it prints here. */
const PRINTS: Readonly<Record<string, RegExp>> = {
  'curl -F image=@public/samples/cat.png': /"label":"tabby/,
  'curl -F image=@cat.png localhost:3000/api/predict\n': /(?:"label":"tabby.*){3}/s,
  'curl -O localhost:3000/client.py': /"file": "cat.png".*"label": "tabby/,
  'curl --data-binary @prepared.png': /"prepared":true/,
  'curl -F images=@cat.png': /"name":"cat.png".*"name":"rocket.jpg"/,
  'printf \'{"id": "42"': /"id":"42".*"name":"probabilities"/,
  "import { InferenceClient } from '@huggingface/inference'": /"label":"tabby/,
  "import { Sightline } from 'sightline-classify'": /^server tabby/,
  'npx sightline-classify FOLDER': /^$/,
};

const MODEL_STEPS = 'scripts/model/cli.test.ts runs these commands on a model of its own';
const NEEDS_TORCH = 'PyTorch and TensorFlow are not installed where the tests run';
/** By how an example begins: why it is not run here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'npm ci && npm start': 'tests/integration/start.test.ts runs npm start',
  'npm ci && npm test': 'this runs in it',
  'npm ci\nnpm run dev': 'tests/integration/silence.test.ts runs npm run dev',
  'npm run model -- ': MODEL_STEPS,
  'npm start\ncurl -F image=@daisy.jpg': MODEL_STEPS,
  'import torch': NEEDS_TORCH,
  'import json\nimport torch': NEEDS_TORCH,
  'python -m tf2onnx': NEEDS_TORCH,
  'httr2::request': 'R is not installed where the tests run',
  "import { openAsBlob } from 'node:fs'": 'tests/integration/generated-clients.test.ts',
  "import { writeFile } from 'node:fs/promises'": 'tests/integration/generated-clients.test.ts',
  'npm run keys -- ': 'tests/integration/keys.test.ts',
  'HF_ENDPOINT=': 'tests/integration/hub.test.ts asks as huggingface_hub does, and pulls',
  '<script type="module"': 'e2e/embed.spec.ts has the same page',
  '<sightline-classifier': 'e2e/embed.spec.ts has the same element',
  "import { Sightline } from 'https": 'e2e/embed.spec.ts, in a page: Node imports no https',
  "import 'sightline-classify/element'": 'e2e/embed.spec.ts, in a page',
  'cp -r .next/standalone': 'tests/integration/standalone.test.ts',
  'npm run cluster': 'tests/integration/cluster-command.test.ts',
  'export LISTEN=': 'tests/integration/nginx.test.ts fills and runs the same file',
  'npm run backup': 'tests/integration/backup.test.ts runs the commands as they stand',
  'kubectl create namespace': 'no cluster here; tests/integration/kubernetes.test.ts renders it',
  'docker compose': 'no Docker here; tests/deploy.test.ts reads the files',
};

let server: TestServer;
let folder: string;
let preparation: string;

beforeAll(async () => {
  server = await startServer({ BATCH_PER_MINUTE: '0' });
  folder = await mkdtemp(path.join(tmpdir(), 'sightline-examples-'));
  const models = path.join(folder, 'node_modules');
  await mkdir(path.join(models, '.bin'), { recursive: true });
  await mkdir(path.join(folder, 'FOLDER'));
  const client = path.resolve('packages/client');
  await symlink(client, path.join(models, 'sightline-classify'));
  const command = `#!/bin/sh\nexec node '${path.join(client, 'dist/cli.js')}' "$@"\n`;
  await writeFile(path.join(models, '.bin/sightline-classify'), command, { mode: 0o755 });
  await symlink(path.resolve('node_modules/@huggingface'), path.join(models, '@huggingface'));
  await symlink(path.resolve('public'), path.join(folder, 'public'));
  await copyFile('public/samples/cat.png', path.join(folder, 'cat.png'));
  await copyFile('public/samples/cat.png', path.join(folder, 'FOLDER/cat.png'));
  await copyFile('public/samples/rocket.jpg', path.join(folder, 'rocket.jpg'));
  const response = await fetch(`${server.url}/api/models/tiny-imagenet-200`);
  const { preprocessing } = (await response.json()) as ModelSummary;
  preparation = preprocessing.version!;
  const { width, height } = preprocessing;
  const prepared = sharp('public/samples/cat.png').resize(width, height, { fit: 'fill' });
  await prepared.removeAlpha().toFile(path.join(folder, 'prepared.png'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
  await server.stop();
});

const examples = DOCS.flatMap((file) =>
  examplesOf(file)
    .filter(({ language }) => LANGUAGES.includes(language))
    .map((example) => ({ ...example, file })),
);
const startOf = (table: Readonly<Record<string, unknown>>, { code }: Example) =>
  Object.keys(table).find((start) => code.startsWith(start));

test('every example is run here, or has a reason why not', () => {
  const unknown = examples.filter(
    (example) =>
      startOf(PRINTS, example) === undefined && startOf(ELSEWHERE, example) === undefined,
  );
  expect(unknown.map(({ file, line }) => `${file}:${line}`)).toEqual([]);
});

test('every entry has an example', () => {
  const starts = [...Object.keys(PRINTS), ...Object.keys(ELSEWHERE)];
  const unused = starts.filter((start) => !examples.some(({ code }) => code.startsWith(start)));
  expect(unused).toEqual([]);
});

/** With this server for the one of the example, and the model's version for its place. */
function here(code: string): string {
  return code
    .replace(/https:\/\/sightline\.example|http:\/\/localhost:3000/g, server.url)
    .replaceAll('localhost:3000', new URL(server.url).host)
    .replace('<version>', preparation);
}

/** What stands around it in a program: the picture, and that somebody looks at the answer. */
const PRELUDE = `import { openAsBlob } from 'node:fs';
const file = new File([await openAsBlob('cat.png')], 'cat.png');
const picture = file;
`;

async function runExample({ language, code }: Example): Promise<string> {
  const runIt = promisify(execFile);
  const options = { cwd: folder, timeout: 50_000 };
  if (language === 'sh') {
    // client.py is told by its setting whom to ask.
    const env = { ...process.env, SIGHTLINE_URL: server.url };
    const { stdout } = await runIt('bash', ['-euo', 'pipefail', '-c', here(code)], {
      ...options,
      env,
    });
    return stdout;
  }
  const shows = code.includes('console.log') ? '' : '\nconsole.log(JSON.stringify(answer));';
  const script = path.join(folder, 'example.mjs');
  await writeFile(script, PRELUDE + here(code) + shows);
  return (await runIt(process.execPath, [script], options)).stdout;
}

describe('prints what it should', () => {
  const run = examples.flatMap((example) => {
    const start = startOf(PRINTS, example);
    return start === undefined
      ? []
      : [[`${example.file}:${example.line}`, example, start] as const];
  });

  test.each(run)('%s', async (_place, example, start) => {
    expect(await runExample(example)).toMatch(PRINTS[start]!);
  });
});
