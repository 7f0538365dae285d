// A voter's marks, a ballot's choices, a round's counts: one order, three forms
// (voting/meeting/marks.py).
//
// The mark of an item is one option where the item takes one mark for one person, else by ask:
//
//   {i1: "agree", i2: {"": ["c1", "c3"]}, i3: {"": [17, 203]}, i4: {"s1.a1": "good", …}}
//
// Every ask of every item of the round has its mark; an item without one can not be sealed, and
// nothing here turns silence into an abstention: whoever chooses nobody says ["blank"], where the
// ask allows it, or gives an empty list, where it does not need any.

import { InputError } from "../errors.js";
import { decodeRoster, encodeRoster } from "./plaintexts.js";
import { asksOf, idsOf } from "./questions.js";
import { keyOf, readNames } from "./readings.js";

/**
 * A mark by item id. Never logged, never stored.
 * @typedef {Record<string, string | Record<string, string | (string | number)[]>>} Marks
 */

/** @typedef {Map<string, import("./questions.js").Standing>} Standings by item; else as frozen */

/**
 * The choices that a ballot seals, one row for each question of the round.
 * @param {import("./frozen.js").Meeting} meeting
 * @param {string[]} items the paper's
 * @param {Marks} marks
 * @param {Standings} [standings]
 * @returns {number[][]}
 * @throws {InputError} `items-unmarked` with `items`; `unknown-mark` for an item or an answer that
 *   the paper does not have; `roster-mark`, `roster-text-long`. None tells what was chosen
 */
export function choicesOf(meeting, items, marks, standings = new Map()) {
  const missing = items.filter((item) => !Object.hasOwn(marks, item));
  if (missing.length) throw new InputError("items-unmarked", { items: missing });
  const foreign = Object.keys(marks).find((item) => !items.includes(item));
  if (foreign !== undefined) throw unknown(foreign);
  return items.flatMap((item) => {
    const asks = asksOf(meeting, item, standings.get(item) ?? null);
    const byAsk = marksByAsk(meeting, item, marks[item]);
    if (asks.some(({ id }) => !Object.hasOwn(byAsk, id))) {
      throw new InputError("items-unmarked", { items: [item] });
    }
    if (Object.keys(byAsk).length !== asks.length) throw unknown(item);
    return asks.map((ask) => choicesIn(item, ask, byAsk[ask.id]));
  });
}

/**
 * The marks of an opened ballot: the inverse of `choicesOf`.
 * @param {number[][]} choices
 * @returns {Marks}
 * @throws {InputError} `unknown-mark` when a question's choices are no mark of its ask
 */
export function marksOf(meeting, items, choices, standings = new Map()) {
  let at = 0;
  const marks = items.map((item) => {
    const asks = asksOf(meeting, item, standings.get(item) ?? null);
    const rows = choices.slice(at, at + asks.length);
    at += asks.length;
    if (rows.length !== asks.length) throw unknown(item);
    const byAsk = Object.fromEntries(asks.map((ask, i) => [ask.id, markOf(item, ask, rows[i])]));
    return [item, isSingle(meeting, item) ? byAsk[""] : byAsk];
  });
  if (at !== choices.length) throw unknown(items.at(-1));
  return Object.fromEntries(marks);
}

/**
 * The opened totals of a round by item: {option: n}, or by ask and answer; a roster's ask gives
 * {numbers, none, invalid, texts}.
 * @param {import("./frozen.js").Meeting} meeting
 * @param {string[]} items
 * @param {(number[] | (number[] | null)[])[]} opened for each question one number for each choice,
 *   or of one that was shuffled each entry's numbers, null for one that no numbers embed to
 * @param {Standings} [standings]
 * @param {Map<string, Map<string, string|number>>|null} [reading] what the words in it are read as
 *   (readings.js); null: counted as they were written
 * @returns {Map<string, object>}
 */
export function countsOf(meeting, items, opened, standings = new Map(), reading = null) {
  let at = 0;
  return new Map(items.map((item) => {
    const byAsk = asksOf(meeting, item, standings.get(item) ?? null).map((ask) => {
      const row = opened[at++];
      if (ask.type === "roster") return [ask.id, named(ask, row, reading?.get(keyOf(item, ask.id)))];
      return [ask.id, Object.fromEntries(idsOf(ask).map((id, i) => [id, row[i]]))];
    });
    return [item, isSingle(meeting, item) ? byAsk[0][1] : Object.fromEntries(byAsk)];
  }));
}

/** Whether an item takes one mark for one person. */
export function isSingle(meeting, item) {
  return meeting.items.get(item).contest === null;
}

/** Whether a ballot may hold these choices of an ask: 0 or 1 for each of `idsOf`. */
export function isAllowed({ blank, minimum, maximum }, row) {
  const chosen = row.reduce((sum, one) => sum + one, 0);
  return blank && row[0] ? chosen === 1 : minimum <= chosen && chosen <= maximum;
}

function marksByAsk(meeting, item, mark) {
  const plain = typeof mark === "string";
  if (plain !== isSingle(meeting, item)) throw unknown(item);
  return plain ? { "": mark } : mark;
}

function choicesIn(item, ask, mark) {
  const plain = typeof mark === "string";
  if (ask.type === "roster") {
    if (plain) throw unknown(item);
    return encodeRoster(ask, mark);
  }
  if (plain !== (ask.type === "one")) throw unknown(item);
  const chosen = plain ? [mark] : [...mark];
  const row = idsOf(ask).map((id) => Number(chosen.includes(id)));
  const found = row.reduce((sum, one) => sum + one, 0);
  if (found !== chosen.length || !isAllowed(ask, row)) throw unknown(item);
  return row;
}

function markOf(item, ask, row) {
  if (ask.type === "roster") {
    const mark = decodeRoster(ask, row);
    if (mark === null) throw unknown(item);
    return mark;
  }
  const ids = idsOf(ask);
  const good = row.length === ids.length && row.every((one) => one === 0 || one === 1);
  if (!good || !isAllowed(ask, row)) throw unknown(item);
  const chosen = ids.filter((_, i) => row[i]);
  return ask.type === "one" ? chosen[0] : chosen;
}

/**
 * Count the names of a roster's ask; an entry not in the one form is one 无效, and so is one that
 * named somebody, of which nothing is left as it is read.
 */
function named(ask, entries, reading) {
  const numbers = new Map();
  const texts = new Map();
  let none = 0;
  let invalid = 0;
  for (const plaintext of entries) {
    const mark = plaintext === null ? null : decodeRoster(ask, plaintext);
    none += Number(mark?.length === 0);
    const names = mark !== null && reading ? readNames(mark, reading) : mark;
    invalid += Number(mark === null || (mark.length > 0 && names.length === 0));
    for (const one of names ?? []) {
      const votes = typeof one === "number" ? numbers : texts;
      votes.set(one, (votes.get(one) ?? 0) + 1);
    }
  }
  const ascending = [...numbers].sort(([a], [b]) => a - b);
  return {
    numbers: Object.fromEntries(ascending),
    none,
    invalid,
    texts: [...texts.keys()].sort().map((text) => ({ text, votes: texts.get(text) })),
  };
}

function unknown(item) {
  return new InputError("unknown-mark", { item });
}
