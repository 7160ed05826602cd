import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { log } from '../log';
import { RESOLUTIONS, type CountBatch, type Resolution } from './port';

const FILE = /^counts-[\w-]+\.json$/;

const batchSchema = z.object({
  writer: z.string().min(1),
  sequence: z.int().min(1),
  buckets: z.array(
    z.object({
      resolution: z.enum(Object.keys(RESOLUTIONS) as [Resolution, ...Resolution[]]),
      startMs: z.int().min(0),
      counts: z.record(z.string(), z.number()),
    }),
  ),
});

/** Counts that the store did not take before the process ended, one file a batch in DATA_DIR. */
export class CountSpill {
  readonly #folder: string;

  constructor(dataDir: string) {
    this.#folder = dataDir;
  }

  /** @throws Error if the file cannot be written completely */
  async write({ writer, sequence, buckets }: CountBatch): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const file = path.join(this.#folder, `counts-${writer}-${sequence}.json`);
    const unfinished = `${file}.${randomUUID()}`;
    try {
      const handle = await open(unfinished, 'wx');
      try {
        await handle.writeFile(JSON.stringify({ writer, sequence, buckets }));
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(unfinished, file);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  }

  /** Batches in each writer's order; unreadable files are left in place. */
  async read(): Promise<(CountBatch & { readonly file: string })[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const files = names.filter((name) => FILE.test(name));
    const batches = await Promise.all(files.map((name) => this.#readBatch(name)));
    return batches.filter((batch) => batch !== undefined).sort((a, b) => a.sequence - b.sequence);
  }

  async #readBatch(name: string) {
    const file = path.join(this.#folder, name);
    try {
      const batch = batchSchema.parse(JSON.parse(await readFile(file, 'utf8')));
      return { ...batch, file, isRepeated: true };
    } catch (error) {
      log.error({ err: error, file }, 'counts of an earlier process cannot be read');
      return undefined;
    }
  }

  async remove(file: string): Promise<void> {
    await rm(file, { force: true });
  }
}
