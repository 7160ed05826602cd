/** The window that a query names. */
import * as z from 'zod/mini';
import { windowSchema } from '@/lib/shared/contract/statistics';
import { ApiError } from '../http/api-error';
import type { ApiRequest } from '../http/api-request';
import { jsonWithEtag } from '../http/etag';
import { WINDOWS, type WindowName } from '../statistics/history';
import { RESOLUTIONS } from '../store/port';

const momentSchema = z.iso.datetime({ offset: true });

export function windowName(request: ApiRequest): WindowName {
  const text = new URL(request.url).searchParams.get('window') ?? undefined;
  const parsed = windowSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new ApiError('invalid-request', `There is no window "${text ?? ''}".`, {
    expected: '1h, 24h or 7d',
    received: text ?? '',
  });
}

/** The end of a past window; undefined for one that ends now. */
export function readUntil(request: ApiRequest, name: WindowName): number | undefined {
  const text = new URL(request.url).searchParams.get('until');
  if (text === null) return undefined;
  const { resolution, buckets } = WINDOWS[name];
  const { bucketMs, keptMs } = RESOLUTIONS[resolution];
  const nowMs = Date.now();
  const oldestMs = nowMs - keptMs + buckets * bucketMs;
  const untilMs = Date.parse(text);
  const isThere = untilMs <= nowMs && untilMs >= oldestMs;
  if (momentSchema.safeParse(text).success && isThere) return untilMs;
  throw new ApiError('invalid-request', `No window of ${name} can end at "${text}".`, {
    expected: `a moment such as 2026-01-31T12:00:00Z, from ${new Date(oldestMs).toISOString()} to now`,
    received: text,
  });
}

/** `to` is the time of the request: an ETag that covered it would never match. */
export function withDataEtag<Body extends { to: string }>(
  request: ApiRequest,
  body: Body,
): Response {
  return jsonWithEtag(request, body, { ...body, to: undefined });
}
