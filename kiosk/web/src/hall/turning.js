// Long lists on the hall screen, a page at a time: what is too small to be read helps nobody.
//
// Which page stands there follows from the clock alone, so that every screen in the room shows the
// same one, and one that was opened late or drawn anew does not begin again.

const PAGE = 14; // lines that can be read from the last row
const TURN = 12_000; // milliseconds that a page stands

/** How many pages have been turned by now. */
export function turnOf(now) {
  return Math.floor(now / TURN);
}

/**
 * The lines that stand on the screen now; pages are of equal length.
 * @template T
 * @param {T[]} lines
 * @param {number} turn
 * @param {number} most lines on a page
 * @returns {{lines: T[], page: number, pages: number}} `page` from 1
 */
export function pageOf(lines, turn, most = PAGE) {
  const pages = Math.max(1, Math.ceil(lines.length / most));
  const each = Math.ceil(lines.length / pages);
  const page = turn % pages;
  return { lines: lines.slice(page * each, (page + 1) * each), page: page + 1, pages };
}
