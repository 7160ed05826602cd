import { useCallback } from 'react';
import type { Explanation } from '@/lib/shared/vision/explain/heat-map';
import styles from './explanation.module.css';

/**
 * Longest side of the canvas in pixels: enough for a map of a few cells, whatever the picture's
 * size.
 */
const LONGEST_SIDE = 480;

/** The value at which the overlay is transparent. */
const MIDDLE = 0.5;

export interface HeatOverlayProps {
  readonly explanation: Pick<Explanation, 'width' | 'height' | 'values'>;
  /** Size of the picture; the map has the same proportions. */
  readonly size: { readonly width: number; readonly height: number };
  readonly opacity: number;
}

/** Draws the map over the picture. A text beside it says what the map shows. */
export function HeatOverlay({ explanation, size, opacity }: HeatOverlayProps) {
  const scale = LONGEST_SIDE / Math.max(size.width, size.height);
  const width = Math.max(1, Math.round(size.width * scale));
  const height = Math.max(1, Math.round(size.height * scale));
  const draw = useCallback(
    (canvas: HTMLCanvasElement) => {
      drawMap(canvas, explanation, { width, height });
      bringIntoView(canvas);
      // With a clean-up function, React does not call the ref again with null when the map is
      // removed.
      return () => undefined;
    },
    [explanation, width, height],
  );
  return <canvas ref={draw} className={styles.overlay} style={{ opacity }} aria-hidden />;
}

/** Scrolls to the map: on a phone it is above the pressed button. */
function bringIntoView(canvas: HTMLCanvasElement): void {
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  canvas.scrollIntoView({ block: 'nearest', behavior: isStill ? 'instant' : 'smooth' });
}

/**
 * Draws one pixel per cell and enlarges the result, so that the browser interpolates between cells.
 */
function drawMap(
  canvas: HTMLCanvasElement,
  { width, height, values }: HeatOverlayProps['explanation'],
  size: { readonly width: number; readonly height: number },
): void {
  const cells = document.createElement('canvas');
  [cells.width, cells.height] = [width, height];
  [canvas.width, canvas.height] = [size.width, size.height];
  const [from, to] = [cells.getContext('2d'), canvas.getContext('2d')];
  if (!from || !to) return;
  const style = getComputedStyle(canvas);
  const [veil, glow] = ['--veil', '--glow'].map((name) => style.getPropertyValue(name));
  values.forEach((value, i) => {
    // Dark without evidence, bright with the most: visible on any picture.
    from.fillStyle = value < MIDDLE ? veil! : glow!;
    from.globalAlpha = Math.abs(value - MIDDLE) / MIDDLE;
    from.fillRect(i % width, Math.floor(i / width), 1, 1);
  });
  to.imageSmoothingQuality = 'high';
  to.drawImage(cells, 0, 0, size.width, size.height);
}
