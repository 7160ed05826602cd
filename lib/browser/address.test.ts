import { expect, test } from 'vitest';
import { readAddress, writeAddress } from './address';

test('an address says which models answer, and from which probability on', () => {
  expect(readAddress('?model=a+b&compare=c&threshold=0.5&x=1')).toEqual({
    model: 'a b',
    compare: 'c',
    threshold: '0.5',
  });
});

test.each(['', '?model=', '?threshold=0.55', '?threshold=2'])('“%s” says nothing', (search) => {
  expect(readAddress(search)).toEqual({});
});

test('what is usual is not written, and what else stood there stays', () => {
  expect(writeAddress('?x=1&model=a', { threshold: '0' })).toBe('?x=1');
  expect(writeAddress('?model=a', {})).toBe('');
  expect(writeAddress('', { model: 'a b', compare: 'c', threshold: '0.2' })).toBe(
    '?model=a+b&compare=c&threshold=0.2',
  );
});
