/** OpenMetrics 1.0, made of Prometheus' text format. */

export const OPEN_METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** Whether Accept prefers OpenMetrics to plain text, or both equally. */
export function wantsOpenMetrics(accept: string | null): boolean {
  const ranges = (accept ?? '').split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    return { type, quality: quality === undefined ? 1 : Number(quality.slice(2)) };
  });
  const best = (type: string) =>
    Math.max(0, ...ranges.filter((range) => range.type === type).map(({ quality }) => quality));
  const asked = best('application/openmetrics-text');
  return asked > 0 && asked >= best('text/plain');
}

/**
 * Converts to OpenMetrics: a counter's family has no `_total`, and the text ends with `# EOF`.
 *
 * @param text in Prometheus' text format, version 0.0.4
 */
export function toOpenMetrics(text: string): string {
  const lines = text.split('\n').filter((line) => line !== '');
  const counters = new Set(
    lines.flatMap((line) => /^# TYPE (\S+)_total counter$/.exec(line)?.[1] ?? []),
  );
  const named = lines.map((line) => {
    const [, keyword, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (keyword === undefined) return line;
    const family = name.replace(/_total$/, '');
    const words = keyword === 'HELP' ? rest.replaceAll('"', '\\"') : rest;
    return `# ${keyword} ${counters.has(family) ? family : name} ${words}`;
  });
  return `${[...named, '# EOF'].join('\n')}\n`;
}
