/** Draws an answer as a picture to save: the classified picture with its ranking below. */
import { shownName } from '@/lib/shared/model/labels';
import { formatPercent } from '@/lib/shared/numbers/format';
import type { Prediction } from '@/lib/shared/vision/ranking';

export interface AnswerPicture {
  readonly picture: ImageBitmap;
  readonly predictions: readonly Prediction[];
  /** "Not sure: perhaps …"; undefined if the answer is certain. */
  readonly doubt: string | undefined;
  /** Model and server, in one line. */
  readonly source: string;
}

const WIDTH = 960;
const PADDING = 32;
const ROW_HEIGHT = 52;
const MAX_PICTURE_HEIGHT = 640;
const FONT = '"Geist Variable", system-ui, sans-serif';
const COLORS = {
  page: '#fdfdfc',
  ink: '#21201c',
  muted: '#63635e',
  track: '#e9e8e6',
  bar: '#5b5bd6',
};

/** @returns a PNG, 960 pixels wide */
export async function drawAnswer(answer: AnswerPicture): Promise<Blob> {
  const { picture, predictions, doubt } = answer;
  const inner = WIDTH - 2 * PADDING;
  const scale = Math.min(inner / picture.width, MAX_PICTURE_HEIGHT / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  const top = PADDING + height + 24;
  const rowsTop = doubt ? top + 44 : top;
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = Math.round(rowsTop + predictions.length * ROW_HEIGHT + 56);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser gives no canvas to draw on.');
  context.fillStyle = COLORS.page;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, PADDING + (inner - width) / 2, PADDING, width, height);
  context.textBaseline = 'alphabetic';
  if (doubt) write(context, doubt, [PADDING, top + 20], 20, COLORS.ink);
  predictions.forEach((prediction, row) =>
    drawRow(
      context,
      prediction,
      rowsTop + row * ROW_HEIGHT,
      prediction.selected ?? (row === 0 && !doubt),
    ),
  );
  write(context, answer.source, [PADDING, canvas.height - 24], 15, COLORS.muted);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture is empty.')))),
  );
}

function drawRow(
  context: CanvasRenderingContext2D,
  prediction: Prediction,
  top: number,
  isGiven: boolean,
): void {
  const { score } = prediction;
  const inner = WIDTH - 2 * PADDING;
  const size = isGiven ? 24 : 20;
  const weight = isGiven ? 600 : 400;
  const mark = prediction.selected ? ' ✓' : '';
  write(context, shownName(prediction) + mark, [PADDING, top + 22], size, COLORS.ink, weight);
  context.textAlign = 'right';
  write(context, formatPercent(score), [PADDING + inner, top + 22], size, COLORS.ink, weight);
  context.textAlign = 'left';
  context.fillStyle = COLORS.track;
  context.fillRect(PADDING, top + 32, inner, 8);
  context.fillStyle = COLORS.bar;
  context.fillRect(PADDING, top + 32, inner * score, 8);
}

function write(
  context: CanvasRenderingContext2D,
  text: string,
  [x, y]: readonly [number, number],
  size: number,
  color: string,
  weight = 400,
): void {
  context.font = `${weight} ${size}px ${FONT}`;
  context.fillStyle = color;
  context.fillText(text, x, y, WIDTH - 2 * PADDING);
}
