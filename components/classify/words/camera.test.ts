import { expect, test } from 'vitest';
import { describeCamera } from './camera';

test('a camera that is not allowed is said to be, with what to do', () => {
  expect(describeCamera('denied')).toEqual({
    title: 'This page may not use the camera',
    detail: 'Allow it in the settings of the page, beside the address, and try again.',
  });
});
