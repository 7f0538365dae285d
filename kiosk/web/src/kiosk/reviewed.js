// What the review names: every line of a paper with its word, cut into leaves. Pure.
//
//   line    one line with its word; or a matter with the names that were touched
//   head    the post above the lines of a matter with names, where a paper has several
//   grid    a subject with a word for each of its aspects

import { calledIn, isWritten, nobody, openLines } from "./matter.js";

/**
 * @typedef {{type: "line"|"head"|"grid", item: string, line: number, matter: object,
 *   weight: number, outside?: boolean, words?: string[]|null, written?: string[],
 *   grid?: boolean, cells?: object[]}} Entry written: those of the names that are in words; words: names
 *   that were touched, empty for nobody, null where it is open; line: its number in the matter
 */

const LETTERS = 32; // of names, with the room between them, on a line of one weight

/**
 * Every entry of a paper's review, in order.
 * @param {import("./matter.js").Matter[]} matters
 * @param {object} marks as the state has them
 * @returns {Entry[]}
 */
export function entriesOf(matters, marks) {
  return matters.flatMap((matter) => {
    const mark = marks[matter.item] ?? {};
    if (matter.form !== "words") return [touched(matter, mark)];
    const grid = matter.groups.length > 0 && matter.aspects.length > 1;
    const headed = matter.contest && matters.length > 1;
    const head = headed ? [entry("head", matter, 0, 1, { grid })] : [];
    if (grid) {
      return [...head, ...subjects(matter, mark)];
    }
    const lines = matter.lines.map((_, line) => entry("line", matter, line, 1));
    return [...head, ...lines, ...others(matter, mark)];
  });
}

/** Whether entries stand in columns of one line each; else below one another, wide. */
export function inColumns(entries) {
  return entries.every(({ type, words }) => type !== "grid" && words === undefined);
}

/** Entries cut into leaves of at most so much weight. */
export function cutByWeight(entries, most) {
  const leaves = [];
  let left = 0;
  for (const one of entries) {
    const whole = one.type === "head" ? 2 : one.weight; // a head never stands last on a leaf
    if (whole > left || !leaves.length || apart(leaves.at(-1), one)) {
      leaves.push([]);
      left = most;
    }
    leaves.at(-1).push(one);
    left -= one.weight;
  }
  return leaves;
}

/** The columns of a leaf are the aspects of one grid: what another item asks begins a new leaf. */
function apart(leaf, { type, grid, item }) {
  if (type !== "grid" && !grid) return false;
  return leaf.some((one) => one.type === "grid" && one.item !== item);
}

function entry(type, { item }, line, weight, more = {}) {
  return { type, item, line, weight, ...more };
}

function touched(matter, mark) {
  const open = openLines(matter, mark).length > 0;
  const words = open ? null : nobody(mark) ? [] : mark[""].map((one) => nameIn(matter, one));
  const written = matter.form === "roster" ? (mark[""] ?? []).filter(isWritten) : [];
  return entry("line", matter, 0, weightOf(words), { words, written });
}

function nameIn({ form, names, ask }, answer) {
  return form === "choose" ? names.find(({ id }) => id === answer).name : calledIn(ask, answer);
}

/** Names in words and by number, of which an election has none or a few. */
function others(matter, { others: chosen = [] }) {
  if (!chosen.length) return [];
  const words = chosen.map((one) => calledIn(matter.others, one));
  return [entry("line", matter, 0, weightOf(words), {
    words, written: chosen.filter(isWritten), outside: true,
  })];
}

function weightOf(words) {
  return 1 + Math.floor(((words?.join("").length ?? 0) + 2 * (words?.length ?? 0)) / LETTERS);
}

function subjects(matter, mark) {
  const many = matter.aspects.length;
  return matter.groups.map(({ id }, index) => {
    const cells = matter.lines.slice(index * many, (index + 1) * many)
      .map((line, i) => ({ line: index * many + i, option: mark[line.id] ?? null }));
    const first = cells.find(({ option }) => option === null) ?? cells[0];
    return entry("grid", matter, first.line, Math.ceil(many / 8), { group: id, cells });
  });
}
