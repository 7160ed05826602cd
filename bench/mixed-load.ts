/** Sends the typical requests of visitors and programs at a steady rate until stopped. */
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';

const LANES = 4;
/** Pause between an answer and the lane's next request; about 20 requests per second in all. */
const PAUSE_MS = 180;

type Kind = 'new' | 'known' | 'photo' | 'batch' | 'read' | 'wrong' | 'gone';

/** Share of each kind of request, in percent. */
const MIX: readonly (readonly [Kind, number])[] = [
  ['new', 50],
  ['known', 20],
  ['read', 15],
  ['batch', 5],
  ['wrong', 5],
  ['photo', 3],
  ['gone', 2],
];
const TURNS: readonly Kind[] = MIX.flatMap(([kind, times]) => Array<Kind>(times).fill(kind));
/** Coprime to the number of turns, so that kinds are mixed, in the same order in every run. */
const STEP = 37;

const READS = [
  '/api/health',
  '/api/statistics?window=1h',
  '/api/visualizations?window=24h',
  '/api/models',
  '/',
];

interface Pictures {
  readonly small: readonly Buffer[];
  readonly photo: Buffer;
}

export class MixedLoad {
  readonly counts: Partial<Record<Kind, number>> = {};
  readonly failures: string[] = [];
  readonly #url: string;
  readonly #pictures: Pictures;
  #turn = 0;
  #stopped = false;
  #lanes: Promise<unknown> = Promise.resolve();

  static async start(url: string): Promise<MixedLoad> {
    const load = new MixedLoad(url, await makePictures());
    load.#lanes = Promise.all(Array.from({ length: LANES }, () => load.#lane()));
    return load;
  }

  private constructor(url: string, pictures: Pictures) {
    this.#url = url;
    this.#pictures = pictures;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#lanes;
  }

  async #lane(): Promise<void> {
    while (!this.#stopped) {
      const turn = this.#turn++;
      const kind = TURNS[(turn * STEP) % TURNS.length]!;
      this.counts[kind] = (this.counts[kind] ?? 0) + 1;
      const failure = await this.#ask(kind, turn).catch((error: unknown) => String(error));
      if (failure !== undefined) this.failures.push(`${kind}: ${failure}`);
      await sleep(PAUSE_MS);
    }
  }

  /** @returns what was wrong with the answer, if anything */
  async #ask(kind: Kind, turn: number): Promise<string | undefined> {
    const { small, photo } = this.#pictures;
    const picture = small[turn % small.length]!;
    switch (kind) {
      case 'new':
        return this.#post(distinct(picture, turn), 200);
      case 'known':
        return this.#post(picture, 200);
      case 'photo':
        return this.#post(distinct(photo, turn), 200);
      case 'wrong':
        return this.#post(picture.subarray(0, 400), 422);
      case 'batch':
        return this.#batch(small.map((one) => distinct(one, turn)));
      case 'read':
        return expectStatus(await fetch(`${this.#url}${READS[turn % READS.length]}`), 200);
      case 'gone':
        return this.#leave(distinct(photo, turn));
    }
  }

  async #post(picture: Uint8Array, status: number): Promise<string | undefined> {
    const body = new Uint8Array(picture);
    const headers = { 'Content-Type': 'application/octet-stream' };
    const url = `${this.#url}/api/predict`;
    return expectStatus(await fetch(url, { method: 'POST', headers, body }), status);
  }

  async #batch(pictures: readonly Uint8Array[]): Promise<string | undefined> {
    const body = new FormData();
    for (const picture of pictures) body.append('images', new Blob([new Uint8Array(picture)]), 'a');
    const url = `${this.#url}/api/predict/batch`;
    return expectStatus(await fetch(url, { method: 'POST', body }), 200);
  }

  /** Hangs up while the picture is being sent or classified. */
  async #leave(picture: Uint8Array): Promise<undefined> {
    const signal = AbortSignal.timeout(30);
    const body = new Uint8Array(picture);
    const url = `${this.#url}/api/predict`;
    const headers = { 'Content-Type': 'application/octet-stream' };
    await fetch(url, { method: 'POST', headers, body, signal })
      .then((response) => response.arrayBuffer())
      .catch(() => undefined);
  }
}

async function expectStatus(response: Response, status: number): Promise<string | undefined> {
  const text = await response.text();
  return response.status === status ? undefined : `${response.status} ${text.slice(0, 200)}`;
}

/** Bytes after the end of a picture are ignored, but change its hash. */
function distinct(picture: Buffer, number: number): Buffer {
  const suffix = Buffer.alloc(8);
  suffix.writeBigUInt64BE(BigInt(number));
  return Buffer.concat([picture, suffix]);
}

async function makePictures(): Promise<Pictures> {
  const cat = () => sharp('public/samples/cat.png');
  const small = cat().resize(500, 375, { fit: 'cover' });
  return {
    small: await Promise.all([
      small.clone().jpeg().toBuffer(),
      small.clone().png().toBuffer(),
      small.clone().webp().toBuffer(),
    ]),
    photo: await cat().resize(4000, 3000, { fit: 'cover' }).jpeg().toBuffer(),
  };
}
