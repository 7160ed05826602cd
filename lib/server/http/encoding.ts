/** Encodings that answers are compressed with, the preferred one first. */
export const ENCODINGS = ['br', 'gzip'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/**
 * The best encoding that the client accepts: `q=0` refuses, `*` is any (RFC 9110, 12.5.3).
 *
 * @param accepted the header Accept-Encoding
 */
export function chooseEncoding(
  available: readonly Encoding[],
  accepted: string,
): Encoding | 'identity' {
  const weights = new Map(
    accepted.split(',').map((part) => {
      const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
      const quality = parameters.find((text) => text.startsWith('q='))?.slice(2);
      return [name, quality === undefined ? 1 : Number(quality)];
    }),
  );
  const takes = (name: string) => (weights.get(name) ?? weights.get('*') ?? 0) > 0;
  return available.find(takes) ?? 'identity';
}
