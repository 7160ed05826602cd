import { expect, test } from 'vitest';
import { unsupportedAt } from './unsupported';

test.each([
  ['/v2/systemsharedmemory/status', 'shared memory'],
  ['/v2/cudasharedmemory/region/a/register', 'shared memory'],
  ['/v2/trace/setting', 'trace'],
  ['/v2/models/m/trace/setting', 'trace'],
  ['/v2/logging', 'logging'],
  ['/v2/repository/models/m/load', 'loading and unloading by request'],
  ['/v2/models/m/versions/1/generate_stream', 'generate'],
  ['/v1/models/m:explain', 'explain'],
])('%s is refused by the name of its extension', (path, name) => {
  expect(unsupportedAt(path)).toMatchObject({
    type: 'not-found',
    message: `This server does not speak the extension "${name}".`,
    received: path,
  });
});

test.each(['/v2/traces', '/v2/models/trace', '/api/trace', '/v2/nothing'])(
  '%s is where no extension lies',
  (path) => {
    expect(unsupportedAt(path)).toBeUndefined();
  },
);
