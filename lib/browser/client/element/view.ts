/** The DOM of the element. */
import type { Prediction } from '@/lib/shared/vision/ranking';
import { percent } from './words';
import { STYLE } from './style';

export interface View {
  readonly root: ShadowRoot;
  readonly drop: HTMLElement;
  readonly file: HTMLInputElement;
  readonly choose: HTMLButtonElement;
  readonly camera: HTMLButtonElement;
  readonly video: HTMLVideoElement;
  readonly picture: HTMLImageElement;
  readonly status: HTMLElement;
  readonly ranking: HTMLOListElement;
}

const HINT = 'Drop a picture here, or paste one.';

export function createView(root: ShadowRoot): View {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  const choose = make('button', {
    part: 'button',
    type: 'button',
    textContent: 'Choose a picture',
  });
  const camera = make('button', {
    part: 'button camera',
    type: 'button',
    className: 'second',
    textContent: 'Camera',
  });
  const file = make('input', { type: 'file', accept: 'image/*', hidden: true, tabIndex: -1 });
  const row = make('div', { className: 'row' }, choose, camera, file);
  const drop = make(
    'div',
    { part: 'drop', className: 'drop' },
    row,
    make('p', { textContent: HINT }),
  );
  drop.setAttribute('role', 'group');
  drop.setAttribute('aria-label', 'Picture');
  const video = make('video', { part: 'video', hidden: true, muted: true, playsInline: true });
  video.setAttribute('aria-label', 'What the camera sees');
  const picture = make('img', {
    part: 'picture',
    hidden: true,
    alt: 'The picture that was asked about',
  });
  const status = make('p', { part: 'status' });
  status.setAttribute('role', 'status');
  const ranking = make('ol', { part: 'ranking', hidden: true });
  ranking.setAttribute('aria-label', 'Labels, the most probable first');
  root.append(drop, video, picture, status, ranking);
  return { root, drop, file, choose, camera, video, picture, status, ranking };
}

export function showStatus({ status }: View, text: string, isError = false): void {
  status.textContent = text;
  status.className = isError ? 'error' : '';
}

export function showRanking({ ranking }: View, predictions: readonly Prediction[]): void {
  ranking.hidden = predictions.length === 0;
  ranking.replaceChildren(
    ...predictions.map(({ label, name = label, score }) => {
      const fill = make('div', { part: 'fill', className: 'fill' });
      fill.style.width = percent(score).replace(' ', '');
      const bar = make('div', { part: 'bar', className: 'bar' }, fill);
      return make(
        'li',
        { part: 'result' },
        make('span', { part: 'label', textContent: name }),
        make('span', { part: 'score', textContent: percent(score) }),
        bar,
      );
    }),
  );
}

type Made<Name extends keyof HTMLElementTagNameMap> = Omit<
  Partial<HTMLElementTagNameMap[Name]>,
  'part'
> & { readonly part?: string };

function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  { part, ...properties }: Made<Name>,
  ...children: Node[]
): HTMLElementTagNameMap[Name] {
  const element = Object.assign(document.createElement(name), properties);
  if (part !== undefined) element.setAttribute('part', part);
  element.append(...children);
  return element;
}
