/** Helpers of the server's unit tests. */
import type { ApiError } from './http/api-error';

type Init = NonNullable<ConstructorParameters<typeof Request>[1]>;

export function request(
  body: NonNullable<Init['body']>,
  headers: Record<string, string> = {},
): Request {
  return new Request('http://host/api/predict', { method: 'POST', body, headers });
}

export function streamed(
  body: ReadableStream<Uint8Array>,
  headers: Record<string, string> = {},
): Request {
  const init: Init & { duplex: 'half' } = { method: 'POST', body, headers, duplex: 'half' };
  return new Request('http://host/api/predict', init);
}

/** A body that arrives in pieces of `pieceBytes`. */
export function inPieces(body: Uint8Array, pieceBytes: number): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream({
    pull(controller) {
      if (sent >= body.byteLength) return controller.close();
      controller.enqueue(body.slice(sent, (sent += pieceBytes)));
    },
  });
}

/** The error that a promise rejects with. */
export async function failure(work: Promise<unknown>): Promise<ApiError> {
  return work.then(
    () => {
      throw new Error('expected a failure');
    },
    (error: unknown) => error as ApiError,
  );
}
