/** Hands out a body piece by piece, as the reader of a web stream does. */
export interface ChunkSource {
  getReader(): {
    read(): Promise<{ done?: boolean; value?: Uint8Array | undefined }>;
    releaseLock(): void;
  };
}

/**
 * The part of `Request` that handlers use. Our own server gives bodies as they come from the
 * socket, because a web stream passes each chunk through several promises.
 */
export interface ApiRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Pick<Headers, 'get' | 'has'>;
  /** Aborts when the client hangs up. */
  readonly signal: AbortSignal;
  readonly body: ChunkSource | null;
}
