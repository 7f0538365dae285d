// The counts of a contest held against the ballots that were returned (voting/rules/counting.py).
//
// Each reader takes {ask: {answer: n}} as `countsOf` of meeting/marks.js gives it, and says what was
// counted of each name, and whether that fits: nobody has more votes than there are ballots, and
// all votes together are no more than the ballots could hold.

import { OUTSIDE } from "../meeting/questions.js";

/**
 * @typedef {{names: Map<string, Record<string, number>>, outside: Map<string, number>,
 *   valid: number, fault: string | null}} Counted names: by name its counts by option, of a roster
 *   whoever was named; outside: by id the votes of names from outside; valid: ballots that are not
 *   invalid; fault: the reason why the counts do not belong to the ballots
 */

const DO_NOT_ADD_UP = "counts-do-not-add-up";

/** One ask of names to choose from: at least one and at most `most`, or blank. */
export function readChosen(counts, names, most, returned) {
  const { blank } = counts[""];
  const votes = new Map(names.map((name) => [name, counts[""][name]]));
  return chosen(votes, returned, returned - blank, most);
}

/** One ask of roster numbers (and of texts, where the rule has them). */
export function readRoster(counts, most, returned) {
  const { none, invalid } = counts[""];
  const valid = returned - invalid;
  return chosen(votesOf(counts[""]), valid, valid - none, most);
}

/** One ask for each name, answered by one word; and names from outside, where they are asked. */
export function readWords(counts, names, returned) {
  const rows = new Map(names.map((name) => [name, counts[name]]));
  const outside = outsideOf(counts);
  let fault = [...rows.values()].every((row) => sum(Object.values(row)) === returned)
    ? null
    : DO_NOT_ADD_UP;
  const against = sum([...rows.values()].map((row) => row.disagree));
  fault ??= tooMany(counts, outside, returned) ?? written(counts, outside, against);
  return { names: rows, outside, valid: returned, fault };
}

/**
 * An election of more names than seats: 赞成 of some, 不赞成 of some. Who is in neither abstained:
 * that number must not be negative.
 */
export function readForAgainst(counts, names, seats, returned) {
  const rows = new Map(names.map((name) => {
    const [agree, disagree] = [counts.for[name], counts.against[name]];
    return [name, { agree, disagree, abstain: returned - agree - disagree }];
  }));
  const outside = outsideOf(counts);
  const listed = [...rows.values()];
  const marked = sum(listed.map((row) => row.agree)) + sum(outside.values());
  const fits = listed.every((row) => row.abstain >= 0) && marked <= seats * returned;
  const against = sum(listed.map((row) => row.disagree));
  const fault = fits
    ? tooMany(counts, outside, returned) ?? written(counts, outside, against)
    : DO_NOT_ADD_UP;
  return { names: rows, outside, valid: returned, fault };
}

export function sum(numbers) {
  return [...numbers].reduce((total, n) => total + n, 0);
}

function chosen(votes, valid, ballots, most) {
  const all = sum(votes.values());
  const top = Math.max(0, ...votes.values());
  const fits = ballots >= 0 && ballots <= all && all <= most * ballots && top <= ballots;
  const names = new Map([...votes].map(([name, agree]) => [name, { agree }]));
  return { names, outside: new Map(), valid, fault: fits ? null : DO_NOT_ADD_UP };
}

/** A ballot names nobody from outside, or is invalid, or names somebody at most once. */
function tooMany(counts, outside, returned) {
  if (!("others" in counts)) return null;
  const { none, invalid } = counts.others;
  return Math.max(0, ...outside.values()) + none + invalid <= returned ? null : DO_NOT_ADD_UP;
}

/** 另选他人 is only for who said 不赞成, so that in total it can not be more. */
function written(counts, outside, against) {
  const fits = !("others" in counts) || sum(outside.values()) <= against;
  return fits ? null : "write-ins-exceed-disagree";
}

function outsideOf(counts) {
  if (!("others" in counts)) return new Map();
  return new Map([...votesOf(counts.others)].map(([name, n]) => [`${OUTSIDE}${name}`, n]));
}

/** The votes by roster number, ascending, then by text. */
function votesOf({ numbers, texts }) {
  const named = Object.entries(numbers).filter(([, n]) => n > 0);
  return new Map([...named, ...texts.map(({ text, votes }) => [text, votes])]);
}
