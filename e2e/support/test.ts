import { test as base } from 'playwright/test';
import { startServer, type TestServer } from '../../harness/server';
import { ClassifyPage } from '../../harness/pages/classify-page';

interface Fixtures {
  readonly classify: ClassifyPage;
  /** A server of this test's own, which it may kill. */
  readonly ownServer: TestServer;
}

interface WorkerFixtures {
  /** One server for all tests that leave it alone; PLAYWRIGHT_BASE_URL names one that runs. */
  readonly server: Pick<TestServer, 'url'>;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  server: [
    async ({}, use) => {
      const givenUrl = process.env.PLAYWRIGHT_BASE_URL;
      const server = givenUrl ? undefined : await startServer();
      await use(server ?? { url: new URL(givenUrl!).origin });
      await server?.stop();
    },
    { scope: 'worker' },
  ],
  ownServer: async ({}, use) => {
    const server = await startServer();
    await use(server);
    await server.stop();
  },
  classify: async ({ page }, use) => use(new ClassifyPage(page)),
});

export { expect } from 'playwright/test';
