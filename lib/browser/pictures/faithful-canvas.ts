import { areKnownPixels, KNOWN_SIDE, knownPixels } from '@/lib/shared/picture/known-pixels';

let isFaithful: boolean | undefined;

/** Whether this browser's canvas returns exactly what was drawn. Tested once, then remembered. */
export function isCanvasFaithful(): boolean {
  isFaithful ??= tryCanvas();
  return isFaithful;
}

function tryCanvas(): boolean {
  try {
    const context = new OffscreenCanvas(KNOWN_SIDE, KNOWN_SIDE).getContext('2d')!;
    context.putImageData(new ImageData(knownPixels(), KNOWN_SIDE, KNOWN_SIDE), 0, 0);
    return areKnownPixels(context.getImageData(0, 0, KNOWN_SIDE, KNOWN_SIDE).data);
  } catch {
    return false;
  }
}
