/** Whether the visitor has turned on data saving. Only Chromium reports this. */
export function savesData(): boolean {
  return (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;
}
