/** Parts of the routes' descriptions. */
import type { ProblemType } from '@/lib/shared/contract/problems';
import { EXPLANATION_METHODS } from '@/lib/shared/vision/explain/heat-map';
import type { PolicyName } from '../../settings';
import { refTo, type JsonSchema, type SchemaName } from './schemas';

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly description: string;
  readonly schema: JsonSchema;
  /** Used in the code examples of /docs. */
  readonly example: string;
}

/** A body by media type. */
export type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;

export interface Answer {
  readonly description: string;
  readonly content?: Content;
  readonly headers?: readonly HeaderName[];
}

export type HeaderName =
  'ETag' | 'RateLimit' | 'RateLimit-Policy' | 'Retry-After' | 'Server-Timing' | 'X-Cache';

export interface Operation {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  readonly policy?: PolicyName;
  /** The route needs no key, even if ACCESS is `keys`. */
  readonly isOpen?: true;
  readonly parameters?: readonly Parameter[];
  readonly body?: Content;
  readonly answers: Readonly<Record<number, Answer>>;
  readonly problems: readonly ProblemType[];
  /** The format of errors: problem details, or the Open Inference Protocol's `{"error"}`. */
  readonly errors?: 'problem' | 'error';
  /** The body that the code examples send. */
  readonly sample?: 'picture' | 'pictures' | Readonly<Record<string, unknown>>;
}

export const LIMITED: ProblemType[] = ['unknown-key', 'quota-exceeded'];
/** Problems of every route that needs a key if ACCESS is `keys`. */
export const CLOSED: ProblemType[] = ['key-required', 'unknown-key', 'quota-exceeded'];
export const UPLOADED: ProblemType[] = [
  'invalid-request',
  'upload-timeout',
  'too-large',
  'unsupported-encoding',
];
export const DECODED: ProblemType[] = ['unsupported-image', 'undecodable-image', 'too-many-pixels'];
export const PREPARATION: ProblemType[] = ['stale-preparation', 'wrong-size'];
export const INFERRED: ProblemType[] = ['overloaded', 'not-ready'];

export const MODEL_QUERY: Parameter = {
  name: 'model',
  in: 'query',
  description: 'Id of a model out of /api/models; without it the default one.',
  schema: { type: 'string' },
  example: 'tiny-imagenet-200',
};
export const TOP_K: Parameter = {
  name: 'topK',
  in: 'query',
  description:
    'How many labels, from 1 to the number of classes; without it 5, and of a multi-label model all that are selected.',
  schema: { type: 'integer', minimum: 1 },
  example: '3',
};
export const EXPLAIN: Parameter = {
  name: 'explain',
  in: 'query',
  description:
    'Where the evidence lies: true for the best method that the model has, or one of them by name.',
  schema: { type: 'string', enum: ['true', 'false', ...EXPLANATION_METHODS], default: 'false' },
  example: 'true',
};
export const EXPLAIN_INDEX: Parameter = {
  name: 'explainIndex',
  in: 'query',
  description: 'The class to explain; without it the first label.',
  schema: { type: 'integer', minimum: 0 },
  example: '193',
};
export const PREPARED: Parameter = {
  name: 'prepared',
  in: 'query',
  description:
    'The sender has resized and cropped the picture: preprocessing.version out of /api/models/{id}.',
  schema: { type: 'string' },
  example: '0ba5eba11f00',
};
export const WINDOW: Parameter = {
  name: 'window',
  in: 'query',
  description: 'How far back.',
  schema: { type: 'string', enum: ['1h', '24h', '7d'], default: '1h' },
  example: '24h',
};
export const UNTIL: Parameter = {
  name: 'until',
  in: 'query',
  description:
    'When the window ends, rounded down to a whole minute of one hour and to a whole hour of the others; now without it. Minutes are kept for 48 hours, hours for 90 days.',
  schema: { type: 'string', format: 'date-time' },
  example: '2026-01-31T12:00:00Z',
};
export const MODEL_ID: Parameter = {
  name: 'id',
  in: 'path',
  description: 'Id of a model.',
  schema: { type: 'string' },
  example: 'tiny-imagenet-200',
};
export const VERSION: Parameter = {
  name: 'version',
  in: 'path',
  description: 'First 12 hex digits of the SHA-256 of the model file.',
  schema: { type: 'string' },
  example: '71b9a56b3a2d',
};

export const json = (name: SchemaName): Content => ({
  'application/json': { schema: refTo(name) },
});
export const cacheable = (name: SchemaName, description: string): Operation['answers'] => ({
  200: { description, content: json(name), headers: ['ETag'] },
  304: { description: 'As If-None-Match has it already.', headers: ['ETag'] },
});
/**
 * No JSON beside it: hey-api takes JSON alone where an operation offers it, and then types no file.
 */
export const multipart = (part: string, schema: JsonSchema): Content => ({
  'multipart/form-data': {
    schema: { type: 'object', required: [part], properties: { [part]: schema } },
  },
});
/** `format: binary` is from OpenAPI 3.0; client generators recognise a file by it. */
export const BYTES: JsonSchema = { type: 'string', format: 'binary' };
export const FILE: JsonSchema = {
  ...BYTES,
  contentMediaType: 'application/octet-stream',
};
