/** Session tokens, which browsers use instead of a key; a token becomes invalid with its key. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyRecord } from '../../store/port';

const TOKEN_PATTERN = /^([0-9a-f]{16})\.(\d{1,11})\.([A-Za-z0-9_-]{43})$/;
const LASTS_SECONDS = 30 * 86_400;

export interface Session {
  readonly keyId: string;
  readonly expiresAtSeconds: number;
  readonly mac: string;
}

/** Valid for 30 days, or until the key expires, is rotated or is revoked. */
export function issueSession(key: KeyRecord, nowMs: number): Session {
  const inSeconds = (atMs: number) => Math.floor(atMs / 1000);
  const expiresAtSeconds = Math.min(
    inSeconds(nowMs) + LASTS_SECONDS,
    inSeconds(key.expiresAtMs ?? Infinity),
  );
  return { keyId: key.id, expiresAtSeconds, mac: macOf(key, expiresAtSeconds) };
}

export function formatSession({ keyId, expiresAtSeconds, mac }: Session): string {
  return `${keyId}.${expiresAtSeconds}.${mac}`;
}

export function parseSession(token: string): Session | undefined {
  const [, keyId, expires, mac] = TOKEN_PATTERN.exec(token) ?? [];
  if (keyId === undefined || expires === undefined || mac === undefined) return undefined;
  return { keyId, expiresAtSeconds: Number(expires), mac };
}

/** Whether a session belongs to the key's current secret and has not expired. */
export function isSessionOf(session: Session, key: KeyRecord, nowMs: number): boolean {
  const expected = Buffer.from(macOf(key, session.expiresAtSeconds));
  const given = Buffer.from(session.mac);
  const isRight = expected.byteLength === given.byteLength && timingSafeEqual(expected, given);
  return isRight && nowMs < session.expiresAtSeconds * 1000;
}

function macOf({ id, secretHash }: KeyRecord, expiresAtSeconds: number): string {
  return createHmac('sha256', Buffer.from(secretHash, 'hex'))
    .update(`session:${id}:${expiresAtSeconds}`)
    .digest('base64url');
}
