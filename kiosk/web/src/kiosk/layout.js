// How many rows go on a page: equal pages that fit the screen, so that nobody has to scroll. How much
// room a text takes is reckoned from its characters, each as wide as it is high.

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

// A line's characters and height in rem, of names and posts: on one or two cards, on more, in rows.
const LARGE = { name: [2.65, 3.3], post: [1.4, 2], around: 8.4 };
const CARD = { name: [2, 2.5], post: [1.08, 1.55], around: 7.2 };
const TOUCHED = { name: [2, 2.3], post: [1.12, 1.35], around: 2.2 };
const LISTED = { name: [1.64, 2.05], post: [1, 1.25], around: 0.7 };
const NUMBER = 2.7; // rem before a name

/**
 * @typedef {{name: string, posts: string[]}} Text what stands beside the keys of a line
 * @typedef {{height: number, width: number, wide: boolean}} Room in rem
 */

function lines(text, character, width) {
  return Math.ceil((text.length * character) / Math.max(width, character));
}

function heightOf({ name, posts }, { name: [big, high], post: [small, low], around }, width) {
  const below = posts.reduce((sum, one) => sum + lines(one, small, width) * low, 0);
  return around + lines(name, big, width - NUMBER) * high + below;
}

/**
 * Whether lines have room on equal cards.
 * @param {Text[]} texts
 * @param {Room} room
 * @param {boolean} keys word keys stand below; else the card is touched, with a box before the name
 */
export function fitCards(texts, { height, width, wide }, keys) {
  if (texts.length > CARDS) return false;
  const columns = cardColumns(texts.length, wide);
  const rows = Math.ceil(texts.length / columns);
  const kind = keys ? (texts.length > 2 ? CARD : LARGE) : TOUCHED;
  const most = texts.length === 1 && keys ? 46 : (width - columns + 1) / columns;
  const each = (height - rows + 1) / rows;
  return texts.every((one) => heightOf(one, kind, most - (keys ? 2.4 : 5.7)) <= each);
}

/** rem that the tallest of these lines wants as a row beside so many keys. */
export function rowHeight(texts, { width, wide }, answers) {
  const beside = wide ? (answers > 4 ? 0.3 : 0.56) : answers > 4 ? 0.3 : 0.46;
  const room = width * beside - 1.2;
  return Math.max(0, ...texts.map(({ name, posts }) => {
    if (!wide || !posts.length) return heightOf({ name, posts }, LISTED, room);
    const [big, high] = LISTED.name;
    const taken = Math.min(Math.max(9.5, name.length * big + NUMBER), room - 9);
    const own = lines(name, big, taken - NUMBER) * high;
    const said = heightOf({ name: "", posts }, LISTED, room - taken - 1);
    return Math.max(said, own + LISTED.around);
  }));
}
