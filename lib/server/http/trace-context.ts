/** The trace that a client's request belongs to, as W3C Trace Context writes it. */
import type { TraceParent } from '../trace';

/** Later versions may append fields; version ff and ids of zeros are invalid. */
const TRACEPARENT =
  /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** @returns undefined if it is missing or invalid, as the recommendation requires */
export function traceOf(headers: Pick<Headers, 'get'>): TraceParent | undefined {
  const given = TRACEPARENT.exec(headers.get('traceparent')?.trim() ?? '');
  if (!given) return undefined;
  const [, version, traceId = '', parentId = '', flags = '', rest] = given;
  if (version === '00' && rest !== undefined) return undefined;
  return { traceId, parentId, isSampled: (parseInt(flags, 16) & 1) === 1 };
}
