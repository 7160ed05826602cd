/** Draws lines of letters without a font, so that every machine draws the same pixels. */

/**
 * A letter has three columns and five rows. Each of its five digits holds one row, one bit per
 * pixel.
 */
const LETTERS: Readonly<Record<string, string>> = {
  A: '25755',
  B: '65656',
  C: '34443',
  D: '65556',
  E: '74647',
  H: '55755',
  I: '72227',
  L: '44447',
  M: '57755',
  N: '65555',
  O: '25552',
  R: '65655',
  S: '34216',
  T: '72222',
  U: '55557',
  V: '55522',
  X: '55255',
};

const [COLUMNS, ROWS] = [3, 5];

/**
 * Random letters in lines of different length.
 *
 * @returns a function that tells whether there is ink at a place; both coordinates go from 0 to 1
 */
export function textMask(random: () => number): (x: number, y: number) => boolean {
  const alphabet = Object.values(LETTERS);
  const lines = 3 + Math.floor(random() * 10);
  const perLine = Math.round(lines * (1.4 + random()));
  const page = Array.from({ length: lines }, () => {
    const length = perLine * (0.4 + random() * 0.6);
    return Array.from({ length: perLine }, (_, at) =>
      at > length || random() < 0.15 ? undefined : alphabet[Math.floor(random() * alphabet.length)],
    );
  });
  return (x, y) => {
    const letter = page[Math.floor(y * lines)]?.[Math.floor(x * perLine)];
    const column = Math.floor(((x * perLine) % 1) * (COLUMNS + 1));
    const row = Math.floor(((y * lines) % 1) * (ROWS + 2));
    if (letter === undefined || column >= COLUMNS || row >= ROWS) return false;
    return ((Number(letter[row]) >> (COLUMNS - 1 - column)) & 1) === 1;
  };
}
