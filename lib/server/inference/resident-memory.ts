import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

const BUFFER_BYTES = 128;

let pageBytes: number | undefined;

/**
 * The page size: 4, 16 or 64 KiB. Node does not give it, so it is computed from the resident memory
 * in bytes and in pages.
 */
function pageSize(): number {
  const pages = Number(readFileSync('/proc/self/statm', 'latin1').split(' ')[1]);
  return 2 ** Math.round(Math.log2(process.memoryUsage.rss() / pages));
}

/** Reads another process's resident memory; only Linux offers this cheaply (some microseconds). */
export class ResidentMemory {
  readonly #buffer = Buffer.alloc(BUFFER_BYTES);
  #file: number | undefined;

  constructor(pid: number) {
    try {
      this.#file = openSync(`/proc/${pid}/statm`, 'r');
    } catch {
      this.#file = undefined;
    }
  }

  /** Bytes (proc_pid_statm(5), second field); undefined on other systems. */
  read(): number | undefined {
    if (this.#file === undefined) return undefined;
    try {
      const length = readSync(this.#file, this.#buffer, 0, BUFFER_BYTES, 0);
      const pages = Number(this.#buffer.toString('latin1', 0, length).split(' ')[1]);
      return Number.isFinite(pages) ? pages * (pageBytes ??= pageSize()) : undefined;
    } catch {
      return undefined;
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
