/** Formats numbers and dates for the visitor's locale. */

/** The locale where no browser tells one, for example while the build renders pages. */
const NOBODYS = 'en';

/** Language tag for the visitor's numbers and dates. The page's texts stay English. */
export function visitorLocale(): string {
  const language = typeof navigator === 'undefined' ? undefined : navigator.language;
  try {
    return Intl.getCanonicalLocales(language)[0] ?? NOBODYS;
  } catch {
    // Some systems report a locale that is not a language tag, such as "en-US@posix".
    return NOBODYS;
  }
}

const numberFormats = new Map<string, Intl.NumberFormat>();
const dateFormats = new Map<string, Intl.DateTimeFormat>();

/** @param value any finite number */
export function localNumber(value: number, options: Intl.NumberFormatOptions = {}): string {
  const locale = visitorLocale();
  const key = locale + JSON.stringify(options);
  const format = numberFormats.get(key) ?? new Intl.NumberFormat(locale, options);
  numberFormats.set(key, format);
  return format.format(value);
}

/** With exactly this many decimals. */
export function localDecimal(value: number, digits: number): string {
  return localNumber(value, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** @param atMs milliseconds since 1970; shown in the visitor's time zone */
export function localDate(atMs: number, options: Intl.DateTimeFormatOptions): string {
  const locale = visitorLocale();
  const key = locale + JSON.stringify(options);
  const format = dateFormats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  dateFormats.set(key, format);
  return format.format(atMs);
}

/**
 * Matches names in quotation marks, which stay as they are, and numbers with a comma or a point.
 */
const QUOTED_OR_NUMBER =
  /“[^”]*”|(?<![\d.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\d.,])\d+\.\d+(?![.\d])/g;

/** A sentence from the server, with its numbers in the visitor's format. */
export function localSentence(sentence: string): string {
  return sentence.replace(QUOTED_OR_NUMBER, (found) => {
    if (found.startsWith('“')) return found;
    const digits = found.split('.')[1]?.length ?? 0;
    return localDecimal(Number(found.replaceAll(',', '')), digits);
  });
}
