import {
  PROBLEM_CONTENT_TYPE,
  PROBLEM_TYPES,
  type ProblemType,
} from '@/lib/shared/contract/problems';
import { CLOSED, type Answer, type HeaderName, type Operation } from './parts';
import { componentSchemas, refTo } from './schemas';
import { snippets } from './snippets';
import { version } from '../../../../package.json';

const HEADERS: Record<HeaderName | 'X-Request-Id', string> = {
  ETag: 'Names the content, for If-None-Match.',
  RateLimit: 'What is left of the quota, and for how many seconds: `"predict";r=42;t=17`.',
  'RateLimit-Policy': 'The quota and its window in seconds: `"predict";q=100;w=60`.',
  'Retry-After': 'Whole seconds after which to come again.',
  'Server-Timing': 'The steps in milliseconds.',
  'X-Cache': 'HIT for an answer that was kept, else MISS.',
  'X-Request-Id': 'Names the request in the server’s log.',
};

const DESCRIPTION = [
  'Image classification by the models that are installed here.',
  'Without a key the client’s address has the quota; where ACCESS is `keys`, all but health and metrics need one. Every answer carries `X-Request-Id`; every answer of a limited route carries `RateLimit` and `RateLimit-Policy` where its policy is on.',
  'Each address answers OPTIONS, each GET also HEAD, and any other method 405 with `Allow`. What is at no address here is 404. Errors are RFC 9457 problem details, under /v2 `{"error"}`.',
].join('\n\n');

const TAGS: Readonly<Record<string, string>> = {
  Predictions: 'Pictures to ranked labels, and what became of them.',
  Models: 'What is installed.',
  Numbers: 'What was asked and answered, over time.',
  Operation: 'For those who run the server.',
  'Hugging Face': 'What clients of the hub and of its inference API ask.',
  'Open Inference Protocol': 'Version 2 of the protocol, over REST.',
  'KServe v1': 'The protocol before it.',
};

/** The OpenAPI 3.1 description of every route. */
export function openApiDocument(operations: readonly Operation[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    (paths[operation.path] ??= {})[operation.method] = describe(operation);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sightline',
      version,
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({
      name,
      description: TAGS[name],
    })),
    paths,
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
      },
      headers: Object.fromEntries(
        Object.entries(HEADERS).map(([name, description]) => [
          name,
          { description, schema: { type: 'string' } },
        ]),
      ),
    },
  };
}

function describe(operation: Operation): object {
  const { id, tag, summary, description, policy, isOpen, parameters = [], body } = operation;
  return {
    operationId: id,
    tags: [tag],
    summary,
    description,
    // `{}`: a key is optional unless ACCESS is `keys`; without one the quota of the address is
    // used.
    security: isOpen ? [] : [{}, { bearer: [] }, { apiKey: [] }],
    ...(policy ? { 'x-rate-limit-policy': policy } : {}),
    parameters: parameters.map(({ example, ...rest }) => ({
      ...rest,
      required: rest.in === 'path',
      example: rest.schema.type === 'integer' ? Number(example) : example,
    })),
    ...(body ? { requestBody: { required: true, content: body } } : {}),
    responses: responses(operation),
    'x-code-samples': snippets(operation),
  };
}

function responses(operation: Operation): Record<string, object> {
  const own = Object.entries(operation.answers).map(
    ([status, answer]) => [status, response(operation, answer)] as const,
  );
  const problems = operation.isOpen ? operation.problems : [...CLOSED, ...operation.problems];
  const failed = [...groupByStatus(new Set(problems))].map(
    ([status, types]) =>
      [String(status), response(operation, problemAnswer(operation, types))] as const,
  );
  return Object.fromEntries([...own, ...failed]);
}

function groupByStatus(types: Iterable<ProblemType>): Map<number, ProblemType[]> {
  const groups = new Map<number, ProblemType[]>();
  for (const type of types) {
    const { status } = PROBLEM_TYPES[type];
    groups.set(status, [...(groups.get(status) ?? []), type]);
  }
  return groups;
}

function problemAnswer({ errors = 'problem' }: Operation, types: readonly ProblemType[]): Answer {
  const description = types.map((type) => `\`${type}\`: ${PROBLEM_TYPES[type].title}.`).join(' ');
  const { status } = PROBLEM_TYPES[types[0]!];
  const headers: HeaderName[] = status === 429 || status === 503 ? ['Retry-After'] : [];
  if (errors === 'error') {
    return {
      description,
      headers,
      content: { 'application/json': { schema: refTo('InferenceError') } },
    };
  }
  const schema = {
    allOf: [refTo('Problem'), { properties: { type: { enum: types }, status: { const: status } } }],
  };
  return { description, headers, content: { [PROBLEM_CONTENT_TYPE]: { schema } } };
}

function response({ policy }: Operation, { description, content, headers = [] }: Answer): object {
  const limits: HeaderName[] = policy ? ['RateLimit', 'RateLimit-Policy'] : [];
  const names = ['X-Request-Id', ...headers, ...limits];
  return {
    description,
    headers: Object.fromEntries(
      names.map((name) => [name, { $ref: `#/components/headers/${name}` }]),
    ),
    ...(content ? { content } : {}),
  };
}
