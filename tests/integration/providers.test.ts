/** EXECUTION_PROVIDERS on a machine without a GPU: falling back and refusing, in words. */
import { afterEach, expect, test } from 'vitest';
import { postPicture, smallPicture } from '../../harness/client';
import { health, LIGHTS_WITHIN_MS, logLines } from '../lights';
import { metricsText } from '../metrics';
import { startServer, type TestServer } from '../../harness/server';

let server: TestServer;

afterEach(() => server.stop());

test('what does not work here is named, and the processor does it', async () => {
  server = await startServer({
    EXECUTION_PROVIDERS: 'cuda,coreml,dml,cpu',
    INFERENCE_WORKERS: '1',
  });
  expect((await postPicture(server.url, await smallPicture())).status).toBe(200);
  const { status, checks } = await health(server.url);
  expect(status).toBe('degraded');
  expect(checks.model.detail).toMatch(
    /^cuda does not work here: .* needs an NVIDIA GPU.* has no (coreml|dml); it has cpu.*; models run on cpu$/,
  );
  const metrics = await metricsText(server.url);
  expect(metrics).toMatch(/^sightline_execution_provider\{provider="cpu"\} 1$/m);
  expect(metrics).toMatch(/^sightline_execution_provider\{provider="cuda"\} 0$/m);
  expect(metrics).toMatch(/^sightline_execution_provider\{provider="(coreml|dml)"\} 0$/m);
  await server.stop();
  expect(server.output()).toMatch(/"level":"warn".*has no (coreml|dml); it has cpu/);
});

test('without the processor behind it nothing is answered, and health says what is missing', async () => {
  const settings = { EXECUTION_PROVIDERS: 'coreml,dml', INFERENCE_WORKERS: '1' };
  server = await startServer(settings, { untilReady: false });
  const detail = async () => (await health(server.url)).checks.model.detail;
  await expect
    .poll(detail, { timeout: 3 * LIGHTS_WITHIN_MS })
    .toMatch(/EXECUTION_PROVIDERS=coreml,dml: .*has no (coreml|dml); it has cpu/);
  const refused = await postPicture(server.url, await smallPicture());
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).not.toBeNull();
  await expect
    .poll(() => logLines(server.output(), 'a pool worker failed').length)
    .toBeGreaterThan(0);
});
