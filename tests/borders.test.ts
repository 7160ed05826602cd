/** The borders between the rooms are held by the compiler and the linter; this holds the borders. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ESLint } from 'eslint';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import PROJECTS from '../scripts/projects.json' with { type: 'json' };

const root = path.resolve(import.meta.dirname, '..');

/** Types need files that exist; the borders do not. */
const eslint = new ESLint({
  cwd: root,
  overrideConfig: [
    {
      files: ['**/*.{ts,tsx}'],
      languageOptions: { parserOptions: { project: null, programs: null, projectService: false } },
    },
  ],
  ruleFilter: ({ ruleId }) => ruleId.includes('no-restricted'),
});

async function lint(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: path.join(root, file) });
  return result!.messages.map(({ ruleId, message }) => ruleId ?? message);
}

const IMPORTS = '@typescript-eslint/no-restricted-imports';
const LATE_IMPORTS = 'no-restricted-syntax';

describe('the linter refuses', () => {
  test.each([
    ['lib/shared/x.ts', `import 'node:fs';`],
    ['lib/shared/x.ts', `import 'fs';`],
    ['lib/shared/x.ts', `import 'react';`],
    ['lib/shared/x.ts', `import 'onnxruntime-node';`],
    ['lib/shared/x.ts', `import 'onnxruntime-web/wasm';`],
    ['lib/shared/vision/x.ts', `import '../../server/runtime';`],
    ['lib/shared/vision/x.ts', `import '@/lib/browser/client/where';`],
    ['lib/shared/vision/x.ts', `import '../../server';`],
    ['lib/shared/x.ts', `export * from 'node:fs';`],
    ['lib/shared/x.ts', `import type { Stats } from 'node:fs'; export type X = Stats;`],
    ['lib/worker/x.ts', `import 'onnxruntime-node';`],
    ['lib/worker/x.ts', `import '../server/runtime';`],
    ['lib/browser/x.ts', `import 'onnxruntime-web';`],
    ['lib/browser/device/x.ts', `import { answer } from '../../worker/main';`],
    ['lib/worker/x.ts', `import '../server';`],
    ['lib/browser/x.ts', `import '@/components/ui/button';`],
    ['lib/browser/x.ts', `import '../server';`],
    ['lib/browser/x.ts', `import { answer } from '../worker/messages';`],
    ['lib/browser/x.ts', `import type { A } from '../worker/session'; export type X = A;`],
    ['lib/browser/x.ts', `import type { A } from 'onnxruntime-web'; export type X = A;`],
    ['lib/browser/client/x.ts', `import '../preferences';`],
    ['lib/browser/client/x.ts', `import '@/lib/browser/preferences';`],
    ['lib/browser/client/x.ts', `import 'react';`],
    ['lib/browser/client/x.ts', `import 'next/navigation';`],
    ['lib/browser/client/device/x.ts', `import '../../preferences';`],
    ['lib/server/x.ts', `import '../browser/where';`],
    ['lib/server/x.ts', `import 'onnxruntime-web';`],
    ['lib/server/api/x.ts', `import { createServer } from 'node:http'; createServer();`],
    ['lib/server/api/x.ts', `import { createServer } from 'node:https'; createServer();`],
    ['lib/server/statistics/x.ts', `import { Server } from 'http'; new Server();`],
    ['lib/server/api/x.ts', `import 'next/server';`],
    ['scripts/x.ts', `import '../tests/openapi';`],
    ['scripts/cluster/x.ts', `import '../../e2e/support/test';`],
    ['bench/x.ts', `import '../tests/openapi';`],
    ['bench/limit/x.ts', `import '@/tests/openapi';`],
    ['bench/limit/x.ts', `import type { A } from '../../e2e/support/test'; export type X = A;`],
    ['harness/x.ts', `import '../tests/openapi';`],
    ['components/x.tsx', `import '@/lib/server';`],
    ['components/ui/x.tsx', `import '../../lib/server';`],
    ['components/x.tsx', `import 'node:path';`],
    ['app/x.ts', `import '@/lib/server/process/runtime';`],
  ])('in %s: %s', async (file, code) => {
    expect(await lint(file, code)).toEqual([IMPORTS]);
  });

  test.each([
    ['lib/shared/x.ts', `export const x = () => import('node:fs');`],
    ['lib/worker/x.ts', `export const x = () => import('../server/runtime');`],
    ['lib/browser/x.ts', `export const x = () => import('onnxruntime-web/wasm');`],
    ['components/x.tsx', `export const x = () => import('@/lib/server');`],
    ['app/x.ts', `export const x = () => import('@/lib/worker/main');`],
    ['scripts/x.ts', `export const x = () => import('../tests/openapi');`],
    ['bench/limit/x.ts', `export const x = () => import('../../e2e/support/test');`],
  ])('what is imported late in %s: %s', async (file, code) => {
    expect(await lint(file, code)).toEqual([LATE_IMPORTS]);
  });

  test('the page in lib/shared', async () => {
    expect(await lint('lib/shared/x.ts', 'export const x = () => document.title;')).toEqual([
      'no-restricted-globals',
    ]);
  });
});

describe('the linter allows', () => {
  test.each([
    ['lib/shared/vision/x.ts', `import '../model/labels'; import 'zod';`],
    ['lib/worker/x.ts', `import '../shared/vision/tensor'; import 'onnxruntime-web/wasm';`],
    [
      'lib/browser/device/x.ts',
      `import type { WorkerReply } from '../../worker/messages'; export type X = WorkerReply;`,
    ],
    [
      'lib/browser/client/device/x.ts',
      `import type { A } from '@/lib/worker/messages'; import '../models'; export type X = A;`,
    ],
    ['lib/browser/client/x.ts', `import './device/device'; import '@/lib/shared/vision/crop';`],
    [
      'lib/server/x.ts',
      `import 'node:fs'; import 'onnxruntime-node'; import '../shared/vision/tensor';`,
    ],
    ['lib/worker/x.ts', `export const x = () => import('onnxruntime-web/webgpu');`],
    ['lib/server/statistics/x.ts', `import '../inference/worker';`],
    ['lib/server/process/x.ts', `import { createServer } from 'node:http'; createServer();`],
    ['bench/x.ts', `import '../harness/server'; import '../scripts/run'; import 'node:http';`],
    ['scripts/x.ts', `export const x = (folder: string) => import(folder);`],
    ['scripts/x.test.ts', `import '../tests/openapi';`],
    ['lib/shared/x.test.ts', `import 'node:fs'; import 'sharp';`],
    ['components/x.tsx', `import '@/lib/browser/client/where'; import 'react';`],
    ['components/x.tsx', `export const x = () => import('./chart');`],
    ['app/x.ts', `import '@/lib/server'; import '@/components/ui/button';`],
  ])('in %s: %s', async (file, code) => {
    expect(await lint(file, code)).toEqual([]);
  });
});

function readProject(project: string): ts.ParsedCommandLine {
  const configFile = path.join(root, project);
  return ts.parseJsonConfigFileContent(
    ts.readConfigFile(configFile, (file) => ts.sys.readFile(file)).config,
    ts.sys,
    path.dirname(configFile),
  );
}

/** Compiles one more file, that exists in memory only, with a room's own settings. */
function compile(room: string, code: string): string[] {
  const { options } = readProject(`${room}/tsconfig.json`);
  const name = path.join(root, room, 'virtual.ts');
  const host = ts.createCompilerHost(options);
  const onDisk = ts.createCompilerHost(options);
  host.fileExists = (file) => file === name || onDisk.fileExists(file);
  host.getSourceFile = (file, ...rest) =>
    file === name
      ? ts.createSourceFile(file, code, ts.ScriptTarget.ES2023)
      : onDisk.getSourceFile(file, ...rest);
  const program = ts.createProgram([name], options, host);
  return ts
    .getPreEmitDiagnostics(program, program.getSourceFile(name))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('the compiler refuses', () => {
  test.each([
    [
      'lib/shared',
      `import { readFileSync } from 'node:fs'; export const x = readFileSync;`,
      'node:fs',
    ],
    ['lib/shared', 'export const x = document.title;', 'document'],
    ['lib/shared', 'export const x = Buffer.alloc(1);', 'Buffer'],
    ['lib/shared', 'export const x = process.env;', 'process'],
    ['lib/worker', 'export const x = document.title;', 'document'],
    [
      'lib/worker',
      `import { readFileSync } from 'node:fs'; export const x = readFileSync;`,
      'node:fs',
    ],
    ['lib/browser/client', 'export const x = process.env;', 'process'],
    ['lib/server', 'export const x = document.title;', 'document'],
  ])('in %s: %s', (room, code, named) => {
    const mistakes = compile(room, code);
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toContain(named);
  });

  test('nothing in a file that keeps to its room', () => {
    expect(compile('lib/shared', 'export const x = new Uint8Array(1).length;')).toEqual([]);
  });
});

/** Folders of which git, Next or the build is the author. */
const NOT_SOURCE = /^(\..*|node_modules|public|models|coverage|test-results)$/;

function listSources(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) {
      return folder === '' && NOT_SOURCE.test(entry.name) ? [] : listSources(file);
    }
    return /\.[cm]?tsx?$/.test(entry.name) ? [file] : [];
  });
}

test('every source file is in a project that is checked', () => {
  const checked = new Set(PROJECTS.flatMap((project) => readProject(project).fileNames));
  const sources = listSources('');
  expect(sources).toContain('lib/shared/vision/resize.ts');
  expect(sources.filter((file) => !checked.has(path.join(root, file)))).toEqual([]);
});
