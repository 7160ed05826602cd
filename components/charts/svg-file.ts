/** Exports a drawing as an SVG file. */

/** Style properties whose values may come from a style sheet or a CSS variable. */
const COPIED = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-opacity',
  'opacity',
  'font-size',
  'font-weight',
  'text-anchor',
];
const TITLE_PX = 16;
const HEAD_PX = 60;
const PADDING_PX = 16;
const FONT = "'Geist Variable', system-ui, sans-serif";
const NAMESPACE = 'http://www.w3.org/2000/svg';

/**
 * The drawing as a self-contained file: CSS variables are resolved, and title and window are above
 * the drawing.
 *
 * @param subtitle name of the chart and its window
 */
export function svgFileText(drawn: SVGSVGElement, title: string, subtitle: string): string {
  const copy = drawn.cloneNode(true) as SVGSVGElement;
  inlineStyles(drawn, copy);
  const { width, height } = drawn.viewBox.baseVal;
  const [outerWidth, outerHeight] = [width + 2 * PADDING_PX, height + HEAD_PX + 2 * PADDING_PX];
  const root = document.documentElement;
  const file = element('svg', {
    xmlns: NAMESPACE,
    width: outerWidth,
    height: outerHeight,
    viewBox: `0 0 ${outerWidth} ${outerHeight}`,
    'font-family': FONT,
  });
  const color = (role: string) => getComputedStyle(root).getPropertyValue(role).trim();
  const words = { x: PADDING_PX, fill: color('--ink') };
  file.append(
    element('title', {}, title),
    element('rect', { width: '100%', height: '100%', fill: color('--surface-raised') }),
    ...wrap(title, width).map((line, i) =>
      element(
        'text',
        { ...words, y: PADDING_PX + 14 + i * 20, 'font-size': TITLE_PX, 'font-weight': 600 },
        line,
      ),
    ),
  );
  const below = wrap(title, width).length * 20;
  file.append(
    element(
      'text',
      { x: PADDING_PX, y: PADDING_PX + 10 + below, 'font-size': 12, fill: color('--ink-muted') },
      subtitle,
    ),
  );
  copy.removeAttribute('style');
  copy.removeAttribute('class');
  copy.setAttribute('x', String(PADDING_PX));
  copy.setAttribute('y', String(PADDING_PX + HEAD_PX));
  file.append(copy);
  return new XMLSerializer().serializeToString(file);
}

/** Breaks text into lines of about `width` pixels. */
function wrap(text: string, width: number): string[] {
  const most = Math.floor(width / (TITLE_PX * 0.52));
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length > most && lines.at(-1) !== '') lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  text?: string,
): SVGElement {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key !== 'xmlns') made.setAttribute(key, String(value));
  }
  if (text !== undefined) made.textContent = text;
  return made;
}

function inlineStyles(drawn: Element, copy: Element): void {
  const style = getComputedStyle(drawn);
  for (const name of COPIED) {
    const value = style.getPropertyValue(name);
    if (value) copy.setAttribute(name, value);
  }
  for (const { name, value } of [...copy.attributes]) {
    // The resolved values have been copied. Class names and variables mean nothing in a file.
    const isForPage = ['class', 'style', 'tabindex', 'role'].includes(name);
    if (isForPage || value.includes('var(')) copy.removeAttribute(name);
  }
  const copies = [...copy.children];
  [...drawn.children].forEach((child, i) => inlineStyles(child, copies[i]!));
  // Remove empty ones, which come from the drawing library.
  for (const child of copies) {
    if (/^(title|desc)$/.test(child.tagName) && !child.textContent) child.remove();
  }
}
