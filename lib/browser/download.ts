/** Saves a file that the page has made, as a download. */
export function download(name: string, type: string, content: string): void {
  downloadBlob(name, new Blob([content], { type }));
}

export function downloadBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Firefox starts to read the URL only after this task.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
