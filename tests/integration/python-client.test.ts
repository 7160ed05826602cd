/** The Python client that the server hands out, run as a user runs it. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../harness/server';

let server: TestServer;
let folder: string;

beforeAll(async () => {
  server = await startServer();
  folder = await mkdtemp(path.join(tmpdir(), 'sightline-python-'));
  const client = await fetch(`${server.url}/client.py`);
  expect(client.status).toBe(200);
  await writeFile(path.join(folder, 'client.py'), await client.text());
});

afterAll(async () => {
  await rm(folder, { recursive: true });
  await server.stop();
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function python(...parameters: string[]): Promise<Ended> {
  const run = promisify(execFile)('python3', ['-W', 'error', ...parameters], {
    cwd: folder,
    timeout: 60_000,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  return run.then(
    (output) => ({ code: 0, ...output }),
    (error: Ended) => error,
  );
}

const script = (...lines: string[]) => python('-c', ['import client, json', ...lines].join('\n'));
const samples = path.resolve('public/samples');

describe('client.py', () => {
  test('prints one line of JSON for each picture, and ends with 1 if one failed', async () => {
    const broken = path.join(folder, 'broken.png');
    await writeFile(broken, 'no picture');
    const files = [`${samples}/espresso.png`, broken];
    const { code, stdout } = await python('client.py', '--server', server.url, ...files);
    const lines = stdout.trim().split('\n');
    const answers = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(answers).toMatchObject([
      { file: files[0], predictions: [{ label: 'espresso' }, {}, {}, {}, {}] },
      { file: broken, error: expect.stringMatching(/^415 unsupported-image: /) as string },
    ]);
    expect(code).toBe(1);
  });

  test('classifies many in batches, in order, a bad one among them', async () => {
    const { stdout, stderr } = await script(
      `cup = client.read_picture(${JSON.stringify(`${samples}/espresso.png`)})`,
      `sightline = client.Sightline(${JSON.stringify(server.url)})`,
      'results = list(sightline.classify_many([cup] * 33 + [b"x", cup], top_k=1))',
      'print(json.dumps([[r["index"], r["status"]] for r in results]))',
    );
    expect(stderr).toBe('');
    const statuses = Array.from({ length: 35 }, (_, index) => [index, index === 33 ? 415 : 200]);
    expect(JSON.parse(stdout)).toEqual(statuses);
  });

  test('raises a problem with what was expected and what came', async () => {
    const { stdout } = await script(
      'try:',
      `    client.Sightline(${JSON.stringify(server.url)}).classify(b"GIF89a", top_k=0)`,
      'except client.Problem as problem:',
      '    print(json.dumps([problem.status, problem.type, problem.expected, problem.received]))',
    );
    expect(JSON.parse(stdout)).toEqual([
      400,
      'invalid-request',
      'a whole number from 1 to 200',
      '0',
    ]);
  });

  test('waits as long as Retry-After says, and says that nobody answered', async () => {
    const seen: number[] = [];
    const busy = createServer((request, response) => {
      request.resume();
      seen.push(seen.length);
      const isFirst = seen.length === 1;
      response.writeHead(isFirst ? 503 : 200, isFirst ? { 'Retry-After': '0' } : {});
      response.end(isFirst ? '<p>busy</p>' : '{"models": []}');
    }).listen(0, '127.0.0.1');
    await once(busy, 'listening');
    const url = `http://127.0.0.1:${(busy.address() as AddressInfo).port}`;
    const { stdout } = await script(`print(client.Sightline("${url}").models())`);
    expect(stdout.trim()).toBe("{'models': []}");
    expect(seen).toHaveLength(2);
    busy.close();
    await once(busy, 'close');

    const gone = await script(
      'try:',
      `    client.Sightline("${url}", retries=0).models()`,
      'except client.Problem as problem:',
      '    print(problem.status, problem.type)',
    );
    expect(gone.stdout.trim()).toBe('0 no-answer');
  });
});
