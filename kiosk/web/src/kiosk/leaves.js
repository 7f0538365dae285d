// A paper as leaves to turn: what stands on one screen. Pure; sizes in rem come from the page.
//
//   singles   items that take one word each: all of them as cards, or rows of a paged list
//   words     the names of one matter, a word for each: cards or rows
//   grid      one subject with its aspects, or a few; never two scales on one leaf
//   choose    the names of one matter, to touch
//   roster    people of a roster to find and touch
//   others    the names from outside of an election: beside the others, not one of them

import { CARDS, rowsPerPage } from "./layout.js";

export const ROW = 4.1; // rem that a row wants at least
export const ASPECT = 3.9; // rem of a row of a grid
const HEAD = 3.9; // rem of a matter's heading
const BAR = 4.9; // rem of the key beside the names: nobody, or somebody else
const GRID_ROWS = 8;

/**
 * @typedef {{kind: string, from: number, line: number, end: number, rows: number, columns: number}}
 *   Leaf from: the matter, from 0; line to end: its lines or names on this leaf
 */

/**
 * The leaves of a paper in order, without those for names from outside.
 * @param {import("./matter.js").Matter[]} matters
 * @param {{height: number, wide: boolean}} room rem for what lies between strip and foot
 * @returns {Leaf[]}
 */
export function leavesOf(matters, { height, wide }) {
  if (matters.every(({ contest }) => !contest)) {
    const rows = rowsFor(matters.length, height);
    return cut(matters.length, rows).map(([from, end]) =>
      ({ kind: "singles", from, line: 0, end, rows, columns: 1 }));
  }
  return matters.flatMap((matter, from) => matterLeaves(matter, { height, wide })
    .map((leaf) => ({ ...leaf, from })));
}

function matterLeaves(matter, { height, wide }) {
  if (matter.form === "roster") return [{ kind: "roster", line: 0, end: 1, rows: 1, columns: 1 }];
  if (matter.form === "choose") {
    const few = matter.names.length <= CARDS;
    const columns = wide && !few ? 2 : 1;
    const rows = rowsFor(Math.ceil(matter.names.length / columns), height - HEAD - BAR);
    return evenly(matter.names.length, few ? CARDS : rows * columns).map(([line, end]) =>
      ({ kind: "choose", line, end, rows, columns }));
  }
  if (matter.groups.length) return gridLeaves(matter, height);
  const rows = rowsFor(matter.lines.length, height - HEAD - (matter.others ? BAR : 0));
  return cut(matter.lines.length, rows).map(([line, end]) =>
    ({ kind: "words", line, end, rows, columns: 1 }));
}

/** Whole subjects, as many as fit; a subject of many aspects by itself on several leaves. */
function gridLeaves({ groups, aspects }, height) {
  const many = aspects.length;
  const fitting = Math.max(1, Math.min(GRID_ROWS, Math.floor((height - HEAD) / ASPECT)));
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
