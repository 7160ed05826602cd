import { describe, expect, test, vi } from 'vitest';
import type { Problem } from '@/lib/shared/contract/problems';
import { Client, type ClientRuntime } from './client';
import type { DeviceAnswer } from './device/device';
import { DeviceError } from './device/worker-bridge';
import { ServerError } from './predict';
import type { DeviceAbility, ServerFailure } from './where';

const picture = new Blob(['picture']);
const deviceAnswer = { source: 'browser' } as DeviceAnswer;

/** A client with the given answers of server and device. */
function clientOf({
  failure,
  ability = 'ready',
  online = true,
  deviceError,
  canDecode = true,
  hasDevice = true,
  ...options
}: {
  failure?: ServerFailure;
  ability?: DeviceAbility;
  online?: boolean;
  deviceError?: Error;
  canDecode?: boolean;
  hasDevice?: boolean;
  baseUrl?: string;
}) {
  const askServer = vi.fn<ClientRuntime['askServer']>(() =>
    failure
      ? Promise.reject(new ServerError(failure, undefined))
      : Promise.resolve({ source: 'server' } as never),
  );
  const classify = vi.fn(() =>
    deviceError ? Promise.reject(deviceError) : Promise.resolve(deviceAnswer),
  );
  const runtime = {
    askServer,
    canDecode: () => Promise.resolve(canDecode),
    isOnline: () => online,
    now: () => 0,
  };
  const device = hasDevice ? { device: { ability: () => ability, classify } } : {};
  return { client: new Client({ ...device, ...options, runtime }), askServer, classify };
}

const offline: ServerFailure = { kind: 'network' };

describe('a client', () => {
  test('asks the server only, when it answers', async () => {
    const { client, classify } = clientOf({});
    expect((await client.predict(picture)).on).toBe('server');
    expect(classify).not.toHaveBeenCalled();
  });

  test('never asks the server when this device was chosen', async () => {
    const { client, askServer } = clientOf({});
    const result = await client.predict(picture, { choice: 'device' });
    expect(result).toMatchObject({ on: 'device', reason: 'chosen' });
    expect(askServer).not.toHaveBeenCalled();
  });

  test('answers on the device, with the reason, when the server is limiting', async () => {
    const failure: ServerFailure = { kind: 'status', status: 429 };
    const result = await clientOf({ failure }).client.predict(picture);
    expect(result).toMatchObject({ on: 'device', reason: 'limited', failure });
  });

  test('gives the server less time once the device has its model', async () => {
    const { client, askServer } = clientOf({});
    await client.predict(picture);
    expect(askServer.mock.calls[0]![1].timeoutMs).toBe(2000);
  });

  test('shows what the server said of the picture and does not try again', async () => {
    const { client, classify } = clientOf({ failure: { kind: 'status', status: 422 } });
    await expect(client.predict(picture)).rejects.toThrow(ServerError);
    expect(classify).not.toHaveBeenCalled();
  });

  test('answers a format that only the browser reads on the device', async () => {
    const { client } = clientOf({ failure: { kind: 'status', status: 415 } });
    expect(await client.predict(picture)).toMatchObject({ on: 'device', reason: 'format' });
  });

  test('loads no model for a file that neither reads', async () => {
    const failure: ServerFailure = { kind: 'status', status: 415 };
    const { client, classify } = clientOf({ failure, canDecode: false });
    await expect(client.predict(picture)).rejects.toThrow(ServerError);
    expect(classify).not.toHaveBeenCalled();
  });

  test('throws the failure of the device when it was the last resort', async () => {
    const deviceError = new DeviceError('download-failed', 'no model');
    const { client } = clientOf({ failure: offline, deviceError });
    await expect(client.predict(picture)).rejects.toThrow('no model');
  });

  test('asks the server again with its full time-out, when the device cannot answer', async () => {
    const deviceError = new DeviceError('unsupported-picture', 'no decoder');
    const failure: ServerFailure = { kind: 'timeout', timeoutMs: 2000 };
    const { client, askServer } = clientOf({ failure, deviceError });
    askServer.mockRejectedValueOnce(new ServerError(failure, undefined));
    askServer.mockResolvedValueOnce({ source: 'server' } as never);
    expect((await client.predict(picture)).on).toBe('server');
    expect(askServer.mock.calls.map(([, { timeoutMs }]) => timeoutMs)).toEqual([2000, 10_000]);
  });

  test.each<[ServerFailure, calls: number]>([
    [{ kind: 'timeout', timeoutMs: 2000 }, 2],
    [{ kind: 'timeout', timeoutMs: 10_000 }, 1],
    [{ kind: 'status', status: 429 }, 1],
    [{ kind: 'network' }, 1],
  ])('names the server’s failure (%o) beside the device’s', async (failure, calls) => {
    const deviceError = new DeviceError('load-failed', 'no SIMD');
    const { client, askServer } = clientOf({ failure, deviceError });
    await expect(client.predict(picture)).rejects.toMatchObject({
      message: 'no SIMD',
      serverFailure: failure,
    });
    expect(askServer).toHaveBeenCalledTimes(calls);
  });

  test('passes on its server, the model and the number of labels', async () => {
    const { client, askServer } = clientOf({ baseUrl: 'https://sightline.example' });
    await client.predict(picture, { choice: 'server', model: 'm', topK: 3 });
    expect(askServer.mock.calls[0]![1]).toEqual({
      timeoutMs: 10_000,
      retries: 2,
      baseUrl: 'https://sightline.example',
      model: 'm',
      topK: 3,
    });
  });

  test('asks the device for as many labels as it would ask the server', async () => {
    const { client, classify } = clientOf({});
    await client.predict(picture, { choice: 'device', topK: 3 });
    expect(classify).toHaveBeenCalledWith(picture, 3);
  });

  test('throws the reason of the caller that aborted while the device worked', async () => {
    const { client } = clientOf({});
    const signal = AbortSignal.abort(new Error('changed my mind'));
    const asked = client.predict(picture, { choice: 'device', signal });
    await expect(asked).rejects.toThrow('changed my mind');
  });
});

describe('a client without a device', () => {
  test('asks the server, even if the browser says that it is offline', async () => {
    const { client } = clientOf({ hasDevice: false, online: false });
    expect((await client.predict(picture)).on).toBe('server');
  });

  test('throws the failure of the server', async () => {
    const { client } = clientOf({ hasDevice: false, failure: offline });
    await expect(client.predict(picture)).rejects.toThrow(ServerError);
  });

  test('refuses a picture for the device', async () => {
    const { client } = clientOf({ hasDevice: false });
    const asked = client.predict(picture, { choice: 'device' });
    await expect(asked).rejects.toThrow('made without a device');
  });
});

describe('events', () => {
  test('tell each step, until the listener stops', async () => {
    const { client } = clientOf({ failure: offline });
    const events: unknown[] = [];
    client.on('start', ({ on }) => events.push(`start on the ${on}`));
    client.on('fallover', ({ reason }) => events.push(`fallover: ${reason}`));
    const stop = client.on('answer', ({ classified }) => events.push(classified));
    const classified = await client.predict(picture);
    expect(events).toEqual([
      'start on the server',
      'fallover: network',
      'start on the device',
      classified,
    ]);

    stop();
    await client.predict(picture);
    expect(events).toHaveLength(7);
  });
});

describe('a client that prepares pictures', () => {
  const png = new Blob(['png']);
  const prepared = { png, version: '0ba5eba11f00', width: 4000, height: 3000 };

  const refusal = (status: number, type: string) =>
    new ServerError({ kind: 'status', status }, { type, status } as Problem);

  /** A client whose server gives these answers, one per request. */
  function preparing(...answers: (ServerError | 'answer')[]) {
    const askServer = vi.fn<ClientRuntime['askServer']>(() => {
      const next = answers.shift();
      if (next !== 'answer') return Promise.reject(next!);
      const image = { width: 64, height: 64 };
      return Promise.resolve({ source: 'server', image } as never);
    });
    const preparer = { prepare: vi.fn(() => Promise.resolve(prepared)), forget: vi.fn() };
    const runtime = { askServer, isOnline: () => true, now: () => 0 };
    return { client: new Client({ preparer, runtime }), askServer, preparer };
  }

  test('sends what the model sees, and tells the size of the picture', async () => {
    const { client, askServer } = preparing('answer');
    const classified = await client.predict(picture);
    expect(askServer).toHaveBeenCalledExactlyOnceWith(
      png,
      expect.objectContaining({ prepared: '0ba5eba11f00' }),
    );
    expect(classified).toMatchObject({
      on: 'server',
      answer: { image: { width: 4000, height: 3000 } },
      sent: { bytes: png.size, ofBytes: picture.size },
    });
  });

  test.each([
    [400, 'invalid-request'],
    [409, 'stale-preparation'],
    [415, 'unsupported-image'],
    [422, 'wrong-size'],
  ])('sends the file where that is answered %i %s', async (status, type) => {
    const { client, askServer, preparer } = preparing(refusal(status, type), 'answer');
    const classified = await client.predict(picture);
    expect(askServer.mock.calls.map(([sent]) => sent)).toEqual([png, picture]);
    expect(askServer.mock.calls[1]![1]).not.toHaveProperty('prepared');
    expect(classified).not.toHaveProperty('sent');
    expect(preparer.forget).toHaveBeenCalledOnce();
  });

  test.each([
    [401, 'unauthorized'],
    [413, 'too-large'],
    [422, 'undecodable-image'],
    [429, 'quota-exceeded'],
    [503, 'overloaded'],
  ])('sends nothing more after %i %s', async (status, type) => {
    const { client, askServer } = preparing(refusal(status, type));
    await expect(client.predict(picture)).rejects.toThrow(ServerError);
    expect(askServer).toHaveBeenCalledOnce();
  });

  test('sends nothing more after a refusal in words that are not the server’s', async () => {
    const foreign = new ServerError({ kind: 'status', status: 422, foreign: true }, undefined);
    const { client, askServer } = preparing(foreign);
    await expect(client.predict(picture)).rejects.toThrow(ServerError);
    expect(askServer).toHaveBeenCalledOnce();
  });
});
