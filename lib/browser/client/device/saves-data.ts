/** Whether the visitor asked the browser to save data; Chromium only says so. */
export function savesData(): boolean {
  return (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;
}
