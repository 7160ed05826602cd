/**
 * Sends traces to an OpenTelemetry collector; loaded only if OTEL_EXPORTER_OTLP_ENDPOINT is set.
 */
import {
  diag,
  DiagLogLevel,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Tracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  detectResources,
  envDetector,
  resourceFromAttributes,
  type Resource,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { build } from '../build-info';
import { log } from '../log';
import { traceTo, type TracedRequest } from '../trace';

/** The whole shutdown has ten seconds. */
const STOP_TIMEOUT_MS = 2_000;

/**
 * Makes each request of the API a span, and its stages child spans. The SDK reads its own
 * variables, such as OTEL_EXPORTER_OTLP_HEADERS and OTEL_TRACES_SAMPLER.
 *
 * @returns a function that sends the remaining spans and stops
 */
export function startOpenTelemetry(): () => Promise<void> {
  const quiet = () => undefined;
  const warn = (message: string) => log.warn({ reason: message }, 'traces cannot be sent');
  diag.setLogger(
    { error: warn, warn, info: quiet, debug: quiet, verbose: quiet },
    DiagLogLevel.WARN,
  );
  const provider = new BasicTracerProvider({
    resource: resource(),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const tracer = provider.getTracer('sightline', build.version);
  traceTo((request) => record(tracer, request));
  return async () => {
    traceTo(undefined);
    const late = new Promise<void>((resolve) => {
      setTimeout(() => {
        warn(`the last spans were not sent within ${STOP_TIMEOUT_MS} ms`);
        resolve();
      }, STOP_TIMEOUT_MS).unref();
    });
    await Promise.race([provider.shutdown().catch(quiet), late]);
  };
}

function resource(): Resource {
  const own = resourceFromAttributes({
    'service.name': 'sightline',
    'service.version': build.version,
  });
  return own.merge(detectResources({ detectors: [envDetector] }));
}

function record(tracer: Tracer, request: TracedRequest): void {
  const { route, method, path, status, requestId, notes, startMs, endMs } = request;
  const attributes = {
    'http.request.method': method,
    'http.route': route,
    'url.path': path,
    'http.response.status_code': status,
    'sightline.request_id': requestId,
    ...Object.fromEntries(
      Object.entries(notes).map(([name, value]) => [`sightline.${toSnakeCase(name)}`, value]),
    ),
  };
  // Without this the SDK would convert the monotonic clock for each span, each time with another
  // error.
  const offsetMs = Date.now() - performance.now();
  const options = { kind: SpanKind.SERVER, startTime: offsetMs + startMs, attributes };
  const span = tracer.startSpan(`${method} ${route}`, options, parentOf(request));
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  const below = trace.setSpan(ROOT_CONTEXT, span);
  for (const stage of request.stages) {
    const startTime = offsetMs + stage.startMs;
    tracer.startSpan(stage.stage, { startTime }, below).end(offsetMs + stage.endMs);
  }
  span.end(offsetMs + endMs);
}

function parentOf({ parent }: TracedRequest): Context {
  if (!parent) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId: parent.traceId,
    spanId: parent.parentId,
    traceFlags: parent.isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
  });
}

function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
