/** Adds a name to `Vary` without losing those that are there. */
export function vary(headers: Headers, name: string): void {
  const names = (headers.get('vary') ?? '').split(',').map((one) => one.trim());
  if (names.some((one) => one.toLowerCase() === name.toLowerCase() || one === '*')) return;
  headers.append('Vary', name);
}
