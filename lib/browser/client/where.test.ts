import { describe, expect, test } from 'vitest';
import {
  where,
  type DeviceAbility,
  type RuntimeChoice,
  type ServerFailure,
  type Situation,
} from './where';

const status = (code: number) => ({ kind: 'status', status: code }) as const;
const ofPlatform = (code: number) => ({ ...status(code), foreign: true });
const network: ServerFailure = { kind: 'network' };
const timeout: ServerFailure = { kind: 'timeout', timeoutMs: 2000 };

function situation(
  choice: RuntimeChoice,
  online: boolean,
  device: DeviceAbility,
  failure?: ServerFailure,
): Situation {
  return { choice, online, device, ...(failure ? { failure } : {}) };
}

describe('where a picture is classified first', () => {
  test.each([
    ['automatic', true, 'available', { to: 'server', timeoutMs: 10_000 }],
    ['automatic', true, 'costly', { to: 'server', timeoutMs: 10_000 }],
    ['automatic', true, 'ready', { to: 'server', timeoutMs: 2_000 }],
    ['automatic', false, 'available', { to: 'device', reason: 'offline' }],
    ['automatic', false, 'costly', { to: 'device', reason: 'offline' }],
    ['automatic', false, 'ready', { to: 'device', reason: 'offline' }],
    ['device', true, 'available', { to: 'device', reason: 'chosen' }],
    ['device', true, 'costly', { to: 'device', reason: 'chosen' }],
    ['device', false, 'ready', { to: 'device', reason: 'chosen' }],
    ['server', true, 'ready', { to: 'server', timeoutMs: 10_000 }],
    ['server', false, 'ready', { to: 'server', timeoutMs: 10_000 }],
  ] as const)('%s, online %s, device %s', (choice, online, device, expected) => {
    expect(where(situation(choice, online, device))).toEqual(expected);
  });
});

describe('where a picture goes after the server failed', () => {
  test.each([
    [network, { to: 'device', reason: 'network' }],
    [timeout, { to: 'device', reason: 'timeout' }],
    [status(429), { to: 'device', reason: 'limited' }],
    [status(500), { to: 'device', reason: 'server-error' }],
    [status(502), { to: 'device', reason: 'server-error' }],
    [status(503), { to: 'device', reason: 'server-error' }],
    [status(504), { to: 'device', reason: 'server-error' }],
    [status(415), { to: 'device', reason: 'format' }],
    [status(400), { to: 'nowhere' }],
    [status(401), { to: 'nowhere' }],
    [status(413), { to: 'nowhere' }],
    [ofPlatform(413), { to: 'device', reason: 'server-error' }],
    [ofPlatform(404), { to: 'nowhere' }],
    [status(422), { to: 'nowhere' }],
  ] as const)('automatic, %o', (failure, expected) => {
    expect(where(situation('automatic', true, 'ready', failure))).toEqual(expected);
    expect(where(situation('automatic', true, 'available', failure))).toEqual(expected);
  });

  test('a browser that saves data does not load a model by itself', () => {
    expect(where(situation('automatic', true, 'costly', status(429)))).toEqual({ to: 'nowhere' });
    expect(where(situation('automatic', true, 'costly', network))).toEqual({ to: 'nowhere' });
  });

  test('a visitor who chose the server sees its failure', () => {
    expect(where(situation('server', true, 'ready', status(503)))).toEqual({ to: 'nowhere' });
    expect(where(situation('server', true, 'ready', network))).toEqual({ to: 'nowhere' });
  });
});
