import type { CountedBucket } from '../store/port';
import { RESOLUTIONS } from '../store/port';
import { digest } from './digest';
import type { Recorder } from './recorder';

const HEARTBEAT_EVERY_MS = 15_000;
const MINUTE_MS = 60_000;

/** Records each minute in which some replica was ready; several beats in a minute count once. */
export function startHeartbeat(
  recorder: Recorder,
  started: Promise<void>,
  isReady: () => boolean,
): () => void {
  const beat = () => {
    if (isReady()) void recorder.record([heartbeatField(Date.now())], ['hour']);
  };
  void started.then(beat);
  const timer = setInterval(beat, HEARTBEAT_EVERY_MS).unref();
  return () => clearInterval(timer);
}

/** Counted in hours, so that a week of minutes is 168 buckets. */
export function heartbeatField(atMs: number): string {
  return `up:${new Date(atMs).getUTCMinutes()}`;
}

/**
 * Share of the minutes from `fromMs` to `nowMs` in which a heartbeat was recorded, 0 to 1; minutes
 * before the first heartbeat of all do not count, nor does the one that is going on.
 */
export function availability(
  hours: readonly CountedBucket[],
  fromMs: number,
  nowMs: number,
): number {
  const up = heartbeatMinutes(hours);
  const first = up[0];
  const currentMinute = Math.floor(nowMs / MINUTE_MS);
  if (first === undefined) return 0;
  const start = Math.max(Math.ceil(fromMs / MINUTE_MS), first);
  if (currentMinute <= start) return 1;
  const present = up.filter((minute) => minute >= start && minute < currentMinute).length;
  return present / (currentMinute - start);
}

/** Minutes since 1970, in order. */
function heartbeatMinutes(hours: readonly CountedBucket[]): number[] {
  return hours
    .flatMap((hour) => digest(hour).upMinutes.map((minute) => hour.startMs / MINUTE_MS + minute))
    .sort((a, b) => a - b);
}

export const HOUR_MS = RESOLUTIONS.hour.bucketMs;
