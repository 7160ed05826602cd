/** Hands a file that was made here to the browser, which saves it. */
export function download(name: string, type: string, content: string): void {
  downloadBlob(name, new Blob([content], { type }));
}

export function downloadBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Firefox begins to read it only after this task.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
