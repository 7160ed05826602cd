import { ApiError } from '../../http/api-error';

/** Addresses of the protocol's unsupported extensions, with the extension's name. */
const UNSUPPORTED: readonly (readonly [pattern: RegExp, name: string, instead: string])[] = [
  [
    /^\/v2\/(system|cuda|xpu)sharedmemory(\/|$)/,
    'shared memory',
    'tensors in the JSON, or as bytes behind it (binary_data_size)',
  ],
  [/^\/v2\/(models\/[^/]+\/)?trace(\/|$)/, 'trace', 'the header Server-Timing of /api/predict'],
  [/^\/v2\/logging(\/|$)/, 'logging', 'the setting LOG_LEVEL'],
  [
    /^\/v2\/repository\/models\//,
    'loading and unloading by request',
    'folders in MODELS_DIR: they are looked at while the server runs',
  ],
  [/^\/v2\/models\/.+\/generate(_stream)?$/, 'generate', 'POST /v2/models/{id}/infer'],
  [/^\/v1\/models\/[^/]+:explain$/, 'explain', 'POST /api/predict?explain=true'],
];

/** The refusal of an address where another server of the protocol has an extension. */
export function unsupportedAt(pathname: string): ApiError | undefined {
  const found = UNSUPPORTED.find(([pattern]) => pattern.test(pathname));
  if (!found) return undefined;
  const [, name, expected] = found;
  const detail = `This server does not speak the extension "${name}".`;
  return new ApiError('not-found', detail, { expected, received: pathname });
}
