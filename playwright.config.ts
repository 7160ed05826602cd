import { defineConfig } from 'playwright/test';
import { EXPECT_TIMEOUT_MS } from './harness/pages/expect';
import { findChromium } from './scripts/chromium';

const executablePath = findChromium();

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  // Pages infer on all processors: side by side they would only wait for each other.
  workers: 1,
  // How long is too long to wait, on a machine that is busy; how fast it is belongs in bench/.
  timeout: 180_000,
  expect: { timeout: EXPECT_TIMEOUT_MS },
  forbidOnly: true,
  reporter: [['list']],
  use: {
    headless: true,
    // Playwright does not see what a service worker answers; the tests about it let it in.
    serviceWorkers: 'block',
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [
        // Containers run as root, where Chromium's sandbox does not start.
        '--no-sandbox',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // A camera that shows a moving test picture; what it may is a permission all the same.
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        // WebGPU in software, so that it is tested where there is no graphics card.
        '--enable-unsafe-webgpu',
        '--use-webgpu-adapter=swiftshader',
        '--enable-features=Vulkan',
      ],
    },
  },
});
