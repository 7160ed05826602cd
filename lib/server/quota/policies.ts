import type { KeyRecord } from '../store/port';
import type { PolicyName } from '../settings';

export interface Policy {
  readonly name: PolicyName;
  readonly windowMs: number;
  /** A key's own limit, where it has one for this policy. */
  readonly ownLimit: (key: KeyRecord) => number | undefined;
}

const MINUTE_MS = 60_000;
const none = () => undefined;

/** Every limit there is: its window, and what a key may have of its own. Numbers are settings. */
export const POLICIES: Readonly<Record<PolicyName, Policy>> = {
  predict: { name: 'predict', windowMs: MINUTE_MS, ownLimit: (key) => key.predictPerMinute },
  batch: { name: 'batch', windowMs: MINUTE_MS, ownLimit: (key) => key.batchPerMinute },
  read: { name: 'read', windowMs: MINUTE_MS, ownLimit: none },
  report: { name: 'report', windowMs: MINUTE_MS, ownLimit: none },
};
