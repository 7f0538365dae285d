// What an item asks on a ballot: its asks, and the Belenios question of each.
//
//   kind                            asks of one item, in order
//   confirmation, recommendation,   "" : exactly one of the rule's options
//     consultation
//   contested, each; election, no   "c1" … : exactly one of the options for each name that stands
//     more names than seats
//   contested, choose; nomination   "" : some of the names, or the blank vote
//   nomination by roster            "" : some of the roster's numbers
//   election, more names            "for" : up to as many as seats; "against" : any number
//   election with names from        "others" besides, the last: some of a roster's numbers, or
//     outside                       words
//   assessment                      "s1.a1" … : exactly one grade; subjects outer, aspects inner
//
// A round asks of those who stand in it; `standing` is {names, seats, why, round}, null as frozen.
// Mirrors voting/meeting/questions.py; format: docs/spec/ledger.md, *Binding*.

import { MAX_NUMBERS } from "../protocol/election.js";
import { MAX_PLACES, labelOf, outsideOf, rosterOf } from "./contests.js";
import { ruleOf, wordOf } from "./frozen.js";

/**
 * One question of a ballot. `one`: exactly one answer; `some`: `minimum` to `maximum`; `roster`: up
 * to `maximum` roster numbers (and words, with `text`), shuffled and opened one by one.
 * @typedef {{id: string, type: "one" | "some" | "roster", question: string,
 *   answers: [string, string][], minimum: number, maximum: number, blank: boolean,
 *   text: boolean}} Ask answers: id and word of each; of a roster the number and the name
 */

/** @typedef {{names: string[], seats: number, why: "first"|"tie"|"open", round: number}} Standing */

export const ROSTER_METHOD = "piaojue-roster/1";
/** The answer that chooses nobody, where an ask allows it. */
export const BLANK = "blank";
/** Before a roster number or a text, the id of a name from outside: `others:17`. */
export const OUTSIDE = "others:";
/** Between the parts of a question: no word, so that it is the same in every language. */
export const APART = " · ";

/** The ids that a count of an ask has, in the order of the election's choices. */
export function idsOf({ answers, blank }) {
  const own = answers.map(([id]) => id);
  return blank ? [BLANK, ...own] : own;
}

/** What the first round of an item asks; null where there are no names for seats. */
export function standingOf(meeting, item) {
  const { contest } = meeting.items.get(item);
  if (contest === null || contest.type === "grid") return null;
  const names = contest.type === "names" ? contest.names.map((one) => one.id) : [];
  return { names, seats: contest.seats, why: "first", round: 1 };
}

/**
 * What the rules evaluate an item by, as `standing` asked it: null for one mark, {cells} (scale by
 * ask) for a grid, {standing, writeIn, roster} for names and rosters.
 */
export function shapeOf(meeting, item, standing = null) {
  const { contest } = meeting.items.get(item);
  if (contest === null) return null;
  if (contest.type === "grid") {
    const cells = contest.subjects.flatMap((subject) =>
      contest.aspects.map((aspect) => [`${subject.id}.${aspect.id}`, subject.scale]));
    return { cells: new Map(cells) };
  }
  const asked = standing ?? standingOf(meeting, item);
  if (contest.type === "roster") {
    return { standing: asked, writeIn: ruleOf(meeting, item).writeIn, roster: true };
  }
  const writeIn = asked.why === "first" ? outsideOf(contest) : "none";
  return { standing: asked, writeIn, roster: false };
}

/**
 * What a round asks of an item, in the order of its questions.
 * @param {import("./frozen.js").Meeting} meeting
 * @param {string} item
 * @param {Standing | null} [standing]
 * @returns {Ask[]}
 */
export function asksOf(meeting, item, standing = null) {
  const { question, contest } = meeting.items.get(item);
  const rule = ruleOf(meeting, item);
  const options = rule.options.map((option) => [option, wordOf(meeting, rule, option)]);
  if (contest === null) return [ask({ type: "one", question, answers: options })];
  if (contest.type === "grid") return cells(meeting, rule, question, contest);
  const asked = standing ?? standingOf(meeting, item);
  if (contest.type === "roster") {
    const roster = meeting.rosters.get(contest.roster);
    const text = rule.writeIn === "text";
    return [fromRoster({ question, id: "", roster, seats: asked.seats, text })];
  }
  const names = asked.names.map((id) => [id, nameOf(meeting, item, id)]);
  const each = () => names.map(([id, name]) =>
    ask({ id, type: "one", question: `${question}${APART}${name}`, answers: options }));
  if (rule.kind === "election") {
    const few = names.length <= asked.seats;
    const asks = few ? each() : forAndAgainst(meeting, rule, question, names, asked.seats);
    return [...asks, ...others(meeting, question, contest, asked)];
  }
  if (rule.kind === "contested" && rule.ballot === "each") return each();
  const maximum = Math.min(asked.seats, names.length);
  return [ask({ type: "some", question, answers: names, maximum, blank: true })];
}

/** The name behind an id of a contest's results: of the contest, a roster, a text. */
export function nameOf(meeting, item, id) {
  const { contest } = meeting.items.get(item);
  const own = contest?.type === "names" ? contest.names.find((one) => one.id === id) : undefined;
  if (own !== undefined) return own.name;
  const given = id.startsWith(OUTSIDE) ? id.slice(OUTSIDE.length) : id;
  const names = meeting.rosters.get(rosterOf(contest))?.names ?? [];
  const listed = /^[0-9]+$/.test(given) ? names[Number(given) - 1] : undefined;
  return listed === undefined ? given : labelOf(listed);
}

/**
 * What the ids of an item's results are called: names, or cells of a grid.
 * @returns {Map<string, string>}
 */
export function calledOf(meeting, item, { names = [] }) {
  const { contest } = meeting.items.get(item);
  if (contest?.type !== "grid") {
    return new Map(names.map(({ id }) => [id, nameOf(meeting, item, id)]));
  }
  return new Map(contest.subjects.flatMap((subject) => contest.aspects.map((aspect) =>
    [`${subject.id}.${aspect.id}`, `${subject.name}${APART}${aspect.title}`])));
}

/**
 * The Belenios question of an ask, as `makeElection` takes it.
 * @param {Ask} one
 */
export function questionOf({ type, question, answers, minimum, maximum, blank, text }) {
  if (type !== "roster") {
    return { question, answers: answers.map(([, word]) => word), minimum, maximum, blank };
  }
  const roster = answers.map(([, name]) => name);
  const extra = { method: ROSTER_METHOD, max: maximum, roster, ...(text ? { text: true } : {}) };
  return {
    kind: "nonhomomorphic",
    question,
    answers: Array.from({ length: MAX_NUMBERS }, (_, i) => `${i + 1}`),
    extra,
  };
}

/** 赞成 of at most as many as there are seats, and 不赞成 of any; what is neither abstains. */
function forAndAgainst(meeting, rule, question, answers, seats) {
  const asked = [["for", "agree", seats], ["against", "disagree", answers.length]];
  return asked.map(([id, option, maximum]) => ask({
    id,
    type: "some",
    question: `${question}${APART}${wordOf(meeting, rule, option)}`,
    answers,
    minimum: 0,
    maximum,
  }));
}

/**
 * 另选他人, in the first round alone: who stands in a later one follows from the votes of the one
 * before.
 */
function others(meeting, question, contest, { why, seats }) {
  if (contest.write_in === null || why !== "first") return [];
  const asked = { question: `${question}${APART}+`, id: "others", seats };
  const id = rosterOf(contest);
  if (id === null) return [fromRoster({ ...asked, roster: null, text: true })];
  return [fromRoster({ ...asked, roster: meeting.rosters.get(id), text: false })];
}

function fromRoster({ question, id, roster, seats, text }) {
  const names = roster?.names ?? [];
  return ask({
    id,
    type: "roster",
    question,
    answers: names.map((one, i) => [`${i + 1}`, labelOf(one)]),
    minimum: 0,
    maximum: Math.min(seats, MAX_PLACES),
    text,
  });
}

function cells(meeting, rule, question, { subjects, aspects }) {
  const scales = new Map(rule.scales.map(({ id, grades }) =>
    [id, grades.map((grade) => [grade.id, grade.title[meeting.language]])]));
  return subjects.flatMap((subject) => aspects.map((aspect) => ask({
    id: `${subject.id}.${aspect.id}`,
    type: "one",
    question: [question, subject.name, aspect.title].join(APART),
    answers: scales.get(subject.scale),
  })));
}

function ask(given) {
  return { id: "", minimum: 1, maximum: 1, blank: false, text: false, ...given };
}
