/** Traces, as a collector gets them; without its address nothing is loaded and nobody is asked. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { postPicture, smallPicture } from '../../harness/client';
import { logLines } from '../lights';
import { startServer, type TestServer } from '../../harness/server';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: object }[];
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Span['attributes'] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

let collector: Server;
let server: TestServer;
let spans: Span[];
let services: object[];

beforeEach(async () => {
  spans = [];
  services = [];
  collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString()) as Export;
      for (const { resource, scopeSpans } of resourceSpans) {
        services.push(attribute(resource.attributes, 'service.name'));
        spans.push(...scopeSpans.flatMap((scope) => scope.spans));
      }
      response.writeHead(request.url === '/v1/traces' ? 200 : 404).end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  await server.stop();
  await new Promise((resolve) => collector.close(resolve));
});

function attribute(attributes: Span['attributes'], key: string): object {
  return attributes.find((one) => one.key === key)!.value;
}

const address = () => `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
const spanOf = (name: string) => spans.find((span) => span.name === name && span.traceId === TRACE);

test('a request is a span of the client’s trace, with its stages below it', async () => {
  server = await startServer({
    OTEL_EXPORTER_OTLP_ENDPOINT: address(),
    OTEL_BSP_SCHEDULE_DELAY: '100',
    PREDICT_PER_MINUTE: '100',
  });
  const headers = { traceparent: `00-${TRACE}-${PARENT}-01`, 'X-Request-Id': 'order-4711' };
  const response = await postPicture(server.url, await smallPicture(), headers);
  expect(response.status).toBe(200);
  expect(response.headers.get('x-request-id')).toBe('order-4711');
  await expect.poll(() => spanOf('POST predict'), { timeout: 10_000 }).toBeDefined();
  const root = spanOf('POST predict')!;
  expect(root.parentSpanId).toBe(PARENT);
  expect(services).toContainEqual({ stringValue: 'sightline' });
  expect(attribute(root.attributes, 'sightline.request_id')).toEqual({ stringValue: 'order-4711' });
  expect(attribute(root.attributes, 'sightline.model')).toEqual({
    stringValue: 'tiny-imagenet-200',
  });
  expect(attribute(root.attributes, 'http.response.status_code')).toEqual({ intValue: 200 });

  const stages = spans.filter(({ parentSpanId }) => parentSpanId === root.spanId);
  const names = new Set(stages.map(({ name }) => name));
  expect(names).toEqual(new Set(['gate', 'quota', 'queue', 'decode', 'inference', 'store']));
  const late = stages.filter(
    ({ endTimeUnixNano: end }) => BigInt(end) > BigInt(root.endTimeUnixNano),
  );
  expect(late).toEqual([]);

  await server.stop();
  const lines = logLines(server.output(), 'request') as { requestId: string; traceId?: string }[];
  expect(lines.find(({ requestId }) => requestId === 'order-4711')).toMatchObject({
    traceId: TRACE,
    model: 'tiny-imagenet-200',
    cost: 1,
  });
});

test('what was not sent yet is sent when the process ends', async () => {
  server = await startServer({ OTEL_EXPORTER_OTLP_ENDPOINT: address() });
  const headers = { traceparent: `00-${TRACE}-${PARENT}-01` };
  await postPicture(server.url, Buffer.from('no picture'), headers);
  await server.stop();
  const root = spanOf('POST predict')!;
  expect(attribute(root.attributes, 'sightline.problem')).toEqual({
    stringValue: 'unsupported-image',
  });
});

test('a collector that is away costs nobody an answer, and the log says so', async () => {
  const gone = address();
  server = await startServer({
    OTEL_EXPORTER_OTLP_ENDPOINT: gone.replace(/\d+$/, '1'),
    OTEL_BSP_SCHEDULE_DELAY: '100',
    OTEL_EXPORTER_OTLP_TIMEOUT: '500',
  });
  expect((await postPicture(server.url, await smallPicture())).status).toBe(200);
  const warnings = () => logLines(server.output(), 'traces cannot be sent').length;
  await expect.poll(warnings, { timeout: 10_000 }).toBeGreaterThan(0);
  expect((await postPicture(server.url, await smallPicture(1))).status).toBe(200);
});
