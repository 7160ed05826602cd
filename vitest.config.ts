import { defineConfig } from 'vitest/config';

const alias = { '@': import.meta.dirname };

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          env: { LOG_LEVEL: 'silent' },
          include: ['{lib,components,scripts,bench,packages}/**/*.test.ts', 'tests/*.test.ts'],
          exclude: ['**/*.contract.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: {
          // Browsers beside Chromium, each driven through a whole visit.
          name: 'engines',
          include: ['e2e/engines/*.test.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'integration',
          include: ['tests/integration/*.test.ts', 'lib/**/*.contract.test.ts'],
          // Each file starts a server that takes every processor.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
