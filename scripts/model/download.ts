/** Downloads one file of the hub. An interrupted download resumes where it stopped. */
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { CommandError } from './command';
import { askForFile, causeOf, type Hub, type HubFile } from './hub';
import { Interrupted, patiently, type Patience } from './patience';
import { sentence } from './text';

export interface DownloadOptions {
  readonly patience: Patience;
  /** Reports received bytes; a negative number if bytes have to be downloaded again. */
  readonly advance: (bytes: number) => void;
}

/** @throws CommandError if the file cannot be downloaded, or differs from what the hub lists */
export async function download(
  hub: Hub,
  { path: file, size, lfs }: HubFile,
  target: string,
  { patience, advance }: DownloadOptions,
): Promise<void> {
  const out = await open(target, 'w');
  const part = new PartOfFile(out, file, size, advance);
  try {
    await patiently(
      patience,
      () => part.goOn(hub, patience.signal),
      () => part.received,
    );
  } catch (error) {
    patience.signal.throwIfAborted();
    if (error instanceof CommandError) throw error;
    throw new CommandError(`The download of ${file} broke off: ${sentence(error)}.`, {
      cause: error,
    });
  } finally {
    await out.close();
  }
  const sha256 = part.sha256();
  if (lfs && sha256 !== lfs.oid) {
    throw new CommandError(`expected ${file} to have the SHA-256 ${lfs.oid}, received ${sha256}`);
  }
}

class PartOfFile {
  readonly #out: FileHandle;
  readonly #file: string;
  readonly #size: number;
  readonly #advance: (bytes: number) => void;
  #hash = createHash('sha256');
  #etag: string | undefined;
  received = 0;

  constructor(out: FileHandle, file: string, size: number, advance: (bytes: number) => void) {
    this.#out = out;
    this.#file = file;
    this.#size = size;
    this.#advance = advance;
  }

  /**
   * Downloads the rest of the file.
   *
   * @throws Interrupted if the connection ended before the file did
   */
  async goOn(hub: Hub, signal: AbortSignal): Promise<void> {
    if (this.received > 0 && this.received === this.#size) return;
    const asked = { from: this.received, etag: this.#etag };
    const response = await askForFile(hub, this.#file, asked, signal);
    const start = startOf(response);
    if (start === 0) await this.#startOver();
    else if (start !== this.received) {
      throw new CommandError(
        `expected ${this.#file} from byte ${this.received} on, received it from ${start} on`,
      );
    }
    this.#etag = strongEtag(response);
    try {
      for await (const chunk of response.body ?? []) await this.#take(chunk);
    } catch (error) {
      if (error instanceof CommandError) throw error;
      throw new Interrupted(`${this.#file} stopped at byte ${this.received} (${causeOf(error)})`, {
        cause: error,
      });
    }
    if (this.received < this.#size) {
      throw new Interrupted(`${this.#file} ended at byte ${this.received} of ${this.#size}`);
    }
  }

  async #take(chunk: Uint8Array): Promise<void> {
    if (this.received + chunk.length > this.#size) {
      throw new CommandError(`expected ${this.#file} to have ${this.#size} bytes, received more`);
    }
    this.#hash.update(chunk);
    await this.#write(chunk);
    this.received += chunk.length;
    this.#advance(chunk.length);
  }

  async #write(chunk: Uint8Array): Promise<void> {
    try {
      for (let at = 0; at < chunk.length;) {
        const rest = chunk.length - at;
        at += (await this.#out.write(chunk, at, rest, this.received + at)).bytesWritten;
      }
    } catch (cause) {
      throw new CommandError(`${this.#file} cannot be written: ${sentence(cause)}.`, { cause });
    }
  }

  async #startOver(): Promise<void> {
    this.#advance(-this.received);
    this.received = 0;
    this.#hash = createHash('sha256');
    await this.#out.truncate(0);
  }

  sha256(): string {
    return this.#hash.digest('hex');
  }
}

/** Offset of the first byte of a response. */
function startOf(response: Response): number {
  const range = /^bytes (\d+)-/.exec(response.headers.get('Content-Range') ?? '');
  return response.status === 206 && range ? Number(range[1]) : 0;
}

/** Undefined for a weak ETag, which does not guarantee identical bytes. */
function strongEtag(response: Response): string | undefined {
  const etag = response.headers.get('ETag');
  return etag?.startsWith('"') ? etag : undefined;
}
