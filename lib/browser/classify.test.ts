import { describe, expect, test, vi } from 'vitest';
import { classifyPicture, type ClassifyDependencies } from './classify';
import { ServerError } from './client/predict';
import type { DeviceAnswer } from './device/device';
import { DeviceError } from './device/worker-bridge';
import type { DeviceAbility, ServerFailure } from './where';

const picture = new Blob(['picture']);
const deviceAnswer = { source: 'browser' } as DeviceAnswer;

function dependencies({
  failure,
  ability = 'ready',
  online = true,
  deviceError,
  canDecode = true,
}: {
  failure?: ServerFailure;
  ability?: DeviceAbility;
  online?: boolean;
  deviceError?: Error;
  canDecode?: boolean;
}) {
  const askServer = vi.fn<ClassifyDependencies['askServer']>(() =>
    failure
      ? Promise.reject(new ServerError(failure, undefined))
      : Promise.resolve({ source: 'server' } as never),
  );
  const classify = vi.fn(() =>
    deviceError ? Promise.reject(deviceError) : Promise.resolve(deviceAnswer),
  );
  return {
    askServer,
    device: { ability: () => ability, classify },
    canDecode: () => Promise.resolve(canDecode),
    isOnline: () => online,
    now: () => 0,
  };
}

const signal = new AbortController().signal;

describe('classifyPicture', () => {
  test('asks the server only, when it answers', async () => {
    const given = dependencies({});
    const result = await classifyPicture(picture, 'automatic', signal, given);
    expect(result.on).toBe('server');
    expect(given.device.classify).not.toHaveBeenCalled();
  });

  test('never asks the server when this device was chosen', async () => {
    const given = dependencies({});
    const result = await classifyPicture(picture, 'device', signal, given);
    expect(result).toMatchObject({ on: 'device', reason: 'chosen' });
    expect(given.askServer).not.toHaveBeenCalled();
  });

  test('answers on the device, with the reason, when the server is limiting', async () => {
    const failure: ServerFailure = { kind: 'status', status: 429 };
    const result = await classifyPicture(picture, 'automatic', signal, dependencies({ failure }));
    expect(result).toMatchObject({ on: 'device', reason: 'limited', failure });
  });

  test('gives the server less time once the device has its model', async () => {
    const given = dependencies({});
    await classifyPicture(picture, 'automatic', signal, given);
    expect(given.askServer.mock.calls[0]![1].timeoutMs).toBe(2000);
  });

  test('shows what the server said of the picture and does not try again', async () => {
    const given = dependencies({ failure: { kind: 'status', status: 422 } });
    await expect(classifyPicture(picture, 'automatic', signal, given)).rejects.toThrow(ServerError);
    expect(given.device.classify).not.toHaveBeenCalled();
  });

  test('a format that only the browser reads is answered on the device', async () => {
    const failure: ServerFailure = { kind: 'status', status: 415 };
    const result = await classifyPicture(picture, 'automatic', signal, dependencies({ failure }));
    expect(result).toMatchObject({ on: 'device', reason: 'format' });
  });

  test('for a file that neither reads no model is loaded', async () => {
    const given = dependencies({ failure: { kind: 'status', status: 415 }, canDecode: false });
    await expect(classifyPicture(picture, 'automatic', signal, given)).rejects.toThrow(ServerError);
    expect(given.device.classify).not.toHaveBeenCalled();
  });

  test('says what is wrong with the device when it was the last resort', async () => {
    const given = dependencies({
      failure: { kind: 'network' },
      deviceError: new DeviceError('download-failed', 'no model'),
    });
    await expect(classifyPicture(picture, 'automatic', signal, given)).rejects.toThrow('no model');
  });
});
