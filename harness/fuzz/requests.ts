/**
 * Generates requests to every route, from valid to wrong in method, path, query, headers or body.
 */
import fc from 'fast-check';
import { headerText, json, multipart, noBody, rawPicture, type FuzzBody } from './bodies';
import { ROUTES, type FuzzRoute } from './routes';
import type { FuzzRequest } from './send';

const MODEL = 'tiny-imagenet-200';
const MODEL_FILES = ['config.json', 'onnx/model.onnx', 'README.md', 'preprocessor_config.json'];
const ODD_SEGMENTS = [
  '%00',
  '%zz',
  '%',
  '%E0%A4%A',
  '%ff',
  '%2e%2e',
  '..',
  '.',
  '..%2f..%2fpackage.json',
  '..\\..\\etc',
  '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '%252e%252e',
  '__proto__',
  '[id]',
  'a'.repeat(3000),
  '%F0%9F%90%B1',
  ';',
  '',
];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'];
const WHOLE_ADDRESSES = ['http://other.example', 'https://[::1]:444', 'http://['];

const mostly = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>, weight = 6) =>
  fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: odd });

const segment = () =>
  fc.oneof(
    fc.constantFrom(...ODD_SEGMENTS),
    fc.webSegment(),
    fc.string({ maxLength: 20 }).map(encode),
  );

function encode(text: string): string {
  return encodeURIComponent(text);
}

const WORDS: Record<string, () => fc.Arbitrary<string>> = {
  id: () => mostly(fc.constant(MODEL), segment()),
  revision: () => mostly(fc.constant('main'), segment()),
  file: () => mostly(fc.constantFrom(...MODEL_FILES), segment()),
  rest: segment,
};

function pathOf({ path }: FuzzRoute): fc.Arbitrary<string> {
  const segments = path.split('/').map((name) => {
    const word = /^\{(\w+)\}$/.exec(name)?.[1];
    return word === undefined ? fc.constant(name) : WORDS[word]!();
  });
  const usual = fc.tuple(...segments).map((parts) => parts.join('/'));
  const longer = fc.tuple(usual, fc.array(segment(), { minLength: 1, maxLength: 3 }));
  const odd = longer.map(([start, more]) => [start, ...more].join('/'));
  return mostly(usual, odd, 12);
}

const parameter = () =>
  fc
    .tuple(
      mostly(fc.constantFrom('topK', 'model', 'window', 'probe'), fc.webQueryParameters()),
      fc.oneof(
        fc.constantFrom('1', '5', '200', '201', '0', '-1', '1e3', '0x10', '1.5', '', '%zz', '%ff'),
        fc.constantFrom('1h', '24h', '7d', '8d', MODEL, 'nobody', '__proto__', 'live', '%00'),
        fc.webQueryParameters(),
      ),
    )
    .map(([name, value]) => `${name}=${value}`);

const query = () =>
  mostly(
    fc.constant(''),
    fc.array(parameter(), { minLength: 1, maxLength: 3 }).map((all) => `?${all.join('&')}`),
    2,
  );

const HEADERS: Record<string, readonly string[]> = {
  'Content-Type': [
    'multipart/form-data',
    'multipart/form-data; boundary="a;b',
    'application/json; charset=utf-16',
    'APPLICATION/JSON',
    'text/plain',
    'image/png; a="',
    ';',
  ],
  'Content-Encoding': ['gzip', 'identity', 'br, gzip', ''],
  Accept: ['*/*', 'application/xml', 'text/html;q=0.9', ';;q=x'],
  'Accept-Encoding': ['br', 'gzip', 'br;q=0', '*;q=x'],
  Authorization: ['Bearer', 'Bearer sl_nobody', 'Basic !!', 'Bearer \xff', 'bearer a b'],
  'X-Api-Key': ['sl_nobody', '', '\xff', 'k'.repeat(5000)],
  'X-Forwarded-For': ['6.6.6.6', ',,,', 'unknown', '::1%eth0', '1.2.3.4, '.repeat(300)],
  'X-Forwarded-Host': ['[::', 'a b', 'evil.example'],
  'X-Forwarded-Proto': ['java script', 'https,http', ''],
  Range: [
    'bytes=0-3',
    'bytes=-1',
    'bytes=9-1',
    'bytes=99999999999999999999-',
    'bytes=0-1,5-6',
    'x',
  ],
  'If-None-Match': ['*', '"x"', 'W/"', ',,,'],
  'If-Range': ['"x"', 'yesterday'],
  'If-Modified-Since': ['yesterday'],
  Cookie: ['__prerender_bypass=%zz', '=;;', 'a=%ff'],
  RSC: ['1'],
  'Next-Router-State-Tree': ['%zz', '["",{}]'],
  'Next-Action': ['abc', '0'.repeat(42)],
  'X-Middleware-Subrequest': ['src/middleware:middleware'],
  'X-Invoke-Status': ['500'],
  'X-Matched-Path': ['/api/health', '%zz'],
  Origin: ['null', 'https://evil.example'],
  Expect: ['100-continue'],
  Upgrade: ['h2c'],
};

const header = () =>
  fc
    .constantFrom(...Object.keys(HEADERS))
    .chain((name) =>
      fc.tuple(fc.constant(name), mostly(fc.constantFrom(...HEADERS[name]!), headerText(), 4)),
    )
    // With any other value, Node's own client waits for "100 Continue".
    .filter(([name, value]) => name !== 'Expect' || value === '100-continue');

function bodyOf({ body }: FuzzRoute, seeds: readonly Buffer[]): fc.Arbitrary<FuzzBody> {
  const right = [
    ...(body?.json ? [json(seeds, body.json)] : []),
    ...(body?.part ? [multipart(seeds, body.part)] : []),
    ...(body?.raw ? [rawPicture(seeds)] : []),
  ];
  const any = fc.oneof(
    noBody(),
    json(seeds, 'image'),
    multipart(seeds, 'image'),
    rawPicture(seeds),
  );
  return mostly(right.length > 0 ? fc.oneof(...right) : noBody(), any, 12);
}

function requestTo(route: FuzzRoute, seeds: readonly Buffer[]): fc.Arbitrary<FuzzRequest> {
  return fc
    .record({
      method: mostly(fc.constant<string>(route.method), fc.constantFrom(...METHODS), 12),
      origin: mostly(fc.constant(''), fc.constantFrom(...WHOLE_ADDRESSES), 40),
      path: pathOf(route),
      query: query(),
      headers: mostly<[string, string][]>(
        fc.constant([]),
        fc.array(header(), { minLength: 1, maxLength: 4 }),
        1,
      ),
      body: bodyOf(route, seeds),
      isChunked: mostly(fc.constant(false), fc.constant(true)),
    })
    .map(({ method, origin, path, query, headers, body, isChunked }) => ({
      method,
      target: `${origin}${path}${query}`,
      headers: withType(headers, body.type),
      body: body.bytes,
      isChunked,
    }));
}

/**
 * Of two Content-Type headers the server uses the first, so a random one replaces the body's own.
 */
function withType(
  headers: readonly (readonly [string, string])[],
  type: string | undefined,
): FuzzRequest['headers'] {
  if (type === undefined || headers.some(([name]) => name === 'Content-Type')) return headers;
  return [['Content-Type', type], ...headers];
}

export function requests(seeds: readonly Buffer[]): fc.Arbitrary<FuzzRequest> {
  return fc.oneof(
    ...ROUTES.map((route) => ({ weight: route.weight, arbitrary: requestTo(route, seeds) })),
  );
}
