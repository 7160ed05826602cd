import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { curlCommand } from './curl';

/** The arguments that a shell passes to the program. */
function words(command: string): string[] {
  const listed = command.replace(/^curl/, 'printf "%s\\n"');
  return execFileSync('sh', ['-c', listed], { encoding: 'utf8' }).trimEnd().split('\n');
}

test.each(['cat.png', 'my cat.png', "cat's; rm -rf $HOME `id`.png", '-.png', '"@-'])(
  'a shell reads the command for %s as one file and one address',
  (fileName) => {
    expect(words(curlCommand('http://localhost:3000', fileName))).toEqual([
      '-H',
      'Content-Type: application/octet-stream',
      '--data-binary',
      `@./${fileName}`,
      'http://localhost:3000/api/predict',
    ]);
  },
);

test('a model that was chosen is named in the address', () => {
  const address = words(curlCommand('http://localhost:3000', 'cat.png', 'a b')).at(-1);
  expect(address).toBe('http://localhost:3000/api/predict?model=a%20b');
});
