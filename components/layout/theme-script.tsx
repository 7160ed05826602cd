import { PREFERENCES_KEY } from '@/lib/browser/preferences';

/** Runs before the first paint, so that a dark page never flashes white. */
const SCRIPT = `
try {
  var theme = JSON.parse(localStorage.getItem(${JSON.stringify(PREFERENCES_KEY)}) || '{}').theme;
} catch (e) {}
if (theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches))
  document.documentElement.classList.add('dark');
`;

/** @param nonce nonce that the page's Content-Security-Policy allows */
export function ThemeScript({ nonce }: { nonce: string | undefined }) {
  // Browsers hide the nonce attribute from scripts, so React would report a mismatch.
  return (
    <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: SCRIPT }} />
  );
}
