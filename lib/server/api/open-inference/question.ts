/**
 * Reads the body of an inference request: JSON, with or without tensors as bytes, compressed or
 * not.
 */
import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import { oipRequestSchema, type OipRequest } from '@/lib/shared/contract/open-inference';
import { ApiError } from '../../http/api-error';
import type { ApiRequest } from '../../http/api-request';
import { encodingOf, readBytes, tooLarge } from '../../intake/body';
import { assertFewValues, parseJson } from '../../intake/json';
import { base64OverheadBytes } from '../../intake/single-image';
import type { Settings } from '../../settings';
import { HEADER_LENGTH, shareBytes, splitBody } from './binary';

/** By the names that clients of the protocol use; HTTP's `deflate` is zlib's format (RFC 9110). */
const DECODERS = { gzip: promisify(gunzip), deflate: promisify(inflate) } as const;

/** Parameters of unsupported extensions, with the extension's name and what to send instead. */
const SHARED_MEMORY = {
  name: 'shared memory',
  instead: 'tensors in the JSON, or as bytes after it (binary_data_size)',
};
const SEQUENCES = { name: 'sequences', instead: 'requests that stand by themselves' };
const UNSUPPORTED_PARAMETERS: Readonly<Record<string, typeof SHARED_MEMORY>> = {
  shared_memory_region: SHARED_MEMORY,
  shared_memory_offset: SHARED_MEMORY,
  shared_memory_byte_size: SHARED_MEMORY,
  sequence_id: SEQUENCES,
  sequence_start: SEQUENCES,
  sequence_end: SEQUENCES,
};

export interface InferenceQuestion {
  readonly request: OipRequest;
  /** Values of inputs that were sent as bytes and not in the JSON, by the input's name. */
  readonly bytes: ReadonlyMap<string, Uint8Array>;
}

/**
 * @param maxValues in the JSON: see `maxJsonValues`
 * @throws ApiError `invalid-request`, and whatever `readBytes` throws; `too-large` for a compressed
 *   body that is longer than the limit when it is decompressed
 */
export async function readQuestion(
  request: ApiRequest,
  settings: Pick<Settings, 'maxUploadBytes' | 'uploadTimeoutMs'>,
  maxValues: number,
): Promise<InferenceQuestion> {
  const body = await readBody(request, settings);
  const { json, tensors } = splitBody(body, request.headers.get(HEADER_LENGTH));
  assertFewValues(json, maxValues);
  const parsed = oipRequestSchema.safeParse(parseJson(json));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ApiError('invalid-request', 'The body is not an inference request.', {
      expected: issue?.message ?? 'an inference request',
      received: issue?.path.join('.') || 'the whole body',
    });
  }
  refuseUnsupported(parsed.data);
  return { request: parsed.data, bytes: shareBytes(parsed.data, tensors) };
}

async function readBody(
  request: ApiRequest,
  { maxUploadBytes: maxBytes, uploadTimeoutMs: timeoutMs }: Parameters<typeof readQuestion>[1],
): Promise<Uint8Array> {
  const overheadBytes = base64OverheadBytes(maxBytes);
  const encodings = Object.keys(DECODERS);
  const body = await readBytes(request, { maxBytes, overheadBytes, timeoutMs, encodings });
  const encoding = encodingOf(request);
  if (!isEncoding(encoding)) return body;
  const maxOutputLength = maxBytes + overheadBytes;
  try {
    return await DECODERS[encoding](body, { maxOutputLength });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw tooLarge(maxBytes, `more than ${maxOutputLength} bytes when decompressed`);
    }
    throw new ApiError(
      'invalid-request',
      `The body is not ${encoding}, although its Content-Encoding says so.`,
      {
        expected: `a complete body in ${encoding}`,
        received: cause instanceof Error ? cause.message : String(cause),
        cause,
      },
    );
  }
}

function isEncoding(encoding: string): encoding is keyof typeof DECODERS {
  return Object.hasOwn(DECODERS, encoding);
}

function refuseUnsupported({ parameters, inputs, outputs = [] }: OipRequest): void {
  const holders = [parameters, ...[...inputs, ...outputs].map((tensor) => tensor.parameters)];
  const names = holders.flatMap((given) => Object.keys(given ?? {}));
  const name = names.find((one) => Object.hasOwn(UNSUPPORTED_PARAMETERS, one));
  const unsupported = name === undefined ? undefined : UNSUPPORTED_PARAMETERS[name];
  if (unsupported === undefined) return;
  const detail = `This server does not support ${unsupported.name}.`;
  throw new ApiError('invalid-request', detail, {
    expected: unsupported.instead,
    received: `the parameter "${name}"`,
  });
}
