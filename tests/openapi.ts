/** Holds answers to the server's own OpenAPI description. */
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';

interface Described {
  readonly operationId: string;
  readonly 'x-rate-limit-policy'?: string;
  readonly responses: Record<
    string,
    { readonly headers: Record<string, unknown>; readonly content?: Record<string, unknown> }
  >;
}

export interface OpenApiDocument {
  readonly [field: string]: unknown;
  readonly paths: Record<string, Record<string, Described>>;
}

export interface DescribedOperation extends Described {
  readonly path: string;
  readonly method: string;
}

/** Headers that only some answers of a status have. */
const WHERE_IT_APPLIES = ['RateLimit', 'RateLimit-Policy'];

export function operationsOf({ paths }: OpenApiDocument): DescribedOperation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({ ...described, path, method })),
  );
}

/** Gives what is wrong with an answer, by what the description says of its operation; [] if nothing. */
export class AnswerValidator {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });

  constructor(document: OpenApiDocument) {
    addFormats(this.#ajv);
    this.#ajv.addSchema(document, 'openapi');
  }

  async mistakes(operation: DescribedOperation, response: Response): Promise<string[]> {
    const described = operation.responses[response.status];
    if (!described) return [`status ${response.status} is not described`];
    const missing = Object.keys(described.headers)
      .filter((name) => !WHERE_IT_APPLIES.includes(name) && !response.headers.has(name))
      .map((name) => `header ${name} is missing`);
    return [...missing, ...(await this.#bodyMistakes(operation, response, described.content))];
  }

  async #bodyMistakes(
    operation: DescribedOperation,
    response: Response,
    content: Record<string, unknown> | undefined,
  ): Promise<string[]> {
    const body = await response.text();
    if (!content) return body === '' ? [] : [`a body that is not described: ${body.slice(0, 80)}`];
    const type = (response.headers.get('content-type') ?? '').split(';', 1)[0]!;
    const described = [type, '*/*'].find((candidate) => candidate in content);
    if (described === undefined) return [`content type ${type} is not described`];
    if (!type.endsWith('json') || described === '*/*') return [];
    const validate = this.#ajv.compile({ $ref: `openapi#${pointer(operation, response, type)}` });
    validate(JSON.parse(body));
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${instancePath || 'the body'} ${message} ${JSON.stringify(params)}`,
    );
  }
}

function pointer({ path, method }: DescribedOperation, { status }: Response, type: string): string {
  const escape = (name: string) =>
    encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
  const parts = ['paths', path, method, 'responses', String(status), 'content', type, 'schema'];
  return `/${parts.map(escape).join('/')}`;
}
