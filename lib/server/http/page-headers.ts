/** The headers of every answer; next.config.ts reads the same file for pages. */
import headers from './page-headers.json';

/** Without cross-origin isolation WebAssembly has one thread only. */
export const ISOLATION: Readonly<Record<string, string>> = headers.isolation;
export const HARDENING: Readonly<Record<string, string>> = headers.hardening;

/** Model files are for pages of other origins too. */
export function pageHeaders(path: string): Readonly<Record<string, string>> {
  return path.startsWith('/hf/') ? HARDENING : { ...ISOLATION, ...HARDENING };
}
