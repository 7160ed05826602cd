import { expect, test } from 'vitest';
import { StoreGuard } from '../store/guard';
import type { Store } from '../store/port';
import { AnswerSigner } from './answer-signature';

const ANSWER = { id: '0198f7b0-0000-7000-8000-000000000001', modelId: 'm', index: 3 };

function signerWith(sharedSecret: () => Promise<string>): AnswerSigner {
  return new AnswerSigner(new StoreGuard({ kind: 'redis', sharedSecret } as unknown as Store));
}

test('a signature is known by every replica, and of that answer only', async () => {
  const [one, other] = [
    signerWith(() => Promise.resolve('secret')),
    signerWith(() => Promise.resolve('secret')),
  ];
  const signature = (await one.sign(ANSWER))!;
  expect(await other.verify(ANSWER, signature)).toBe(true);
  expect(await other.verify({ ...ANSWER, index: 4 }, signature)).toBe(false);
  const several = { ...ANSWER, selected: [3, 1] };
  const ofSeveral = (await one.sign(several))!;
  expect(await other.verify(several, ofSeveral)).toBe(true);
  expect(await other.verify({ ...several, selected: [3, 2] }, ofSeveral)).toBe(false);
  expect(await other.verify(ANSWER, ofSeveral)).toBe(false);
  expect(await other.verify({ ...ANSWER, modelId: 'n' }, signature)).toBe(false);
  expect(await other.verify(ANSWER, `${signature.slice(0, -1)}Ä`)).toBe(false);
  expect(await signerWith(() => Promise.resolve('another')).verify(ANSWER, signature)).toBe(false);
});

test('while the secret is unavailable, nothing is signed and no signature is valid', async () => {
  const signer = signerWith(() => Promise.reject(new Error('unavailable')));
  expect(await signer.sign(ANSWER)).toBeUndefined();
  expect(await signer.verify(ANSWER, 'x')).toBe(false);
});
