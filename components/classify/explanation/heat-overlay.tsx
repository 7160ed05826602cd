import { useCallback } from 'react';
import type { Explanation } from '@/lib/shared/vision/explain/heat-map';
import styles from './explanation.module.css';

/** Sharp enough for a map of a few cells, whatever the picture has. */
const LONGEST_SIDE = 480;

/** The value at which the overlay is transparent. */
const MIDDLE = 0.5;

export interface HeatOverlayProps {
  readonly explanation: Pick<Explanation, 'width' | 'height' | 'values'>;
  /** Size of the picture; the map has its proportions. */
  readonly size: { readonly width: number; readonly height: number };
  readonly opacity: number;
}

/** The map over the picture; what it shows is said in words beside it. */
export function HeatOverlay({ explanation, size, opacity }: HeatOverlayProps) {
  const scale = LONGEST_SIDE / Math.max(size.width, size.height);
  const width = Math.max(1, Math.round(size.width * scale));
  const height = Math.max(1, Math.round(size.height * scale));
  const draw = useCallback(
    (canvas: HTMLCanvasElement) => {
      drawMap(canvas, explanation, { width, height });
      bringIntoView(canvas);
      // With something to undo it is not called again, for nothing, when the map goes.
      return () => undefined;
    },
    [explanation, width, height],
  );
  return <canvas ref={draw} className={styles.overlay} style={{ opacity }} aria-hidden />;
}

/** On a phone the map is above the pressed button. */
function bringIntoView(canvas: HTMLCanvasElement): void {
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  canvas.scrollIntoView({ block: 'nearest', behavior: isStill ? 'instant' : 'smooth' });
}

/** One pixel a cell, then enlarged, so that the browser smooths between the cells. */
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
