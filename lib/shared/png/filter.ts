/** Filters of PNG: https://www.w3.org/TR/png-3/#9Filters */
const FILTERS = 5;

/** What is written instead of a byte, from its neighbours: left, above, above left. */
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
 * Rows of bytes with a filter each, the one whose differences add up to least; of equal ones the
 * first. Whole numbers only, so that every engine chooses the same.
 *
 * @param rowBytes bytes of a row
 * @param pixelBytes bytes of a pixel, which is how far "left" is
 * @returns one byte more a row, the filter's number before it
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

/** @returns the sum of the differences, as numbers from -128 to 127 without their sign */
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
