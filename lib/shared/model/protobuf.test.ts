import { describe, expect, test } from 'vitest';
import { bytesOf, concatenated, fieldBytes, numbersOf, readMessage, textsOf } from './protobuf';
import { findPoolingTail } from './pooling-tail';

const bytes = (...values: number[]) => Uint8Array.from(values);

describe('a message', () => {
  test('has numbers, one a value or packed, negative ones too', () => {
    const minusOne = [...Array<number>(9).fill(255), 1];
    expect(numbersOf(readMessage(bytes(0x08, 0x96, 0x01)), 1)).toEqual([150]);
    expect(numbersOf(readMessage(bytes(0x08, 3, 0x08, 4)), 1)).toEqual([3, 4]);
    expect(numbersOf(readMessage(bytes(0x0a, 11, 7, ...minusOne)), 1)).toEqual([7, -1]);
  });

  test('has texts and what has a fixed size', () => {
    const message = readMessage(bytes(0x0a, 2, 0x61, 0x62, 0x15, 1, 2, 3, 4, 0x10, 5));
    expect(textsOf(message, 1)).toEqual(['ab']);
    expect(bytesOf(message, 2)).toEqual([bytes(1, 2, 3, 4)]);
    expect(numbersOf(message, 3)).toEqual([]);
  });

  test('is written as it is read, however long', () => {
    const content = new Uint8Array(300).fill(97);
    const field = fieldBytes(12, content);
    expect(bytesOf(readMessage(field), 12)).toEqual([content]);
    expect(bytesOf(readMessage(concatenated(field, field)), 12)).toHaveLength(2);
  });

  test.each([
    [[0x0a, 5, 1]],
    [[0x08]],
    [[0x08, ...Array<number>(11).fill(255)]],
    [[0x0b]],
    [[0x0a, ...Array<number>(9).fill(255), 1]],
  ])('that ends too early, or is none, is refused: %j', (wrong) => {
    expect(() => readMessage(Uint8Array.from(wrong))).toThrow(RangeError);
    expect(findPoolingTail(Uint8Array.from(wrong))).toBeUndefined();
  });
});
