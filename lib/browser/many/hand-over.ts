/** Files on their way from another page of ours to `/many`; they live as long as the tab's scripts. */
let handedOver: readonly File[] = [];

export function handOver(files: readonly File[]): void {
  handedOver = files;
}

/** What was handed over; once. */
export function takeHandedOver(): readonly File[] {
  const files = handedOver;
  handedOver = [];
  return files;
}
