/** A picture's position in an album of width 1. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}
export interface Mosaic {
  height: number;
  boxes: Box[];
}

/** Longer pictures are cropped: a panorama would make its row very low. */
const LONGEST = 2;
/** An album should be about as high as it is wide. */
const HEIGHT = 1;
const MOST_IN_ROW = 4;

/**
 * Lays out an album in rows, in order, each filled from edge to edge; with three or four pictures, a tall first one
 * gets its own column. Takes each picture's width divided by its height.
 */
export function mosaic(given: readonly number[]): Mosaic {
  const ratios = given.map((ratio) => Math.min(LONGEST, Math.max(1 / LONGEST, ratio)));
  const [first = 1, ...others] = ratios;
  if (first < 0.85 && (others.length === 2 || others.length === 3)) return beside(first, others);
  let best: readonly number[][] = [[...ratios]];
  let least = Infinity;
  for (const rows of partitions(ratios)) {
    const cost = costOf(rows);
    if (cost < least) [best, least] = [rows, cost];
  }
  return inRows(best);
}

/** All ways to split the pictures into rows; at most 512 for ten. */
function partitions(ratios: readonly number[]): number[][][] {
  if (ratios.length === 0) return [[]];
  const most = Math.min(MOST_IN_ROW, ratios.length);
  return Array.from({ length: most }, (_, index) => index + 1).flatMap((taken) =>
    partitions(ratios.slice(taken)).map((rows) => [ratios.slice(0, taken), ...rows]),
  );
}

/** Penalizes a total height far from the wanted one, rows of very different heights, and a high single-picture row. */
function costOf(rows: readonly number[][]): number {
  const heights = rows.map(heightOf);
  const sum = total(heights);
  const mean = sum / rows.length;
  return Math.abs(sum - HEIGHT) + total(heights.map((height) => Math.abs(height - mean))) / 2;
}

function heightOf(row: readonly number[]): number {
  return 1 / total(row);
}

function inRows(rows: readonly number[][]): Mosaic {
  const boxes: Box[] = [];
  let y = 0;
  for (const row of rows) {
    const height = heightOf(row);
    let x = 0;
    for (const ratio of row) {
      boxes.push({ x, y, width: ratio * height, height });
      x += ratio * height;
    }
    y += height;
  }
  return { height: y, boxes };
}

/** The first picture beside the column of the others, with the same height. */
function beside(first: number, others: readonly number[]): Mosaic {
  // The column of the others is c wide and c * stack high. The first has that height, and fills the rest of the
  // width.
  const stack = total(others.map((ratio) => 1 / ratio));
  const column = 1 / (1 + first * stack);
  const height = column * stack;
  const boxes: Box[] = [{ x: 0, y: 0, width: 1 - column, height }];
  let y = 0;
  for (const ratio of others) {
    boxes.push({ x: 1 - column, y, width: column, height: column / ratio });
    y += column / ratio;
  }
  return { height, boxes };
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
