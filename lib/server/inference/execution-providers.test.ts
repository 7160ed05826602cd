import { afterEach, expect, test } from 'vitest';
import { chooseProvider, providersInUse } from './execution-providers';

afterEach(() => chooseProvider(['cpu']));

const works = () => Promise.resolve();
const fails = () => Promise.reject(new Error('Failed to load shared library'));

test('the processor is there without an attempt', async () => {
  expect(await chooseProvider(['cpu'], fails)).toEqual({ used: 'cpu', missing: [] });
  expect(providersInUse()).toEqual(['cpu']);
});

test('the first that works is used, with the processor behind it', async () => {
  expect(await chooseProvider(['webgpu', 'cpu'], works)).toEqual({ used: 'webgpu', missing: [] });
  expect(providersInUse()).toEqual(['webgpu', 'cpu']);
});

test('one that does not work is named with the reason, and the next is taken', async () => {
  const { used, missing } = await chooseProvider(['webgpu', 'cpu'], fails);
  expect(used).toBe('cpu');
  expect(missing).toEqual([
    {
      name: 'webgpu',
      reason: expect.stringMatching(
        /^webgpu does not work here: Failed to load shared library; it needs/,
      ) as string,
    },
  ]);
  expect(providersInUse()).toEqual(['cpu']);
});

test('where none works the error says what is missing', async () => {
  await expect(chooseProvider(['webgpu'], fails)).rejects.toThrow(
    /^EXECUTION_PROVIDERS=webgpu: webgpu does not work here: .* Add cpu at the end/,
  );
});

test('what this build does not have is told with what it has', async () => {
  const { missing } = await chooseProvider(['none-such', 'cpu']);
  expect(missing[0]!.reason).toMatch(/has no none-such; it has cpu, /);
});
