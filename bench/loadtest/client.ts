import { Pool } from 'undici';
import type { Deck } from './pictures';
import { FORM_TYPE, pictureForm } from './multipart';
import { BURST_SIZE, type Action } from './scenario';
import type { Sample } from './statistics';

const TIMEOUT_MS = 30_000;

interface Answer {
  readonly cached?: boolean;
  readonly results?: readonly { readonly status: number; readonly cached?: boolean }[];
}

/** The connections of one user. */
export class Client {
  readonly #pool: Pool;
  readonly #headers: Record<string, string>;
  readonly #deck: Deck;

  constructor(url: string, key: string | undefined, deck: Deck) {
    this.#pool = new Pool(url, {
      connections: BURST_SIZE,
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
      keepAliveTimeout: TIMEOUT_MS,
    });
    this.#headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
    this.#deck = deck;
  }

  /** @param startedAtMs when the request was due, if not now */
  async run(action: Action, startedAtMs?: number): Promise<Sample[]> {
    const requests = Array.from({ length: action.atOnce }, () => this.#form(action));
    const beginMs = startedAtMs ?? performance.now();
    return Promise.all(requests.map((form) => this.#ask(action, form, beginMs)));
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  #form({ pictures }: Action): Buffer | undefined {
    if (pictures === 0) return undefined;
    const field = pictures === 1 ? 'image' : 'images';
    return pictureForm(
      field,
      Array.from({ length: pictures }, () => this.#deck.next()),
    );
  }

  async #ask(action: Action, form: Buffer | undefined, beginMs: number): Promise<Sample> {
    const { route, method, path } = action;
    try {
      const { statusCode, body } = await this.#pool.request({
        method,
        path,
        headers: form ? { ...this.#headers, 'content-type': FORM_TYPE } : this.#headers,
        ...(form ? { body: form } : {}),
      });
      const text = await body.text();
      const latencyMs = performance.now() - beginMs;
      return { route, status: statusCode, latencyMs, ...countRanked(action, statusCode, text) };
    } catch {
      return { route, status: 0, latencyMs: performance.now() - beginMs, ranked: 0, cached: 0 };
    }
  }
}

function countRanked(
  { pictures }: Action,
  status: number,
  text: string,
): Pick<Sample, 'ranked' | 'cached'> {
  if (pictures === 0 || status !== 200) return { ranked: 0, cached: 0 };
  const answer = JSON.parse(text) as Answer;
  const results = answer.results ?? [{ ...answer, status }];
  const ranked = results.filter((result) => result.status === 200);
  return { ranked: ranked.length, cached: ranked.filter((result) => result.cached).length };
}
