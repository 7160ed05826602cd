/** The published client: what the server hands out, what the package has, and its command. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { version } from '../../package.json';
import { freePort, startServer, type TestServer } from '../../harness/server';

const run = promisify(execFile);
const CLI = path.resolve('packages/client/dist/cli.js');

let server: TestServer;
let folder: string;

beforeAll(async () => {
  server = await startServer({ BATCH_PER_MINUTE: '0' });
  folder = await mkdtemp(path.join(tmpdir(), 'sightline-package-'));
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

describe('what the server hands out', () => {
  test('is named by its content behind a name that stays', async () => {
    for (const name of ['client', 'classifier', 'client-device']) {
      const stays = await fetch(`${server.url}/${name}.js`);
      expect(stays.headers.get('cache-control')).toBe('no-cache');
      const [, address] = /'\.(\/client\/[\w-]+\.js)'/.exec(await stays.text())!;
      const module = await fetch(server.url + address!);
      expect(module.headers.get('cache-control')).toContain('immutable');
      expect(module.headers.get('content-type')).toMatch(/javascript/);
    }
    expect(await (await fetch(`${server.url}/client.d.ts`)).text()).toContain('class Sightline');
  });

  test('is under 12 KB compressed without the device', async () => {
    const [name] = (await readdir('public/client')).filter((one) => /^client-\w+\.js$/.test(one));
    const compressed = brotliCompressSync(await readFile(`public/client/${name}`));
    expect(compressed.byteLength).toBeLessThan(12_000);
  });
});

describe('the package', () => {
  let installed: string;

  beforeAll(async () => {
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
      cwd: 'packages/client',
    });
    const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
    installed = path.join(folder, 'project', 'node_modules', 'sightline-classify');
    await mkdir(installed, { recursive: true });
    await run('tar', [
      '-xzf',
      path.join(folder, filename),
      '-C',
      installed,
      '--strip-components=1',
    ]);
    for (const name of ['cli-progress', 'papaparse', 'string-width']) {
      await symlink(
        path.resolve('node_modules', name),
        path.join(folder, 'project', 'node_modules', name),
      );
    }
  });

  test('has the version of the server, and no file too many', async () => {
    const own = JSON.parse(await readFile(path.join(installed, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(own.version).toBe(version);
    expect((await readdir(installed)).sort()).toEqual([
      'README.md',
      'classifier.d.ts',
      'client.d.ts',
      'dist',
      'package.json',
    ]);
  });

  test('classifies one picture and many from Node, and tells what is wrong', async () => {
    const script = `
      import { openAsBlob } from 'node:fs';
      import { Sightline, ServerError } from 'sightline-classify';
      const sightline = new Sightline({ server: ${JSON.stringify(server.url)} });
      const cup = new File([await openAsBlob(${JSON.stringify(path.resolve('public/samples/espresso.png'))})], 'cup.png');
      const { on, answer } = await sightline.classify(cup, { topK: 1 });
      const many = [];
      for await (const { index, status } of sightline.classifyMany([cup, new File(['x'], 'x'), cup])) many.push([index, status]);
      const error = await sightline.classify(new Blob(['x'])).catch((thrown) => thrown);
      const { models } = await sightline.models();
      console.log(JSON.stringify({ on, label: answer.predictions[0].label, many, type: error instanceof ServerError && error.problem.type, models: models.length > 0, device: sightline.hasDevice }));
    `;
    const file = path.join(folder, 'project', 'try.mjs');
    await writeFile(file, script);
    const { stdout } = await run(process.execPath, [file]);
    expect(JSON.parse(stdout)).toEqual({
      on: 'server',
      label: 'espresso',
      many: [
        [0, 200],
        [1, 415],
        [2, 200],
      ],
      type: 'unsupported-image',
      models: true,
      device: false,
    });
  });

  test('says that it needs the address of a server', async () => {
    const file = path.join(folder, 'project', 'none.mjs');
    await writeFile(file, `import { Sightline } from 'sightline-classify'; new Sightline();`);
    await expect(run(process.execPath, [file])).rejects.toThrow(
      /expected server to be the address/,
    );
  });

  test('has the command', async () => {
    const { stdout } = await run(process.execPath, [path.join(installed, 'dist/cli.js'), '--help']);
    expect(stdout).toContain('sightline-classify FOLDER --server URL');
  });
});

describe('the command', () => {
  let pictures: string;

  beforeEach(async () => {
    pictures = await mkdtemp(path.join(folder, 'pictures-'));
    await mkdir(path.join(pictures, 'more'));
    await cp('public/samples/espresso.png', path.join(pictures, 'espresso.png'));
    await cp('public/samples/cat.png', path.join(pictures, 'more', 'cat.png'));
    await writeFile(path.join(pictures, 'broken.png'), 'no picture');
    await writeFile(path.join(pictures, 'notes.txt'), 'no picture');
  });

  const classify = (...args: string[]) =>
    run(process.execPath, [CLI, pictures, ...args]).then(
      (ended) => ({ code: 0, ...ended }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );

  test('prints a row for each picture, with what is wrong in a column of its own', async () => {
    const { code, stdout, stderr } = await classify('--server', server.url);
    const lines = stdout.trim().split('\n');
    expect(lines.map((line) => line.split(',').slice(0, 2))).toEqual([
      ['file', 'label'],
      ['broken.png', ''],
      ['espresso.png', 'espresso'],
      ['more/cat.png', expect.any(String)],
    ]);
    expect(lines[1]).toMatch(/,"unsupported-image: .*"$/);
    expect(stderr).toContain('2 classified, 1 failed, 0 had been done before');
    expect(code).toBe(1);
  });

  test('prints all labels as lines of JSON', async () => {
    const { stdout } = await classify('--server', server.url, '--format', 'jsonl', '--top-k', '2');
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { predictions: unknown[] });
    expect(rows.map(({ predictions }) => predictions.length)).toEqual([0, 2, 2]);
  });

  test.each([
    [['--server', 'nobody'], 2, /expected --server/],
    [['--key', 'sl_nobody'], 2, /key/],
    [['--model', 'nobody'], 2, /nobody/],
  ])('ends with 2 where nothing can be done: %j', async (args, expected, message) => {
    const { code, stderr } = await classify('--server', server.url, ...args);
    expect(code).toBe(expected);
    expect(stderr).toMatch(message);
  });

  test('goes on after the server and itself were killed: none missing, none twice', async () => {
    const names = Array.from({ length: 320 }, (_, i) => `${String(i).padStart(3, '0')}.png`);
    for (const name of names) await copyCup(name);
    const output = path.join(folder, 'killed.csv');
    const port = await freePort();
    const settings = { BATCH_PER_MINUTE: '0', CACHE_ENTRIES: '0' };
    const first = await startServer(settings, { port });
    const args = [CLI, pictures, '--server', first.url, '--output', output];
    const rows = async () =>
      (await readFile(output, 'utf8').catch(() => '')).split('\n').slice(1, -1);
    const killed = spawn(process.execPath, args, { stdio: 'ignore' });
    await expect.poll(async () => (await rows()).length, { timeout: 60_000 }).toBeGreaterThan(64);
    await first.kill();
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    const before = (await rows()).length;
    expect(before).toBeLessThan(names.length);

    // Nobody is there at first: it waits.
    const again = spawn(process.execPath, args, { stdio: 'ignore' });
    const second = await startServer(settings, { port });
    expect((await once(again, 'exit'))[0]).toBe(1);
    await second.stop();
    const files = (await rows()).map((line) => line.split(',')[0]);
    expect(files.sort()).toEqual([...names, 'broken.png', 'espresso.png', 'more/cat.png'].sort());
  });

  const copyCup = (name: string) => cp('public/samples/espresso.png', path.join(pictures, name));
});
