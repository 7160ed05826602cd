/**
 * Text that a spreadsheet would take for a formula (OWASP, "CSV Injection"); papaparse's own pattern
 * overlooks text of several lines.
 */
export const FORMULA = /^[=+\-@\t\r]/;
