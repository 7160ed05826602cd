import { createHmac, timingSafeEqual } from 'node:crypto';
import type { StoreGuard } from '../store/guard';

const SECRET_NAME = 'answers';

/**
 * The signed parts of an answer: feedback with the signature comes from a client that got the
 * answer.
 */
export interface SignedAnswer {
  readonly id: string;
  readonly modelId: string;
  /** Of the first label. */
  readonly index: number;
  /** Of a multi-label model: the labels that the answer selected, in its order. */
  readonly selected?: readonly number[] | undefined;
}

/** Signs answers of this server, with a secret that its replicas share. */
export class AnswerSigner {
  readonly #guard: StoreGuard;
  #secret: string | undefined;

  constructor(guard: StoreGuard) {
    this.#guard = guard;
  }

  /** @returns undefined while the store's secret cannot be read: the answer is then not signed */
  async sign(answer: SignedAnswer): Promise<string | undefined> {
    const secret = await this.#read();
    return secret === undefined ? undefined : signatureOf(answer, secret);
  }

  /** Whether this server signed exactly this answer. */
  async verify(answer: SignedAnswer, signature: string): Promise<boolean> {
    const expected = await this.sign(answer);
    if (expected === undefined) return false;
    const [right, given] = [Buffer.from(expected), Buffer.from(signature)];
    return right.byteLength === given.byteLength && timingSafeEqual(right, given);
  }

  async #read(): Promise<string | undefined> {
    if (this.#secret !== undefined) return this.#secret;
    try {
      this.#secret = await this.#guard.run((store) => store.sharedSecret(SECRET_NAME));
    } catch {
      return undefined;
    }
    return this.#secret;
  }
}

function signatureOf({ id, modelId, index, selected }: SignedAnswer, secret: string): string {
  const text = JSON.stringify([id, modelId, index, ...(selected ? [selected] : [])]);
  return createHmac('sha256', secret).update(text).digest('base64url');
}
