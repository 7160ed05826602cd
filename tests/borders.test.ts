/** The borders between the rooms are held by the compiler and the linter; this holds the borders. */
import path from 'node:path';
import { ESLint } from 'eslint';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

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

describe('the linter refuses', () => {
  test.each([
    ['lib/shared/x.ts', `import 'node:fs';`],
    ['lib/shared/x.ts', `import 'fs';`],
    ['lib/shared/x.ts', `import 'react';`],
    ['lib/shared/x.ts', `import 'onnxruntime-node';`],
    ['lib/shared/x.ts', `import 'onnxruntime-web/wasm';`],
    ['lib/shared/vision/x.ts', `import '../../server/runtime';`],
    ['lib/shared/vision/x.ts', `import '@/lib/browser/where';`],
    ['lib/worker/x.ts', `import 'onnxruntime-node';`],
    ['lib/worker/x.ts', `import '../server/runtime';`],
    ['lib/browser/x.ts', `import 'onnxruntime-web';`],
    ['lib/browser/device/x.ts', `import { answer } from '../../worker/main';`],
    ['lib/browser/x.ts', `import '@/components/ui/button';`],
    ['lib/server/x.ts', `import '../browser/where';`],
    ['lib/server/x.ts', `import 'onnxruntime-web';`],
    ['components/x.tsx', `import '@/lib/server';`],
    ['components/x.tsx', `import 'node:path';`],
    ['app/x.ts', `import '@/lib/server/runtime';`],
  ])('in %s: %s', async (file, code) => {
    expect(await lint(file, code)).toEqual([IMPORTS]);
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
      'lib/server/x.ts',
      `import 'node:fs'; import 'onnxruntime-node'; import '../shared/vision/tensor';`,
    ],
    ['components/x.tsx', `import '@/lib/browser/where'; import 'react';`],
    ['app/x.ts', `import '@/lib/server'; import '@/components/ui/button';`],
  ])('in %s: %s', async (file, code) => {
    expect(await lint(file, code)).toEqual([]);
  });
});

/** Compiles one more file, that exists in memory only, with a room's own settings. */
function compile(room: string, code: string): string[] {
  const configFile = path.join(root, room, 'tsconfig.json');
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(configFile, (file) => ts.sys.readFile(file)).config,
    ts.sys,
    path.dirname(configFile),
  );
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
