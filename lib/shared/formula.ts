/**
 * Matches text that a spreadsheet would run as a formula (OWASP, "CSV Injection"). papaparse's own
 * pattern misses text with several lines.
 */
export const FORMULA = /^[=+\-@\t\r]/;
