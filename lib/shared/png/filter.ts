/** Number of PNG's filter types: https://www.w3.org/TR/png-3/#9Filters */
const FILTERS = 5;

/** The value that a filter predicts for a byte, from its neighbours left, above and above left. */
function predict(filter: number, left: number, above: number, corner: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return (left + above) >> 1;
    case 4:
      return paeth(left, above, corner);
    default:
      return 0;
  }
}

function paeth(left: number, above: number, corner: number): number {
  const estimate = left + above - corner;
  const toLeft = Math.abs(estimate - left);
  const toAbove = Math.abs(estimate - above);
  const toCorner = Math.abs(estimate - corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

/**
 * Filters each row with the filter whose differences have the smallest sum; the first of equal
 * ones. Uses integers only, so that every engine chooses the same filters.
 *
 * @param rowBytes bytes per row
 * @param pixelBytes bytes per pixel: the distance to the byte "left"
 * @returns the filtered rows, each with the number of its filter before it
 */
export function filterRows(
  data: Uint8Array,
  rowBytes: number,
  pixelBytes: number,
): Uint8Array<ArrayBuffer> {
  const rows = data.length / rowBytes;
  const filtered = new Uint8Array(rows * (rowBytes + 1));
  const tried = new Uint8Array(rowBytes);
  for (let row = 0; row < rows; row++) {
    const to = row * (rowBytes + 1);
    let leastSum = Infinity;
    for (let filter = 0; filter < FILTERS; filter++) {
      const sum = filterRow(data, { row, rowBytes, pixelBytes, filter }, tried);
      if (sum >= leastSum) continue;
      leastSum = sum;
      filtered[to] = filter;
      filtered.set(tried, to + 1);
    }
  }
  return filtered;
}

interface RowFilter {
  readonly row: number;
  readonly rowBytes: number;
  readonly pixelBytes: number;
  readonly filter: number;
}

/** @returns the sum of the absolute differences, taken as signed bytes (-128 to 127) */
function filterRow(
  data: Uint8Array,
  { row, rowBytes, pixelBytes, filter }: RowFilter,
  into: Uint8Array,
): number {
  const from = row * rowBytes;
  let sum = 0;
  for (let i = 0; i < rowBytes; i++) {
    const at = from + i;
    const left = i < pixelBytes ? 0 : data[at - pixelBytes]!;
    const above = row === 0 ? 0 : data[at - rowBytes]!;
    const corner = i < pixelBytes || row === 0 ? 0 : data[at - rowBytes - pixelBytes]!;
    const difference = (data[at]! - predict(filter, left, above, corner)) & 255;
    into[i] = difference;
    sum += difference < 128 ? difference : 256 - difference;
  }
  return sum;
}
