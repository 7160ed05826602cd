import { expect, test } from 'vitest';
import { traceOf } from './trace-context';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const trace = (traceparent: string) => traceOf(new Headers({ traceparent }));

test('a trace is continued, sampled or not', () => {
  const ids = { traceId: TRACE, parentId: PARENT };
  expect(trace(`00-${TRACE}-${PARENT}-01`)).toEqual({ ...ids, isSampled: true });
  expect(trace(`00-${TRACE}-${PARENT}-00`)).toEqual({ ...ids, isSampled: false });
  expect(trace(`01-${TRACE}-${PARENT}-01-later`)).toEqual({ ...ids, isSampled: true });
});

test.each([
  '',
  'nonsense',
  `ff-${TRACE}-${PARENT}-01`,
  `00-${'0'.repeat(32)}-${PARENT}-01`,
  `00-${TRACE}-${'0'.repeat(16)}-01`,
  `00-${TRACE.toUpperCase()}-${PARENT}-01`,
  `00-${TRACE}-${PARENT}-01-more`,
])('"%s" is no trace', (text) => {
  expect(trace(text)).toBeUndefined();
});
