// How many rows go on a page: equal pages that fit the screen, so that nobody has to scroll.

/** Up to so many items are cards, all on one page. */
export const CARDS = 6;
const FEWEST = 6;
const MOST = 8;

/**
 * Rows per page: six to eight, as many as the height allows, and no more than are needed for the
 * same number of pages.
 * @param {number} items how many there are
 * @param {number} height pixels for rows
 * @param {number} row pixels that a row wants at least
 */
export function rowsPerPage(items, height, row) {
  const fitting = Math.min(MOST, Math.max(FEWEST, Math.floor(height / row)));
  const pages = Math.ceil(items / fitting);
  for (let rows = FEWEST; rows <= fitting; rows += 1) {
    if (Math.ceil(items / rows) === pages) return rows;
  }
  return fitting;
}

/** The page that shows an item, from 0. */
export function pageOf(index, rows) {
  return Math.floor(index / rows);
}

/**
 * Columns for a list of names, so that it fits a height if it can.
 * @param {number} items how many there are
 * @param {number} height pixels for rows
 * @param {number} row pixels of one row
 * @param {number} most columns that the width allows
 */
export function columnsFor(items, height, row, most) {
  const rows = Math.max(1, Math.floor(height / row));
  return Math.min(Math.max(1, most), Math.ceil(items / rows));
}

/** How many columns of equal cards: as square as the screen. */
export function cardColumns(items, wide) {
  if (items <= 1) return 1;
  if (!wide) return items <= 3 ? 1 : 2;
  return items <= 2 || items === 4 ? 2 : 3;
}
