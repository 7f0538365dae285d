// A paper as leaves to turn: what stands on one screen. Pure; sizes in rem come from the page.
//
//   singles   items that take one word each: all of them as cards, or rows of a paged list
//   words     the names of one matter, a word for each: cards or rows
//   grid      one subject with its aspects, or a few; never two scales on one leaf
//   choose    the names of one matter, to touch
//   roster    people of a roster to find and touch
//   others    the names from outside of an election: beside the others, not one of them

import { CARDS, fitCards, rowHeight, rowsPerPage } from "./layout.js";

export const ROW = 4.1; // rem that a row wants at least
export const ASPECT = 3.9; // rem of a row of a grid
const HEAD = 3.9; // rem of a matter's heading
const BAR = 4.9; // rem of the key beside the names: nobody, or somebody else
const SLACK = 0.5; // rem that the reckoning of a page may be wrong by
const HEADS = 1.7; // rem of one more line of a heading
const GRID_ROWS = 8;

/**
 * @typedef {{kind: string, from: number, line: number, end: number, rows: number, columns: number,
 *   cards?: boolean}}
 *   Leaf from: the matter, from 0; line to end: its lines or names on this leaf; cards: they have
 *   room as cards, not only as rows
 */

/**
 * The leaves of a paper in order, without those for names from outside.
 * @param {import("./matter.js").Matter[]} matters
 * @param {import("./layout.js").Room} room what lies between strip and foot
 * @returns {Leaf[]}
 */
export function leavesOf(matters, { height, wide, width = wide ? 68 : 41 }) {
  const room = { height, wide, width };
  if (matters.every(({ contest }) => !contest)) {
    const texts = matters.map(({ title, posts }) => ({ name: title, posts }));
    const answers = Math.max(0, ...matters.map(({ lines }) => lines[0].answers.length));
    return listed({ kind: "singles", from: 0 }, texts, room, answers, "from");
  }
  return matters.flatMap((matter, from) => matterLeaves(matter, room)
    .map((leaf) => ({ ...leaf, from })));
}

/** Lines with word keys: all as cards where they have room, else rows as high as the texts want. */
function listed(leaf, texts, room, answers, at = "line") {
  const cards = fitCards(texts, room, true);
  const rows = cards ? texts.length : rowsFitting(texts, room, answers);
  return cut(texts.length, rows).map(([first, end]) =>
    ({ line: 0, ...leaf, [at]: first, end, rows, columns: 1, cards }));
}

/** Rows of a page: as many as usual, or fewer where long texts make them higher. */
function rowsFitting(texts, room, answers) {
  const more = texts.map((one) => Math.max(0, rowHeight([one], room, answers) - ROW));
  const usual = rowsPerPage(texts.length, room.height, ROW);
  const spare = (rows) => Math.max(0, room.height - rows * ROW) + SLACK;
  const fits = (rows) => cut(more.length, rows).every(([first, end]) =>
    more.slice(first, end).reduce((sum, one) => sum + one, 0) <= spare(rows));
  if (fits(Math.min(usual, texts.length))) return usual;
  for (let pages = 2; pages < texts.length; pages += 1) {
    const rows = Math.ceil(texts.length / pages);
    if (rows <= usual && fits(rows)) return rows;
  }
  return 1;
}

function textOf({ title, current, note }) {
  return { name: title, posts: [current, note].filter(Boolean) };
}

function matterLeaves(matter, { height, wide, width }) {
  if (matter.form === "roster") return [{ kind: "roster", line: 0, end: 1, rows: 1, columns: 1 }];
  if (matter.form === "choose") {
    const texts = matter.names.map(({ name, ...more }) => textOf({ title: name, ...more }));
    const few = fitCards(texts, { height: height - HEAD - BAR, wide, width }, false);
    const columns = wide && !few ? 2 : 1;
    const rows = rowsFor(Math.ceil(matter.names.length / columns), height - HEAD - BAR);
    return evenly(matter.names.length, few ? CARDS : rows * columns).map(([line, end]) =>
      ({ kind: "choose", line, end, rows, columns, cards: few }));
  }
  if (matter.groups.length) return gridLeaves(matter, { height, wide, width });
  const room = { height: height - HEAD - (matter.others ? BAR : 0), wide, width };
  return listed({ kind: "words" }, matter.lines.map(textOf), room, matter.lines[0].answers.length);
}

/** Whole subjects, as many as fit; a subject of many aspects by itself on several leaves. */
function gridLeaves({ groups, aspects, lines }, { height, wide, width }) {
  const many = aspects.length;
  const texts = groups.map(({ name, current }) => textOf({ title: name, current }));
  const row = many > 1 ? ASPECT : rowHeight(texts, { wide, width }, lines[0].answers.length);
  const room = height - HEAD - (many > 1 ? HEADS : 0);
  const fitting = Math.max(1, Math.min(GRID_ROWS, Math.floor(room / Math.max(ASPECT, row))));
  if (many > fitting) {
    return groups.flatMap((_, at) => cut(many, fitting).map(([line, end]) =>
      ({ kind: "grid", line: at * many + line, end: at * many + end, rows: fitting, columns: 1 })));
  }
  const together = many === 1 ? fitting : Math.max(1, Math.floor(fitting / (many + 1)));
  const rows = many === 1 ? fitting : many;
  const leaf = (from, end) =>
    ({ kind: "grid", line: from * many, end: end * many, rows, columns: 1 });
  return runs(groups).flatMap(([first, last]) =>
    evenly(last - first, together).map(([from, end]) => leaf(first + from, first + end)));
}

/** Neighbours on one scale: from, to. */
function runs(groups) {
  const starts = groups.flatMap(({ scale }, i) => (i && groups[i - 1].scale === scale ? [] : [i]));
  return starts.map((start, i) => [start, starts[i + 1] ?? groups.length]);
}

function rowsFor(items, height) {
  return items <= CARDS ? Math.max(1, items) : rowsPerPage(items, height, ROW);
}

/** The same number of parts as `cut` makes, and all as equal as can be. */
function evenly(items, most) {
  return cut(items, Math.ceil(items / Math.ceil(items / most)));
}

/** Cut so many into parts of `most`: from, to. */
export function cut(items, most) {
  return Array.from({ length: Math.ceil(items / most) }, (_, i) =>
    [i * most, Math.min(items, (i + 1) * most)]);
}

/** The leaf that shows a place of the paper, its number from 0. */
export function leafAt(leaves, { from, line }) {
  const reached = leaves.filter((leaf) => leaf.kind === "singles"
    ? leaf.from <= from
    : leaf.from < from || (leaf.from === from && leaf.line <= line));
  return Math.max(0, reached.length - 1);
}
