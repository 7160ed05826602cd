import type { KeyRecord } from '../store/port';
import type { PolicyName } from '../settings';

export interface Policy {
  readonly name: PolicyName;
  readonly windowMs: number;
  /** A key's own limit for this policy, if it has one. */
  readonly ownLimit: (key: KeyRecord) => number | undefined;
}

const MINUTE_MS = 60_000;
const none = () => undefined;

/** Every policy: its window, and the field for a key's own limit. The limits are settings. */
export const POLICIES: Readonly<Record<PolicyName, Policy>> = {
  predict: { name: 'predict', windowMs: MINUTE_MS, ownLimit: (key) => key.predictPerMinute },
  batch: { name: 'batch', windowMs: MINUTE_MS, ownLimit: (key) => key.batchPerMinute },
  read: { name: 'read', windowMs: MINUTE_MS, ownLimit: none },
  report: { name: 'report', windowMs: MINUTE_MS, ownLimit: none },
};
