import { builtinModules } from 'node:module';
import next from '@next/eslint-plugin-next';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import PROJECTS from './scripts/projects.json' with { type: 'json' };

const TESTS = ['**/*.test.ts'];
const ORT = ['onnxruntime-*', 'onnxruntime-*/**'];
const REACT = ['react', 'react/**', 'react-dom', 'react-dom/**', 'next', 'next/**'];
/** Whole names, so that a folder may be called process or http. */
const NODE = new RegExp(`^(node:.*|${builtinModules.join('|')}|sharp|piscina)(/|$)`);

/** A room by its folder, however the import spells it. */
const room = (...folders) =>
  folders.flatMap((folder) => [`@/${folder}`, `@/${folder}/**`, `**/${folder}/**`]);
/** The rooms of lib as their neighbours spell them; without a file it is the room's index. */
const neighbour = (...names) =>
  names.flatMap((name) => [
    ...room(`lib/${name}`),
    `**/lib/${name}`,
    `../**/${name}/**`,
    ...[1, 2, 3, 4].map((depth) => `${'../'.repeat(depth)}${name}`),
  ]);

/**
 * @param files what the rule holds for
 * @param refused module patterns, with what to do instead
 * @param lateImports selector of the `import()` that are refused, which the import rule cannot see
 */
function border(files, refused, lateImports = 'ImportExpression') {
  return {
    files,
    ignores: TESTS,
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: refused.map(([pattern, message, options]) => ({
            ...(pattern instanceof RegExp ? { regex: pattern.source } : { group: pattern }),
            message,
            ...options,
          })),
        },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: lateImports, message: 'A late import crosses a border all the same.' },
      ],
    },
  };
}

/** Late imports of what may not be imported early either; the page may split its own code. */
const LATE_OVER_BORDER =
  'ImportExpression[source.value=/^(node:|onnxruntime-)|lib.(server|worker)($|.)/]';

const NO_NODE = [NODE, 'This does not run in Node.'];
const NO_ORT = [ORT, 'Only lib/server and lib/worker run a model.'];
const NO_REACT = [REACT, 'React belongs in app and components.'];
const NO_PAGES = [room('app', 'components'), 'Imports point from the page to lib, never back.'];

const BROWSER = [
  NO_NODE,
  NO_ORT,
  NO_REACT,
  NO_PAGES,
  [neighbour('server'), 'The page talks to the server over HTTP.'],
  [
    ['**/worker/**/messages'],
    'The worker is reached by its messages: import types only.',
    { allowTypeImports: true },
  ],
  [/(^|\/)worker(\/(?!(charts\/)?messages$)|$)/, 'Of the worker only its messages are known.'],
];
/** It is published without the page. */
const ALONE = 'The client knows lib/shared and the messages of lib/worker only.';

const SERVER = [
  NO_PAGES,
  [['onnxruntime-web', 'onnxruntime-web/**'], 'The server has onnxruntime-node.'],
  [neighbour('browser', 'worker'), 'The server knows lib/shared only.'],
];

export default tseslint.config(
  { ignores: ['.next/', '.build/', 'public/', 'coverage/', 'next-env.d.ts', 'bench/results/'] },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        project: PROJECTS,
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-console': ['error', { allow: ['info', 'warn', 'error'] }],
    },
  },
  {
    files: ['app/**', 'components/**'],
    plugins: { 'react-hooks': reactHooks, '@next/next': next },
    rules: {
      ...reactHooks.configs.recommended.rules,
      ...next.configs['core-web-vitals'].rules,
      // Pictures here come out of memory or are icons; there is nothing for an optimiser to do.
      '@next/next/no-img-element': 'off',
    },
  },

  border(
    ['lib/shared/**'],
    [
      NO_NODE,
      NO_ORT,
      NO_REACT,
      NO_PAGES,
      [neighbour('server', 'browser', 'worker'), 'lib/shared stands on its own.'],
    ],
  ),
  border(
    ['lib/worker/**'],
    [
      NO_NODE,
      NO_REACT,
      NO_PAGES,
      [['onnxruntime-node'], 'The browser has onnxruntime-web.'],
      [neighbour('server', 'browser'), 'The worker knows lib/shared only.'],
    ],
    'ImportExpression:not([source.value=/^onnxruntime-web($|.)|^[.].[a-z]+-codec$/])',
  ),
  border(
    ['lib/service-worker/**'],
    [
      NO_NODE,
      NO_ORT,
      NO_REACT,
      NO_PAGES,
      [neighbour('server', 'browser', 'worker'), 'The service worker knows lib/shared only.'],
    ],
  ),
  border(['lib/browser/**'], BROWSER),
  border(['lib/browser/client/*'], [...BROWSER, [/^\.\.\/|^@\/lib\/browser\/(?!client\/)/, ALONE]]),
  border(
    ['lib/browser/client/*/**'],
    [...BROWSER, [/^\.\.\/\.\.\/|^@\/lib\/browser\/(?!client\/)/, ALONE]],
  ),
  border(
    ['lib/server/**'],
    [
      ...SERVER,
      NO_REACT,
      [/^(node:)?https?2?$/, 'Only lib/server/process owns a server.', { allowTypeImports: true }],
    ],
  ),
  // Pages come out of Next, which process/ runs.
  border(
    ['lib/server/process/**'],
    [...SERVER, [REACT.filter((name) => name !== 'next'), NO_REACT[1]]],
  ),
  border(
    ['components/**'],
    [
      NO_NODE,
      NO_ORT,
      [neighbour('server', 'worker'), 'Components know lib/browser and lib/shared.'],
      [room('app'), 'Pages are made of components, not the other way round.'],
    ],
    LATE_OVER_BORDER,
  ),
  border(
    ['app/**'],
    [
      NO_NODE,
      NO_ORT,
      [
        [...room('lib/worker'), '@/lib/server/**', '**/lib/server/**'],
        'Routes come in through @/lib/server.',
      ],
    ],
    LATE_OVER_BORDER,
  ),
  border(
    ['scripts/**', 'bench/**', 'harness/**'],
    [[room('tests', 'e2e'), 'What tests share with scripts and bench lies in harness.']],
    'ImportExpression[source.value=/(^|\\/)(tests|e2e)\\//]',
  ),
  {
    files: ['lib/shared/**'],
    ignores: TESTS,
    rules: {
      'no-restricted-globals': [
        'error',
        ...[
          'window',
          'document',
          'self',
          'navigator',
          'location',
          'fetch',
          'performance',
          'console',
          'process',
          'Buffer',
          'globalThis',
          'setTimeout',
          'localStorage',
        ],
      ],
    },
  },
);
