// What an item asks of the voter in front of the screen, and what he has marked of it so far.
//
// A ballot has questions (meeting/questions.js); a voter has people in front of him. An election of
// more names than seats is two questions, but one word for every name; a grid of 240 cells is one
// person after another. A matter is that second view: plain data, made from the frozen meeting and
// from who stands in this round. `put` says what a press of a key makes of the marks, or why it
// makes nothing of them; `markOf` turns them into the marks that are sealed (meeting/marks.js).
//
//   form     lines                                       marks, by line
//   words    one for each thing that takes one word      {"c1": "agree", …}; `""` for the only one
//   choose   none: names are touched up to the seats     {"": ["c1", "c3"]}, {"": []}: nobody
//   roster   none: names are found and touched           {"": ["17", "203"]}, {"": []}: nobody
//
// Names from outside, where an election has them, are marked under `others`. A line without a mark
// is open; nothing here turns silence into a word.

import { labelOf, outsideOf, rosterOf } from "../meeting/contests.js";
import { InputError } from "../errors.js";
import { ruleOf, wordOf } from "../meeting/frozen.js";
import { encodeRoster, roomForText } from "../meeting/plaintexts.js";
import { BLANK, OUTSIDE, asksOf, nameOf, standingOf } from "../meeting/questions.js";

/**
 * @typedef {{id: string, title: string, current: string, note: string, group: string|null,
 *   answers: [string, string][]}} Line group: the subject's id, in a grid
 * @typedef {{item: string, kind: string, form: "words"|"choose"|"roster", contest: boolean,
 *   title: string, posts: string[], seats: number, round: number, why: string, lines: Line[],
 *   names: {id: string, name: string, current: string, note: string}[],
 *   groups: {id: string, name: string, current: string, scale: string}[],
 *   capped: boolean, nobody: string|null, ask: object|null, others: object|null}} Matter
 */

/**
 * What a round asks of an item, for the screen.
 * @param {import("../meeting/frozen.js").Meeting} meeting
 * @param {string} item
 * @param {import("../meeting/questions.js").Standing | null} [standing]
 * @returns {Matter}
 */
export function matterOf(meeting, item, standing = null) {
  const rule = ruleOf(meeting, item);
  const { contest, candidate, question, proposed, ...more } = meeting.items.get(item);
  const asks = asksOf(meeting, item, standing);
  const plain = {
    item, kind: rule.kind, contest: contest !== null, title: candidate || proposed || question,
    question, seats: 0, round: 1, why: "first", lines: [], names: [], groups: [], capped: false,
    nobody: null, ask: null, others: null,
    posts: [more.current, proposed, more.removed].filter(Boolean),
  };
  if (contest === null) return { ...plain, form: "words", lines: [line("", asks[0].answers)] };
  if (contest.type === "grid") return gridOf(plain, rule, meeting.language, contest, asks);
  const { seats, round, why, names } = standing ?? standingOf(meeting, item);
  const named = { ...plain, seats, round, why };
  const nobody = rule.options.includes("abstain") ? wordOf(meeting, rule, "abstain") : "";
  if (contest.type === "roster") {
    return { ...named, form: "roster", nobody, ask: placeOf(meeting, contest, asks[0], []) };
  }
  const people = names.map((id) => personOf(meeting, item, contest, id));
  const [first] = asks;
  if (first.type === "some" && first.id === "") {
    return { ...named, form: "choose", names: people, nobody, ask: first };
  }
  const last = asks.at(-1);
  const others = last.id === "others"
    ? placeOf(meeting, contest, last, people.map(({ name }) => name))
    : null;
  const options = rule.options.map((option) => [option, wordOf(meeting, rule, option)]);
  return {
    ...named,
    form: "words",
    lines: people.map((one) => ({ ...line(one.id, options), ...one, title: one.name })),
    capped: rule.kind === "election",
    others,
  };
}

function line(id, answers) {
  return { id, title: "", current: "", note: "", group: null, answers };
}

function personOf(meeting, item, contest, id) {
  const own = contest.names.find((one) => one.id === id);
  if (own) return own;
  const roster = meeting.rosters.get(rosterOf(contest))?.names ?? [];
  const listed = roster[Number(id.slice(OUTSIDE.length)) - 1];
  return { id, name: nameOf(meeting, item, id), current: listed?.unit ?? "", note: "" };
}

/** A place for names: who may be found there, and whether words may be written. */
function placeOf(meeting, contest, ask, standing) {
  const outside = contest.type === "names" ? outsideOf(contest) : null;
  const people = (meeting.rosters.get(rosterOf(contest))?.names ?? [])
    .map((one, index) => ({ id: `${index + 1}`, label: labelOf(one), ...one }))
    .filter(({ label }) => !standing.includes(label));
  return { ...ask, people, text: ask.text, only: outside === "text" };
}

function gridOf(plain, rule, language, { subjects, aspects }, asks) {
  const titles = new Map(rule.scales.map(({ id, title }) => [id, title]));
  const scales = new Map(rule.scales.map(({ id, grades }) => [id, grades]));
  const lines = asks.map(({ id, answers }, index) => ({
    ...line(id, answers),
    title: aspects[index % aspects.length].title,
    group: subjects[Math.floor(index / aspects.length)].id,
    grades: scales.get(subjects[Math.floor(index / aspects.length)].scale),
  }));
  const groups = subjects.map((one) => ({ ...one, scaleTitle: titles.get(one.scale) }));
  return { ...plain, form: "words", lines, groups, aspects, language };
}

// --- marks --------------------------------------------------------------------------------------

/** The lines of a matter that have no mark yet. */
export function openLines(matter, mark = {}) {
  if (matter.form !== "words") return mark[""] === undefined ? [""] : [];
  return matter.lines.filter(({ id }) => mark[id] === undefined).map(({ id }) => id);
}

/** How many lines a matter has: what is counted in 已选 23/40. */
export function size(matter) {
  return matter.form === "words" ? matter.lines.length : 1;
}

/** The names from outside that are marked, as the place says them. */
export function outside(mark = {}) {
  return mark.others ?? [];
}

/** How many names of an election have a word. */
function wordsOf(matter, mark, option) {
  return matter.lines.filter(({ id }) => mark[id] === option).length;
}

/**
 * What a press makes of the marks of a matter.
 * @param {Matter} matter
 * @param {object} mark so far
 * @param {{line: string, option?: string, answer?: string|null}} press `option`: a word for a
 *   line; `answer`: a name is touched, null: nobody
 * @returns {{mark: object} | {refused: string, params: object} | null} null: no such key
 */
export function put(matter, mark, { line: id, option, answer }) {
  if (option !== undefined) return word(matter, mark, id, option);
  if (id === "others" && matter.others) return touchOther(matter, mark, answer);
  return matter.form === "words" || id !== "" ? null : touch(matter, mark, answer);
}

function word(matter, mark, id, option) {
  const one = matter.lines.find((each) => each.id === id);
  if (!one?.answers.some(([answer]) => answer === option)) return null;
  const next = { ...mark, [id]: option };
  const refused = matter.capped ? refusal(matter, next) : null;
  return refused ?? { mark: next };
}

/** How many seats of an election the marks fill: those for, and those from outside. */
export function seatsTaken(matter, mark = {}) {
  return wordsOf(matter, mark, "agree") + outside(mark).length;
}

/** How many names from outside the words of an election leave room for. */
export function outsideRoom(matter, mark = {}) {
  const left = matter.seats - wordsOf(matter, mark, "agree");
  return Math.min(matter.others.maximum, left, wordsOf(matter, mark, "disagree"));
}

/** Why the marks of an election may not be so; null when they may. */
function refusal(matter, mark) {
  const { seats } = matter;
  const others = outside(mark).length;
  if (seatsTaken(matter, mark) > seats) return refusing("seats", { seats });
  if (others > wordsOf(matter, mark, "disagree")) return refusing("others", { others });
  return null;
}

function refusing(refused, params) {
  return { refused, params };
}

function touch({ ask, seats, form }, mark, answer) {
  if (answer === null) return { mark: nobody(mark) ? {} : { "": [] } };
  const chosen = mark[""] ?? [];
  if (chosen.includes(answer)) {
    const left = chosen.filter((one) => one !== answer);
    return { mark: left.length ? { "": left } : {} };
  }
  if (chosen.length >= ask.maximum) return refusing("full", { seats: ask.maximum });
  const unfit = form === "roster" ? misfit(ask, [...chosen, answer]) : null;
  if (unfit) return unfit;
  const ids = form === "choose" ? ask.answers.map(([id]) => id) : null;
  const added = [...chosen, answer];
  return { mark: { "": ids ? ids.filter((id) => added.includes(id)) : added } };
}

function touchOther(matter, mark, answer) {
  const chosen = outside(mark);
  const taken = chosen.includes(answer);
  const others = taken ? chosen.filter((one) => one !== answer) : [...chosen, answer];
  const next = { ...mark, others };
  if (taken) return { mark: next };
  if (others.length > matter.others.maximum) {
    return refusing("full", { seats: matter.others.maximum });
  }
  const unfit = misfit(matter.others, others);
  if (unfit) return unfit;
  const refused = refusal(matter, next);
  return refused?.refused === "others" ? refusing("against", {}) : refused ?? { mark: next };
}

/** Why a plaintext does not hold these names, numbers and words; null when it does. */
function misfit(place, chosen) {
  try {
    encodeRoster(place, given(chosen));
    return null;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    if (error.code !== "roster-text-long") return refusing("text", {});
    return refusing("room", { characters: Math.floor(roomForText(place) / 2) });
  }
}

/** Whether the voter said that he chooses nobody. */
export function nobody(mark = {}) {
  return mark[""] !== undefined && mark[""].length === 0;
}

/** What is sealed of a matter's marks, of which none is open (meeting/marks.js). */
export function markOf(matter, mark) {
  if (!matter.contest) return mark[""];
  if (matter.form === "choose") return { "": mark[""].length ? mark[""] : [BLANK] };
  if (matter.form === "roster") return { "": given(mark[""]) };
  const { others, ...words } = mark;
  const apart = matter.kind === "election" && matter.lines.length > matter.seats;
  const marked = (option) => matter.lines.map(({ id }) => id).filter((id) => words[id] === option);
  return {
    ...(apart ? { for: marked("agree"), against: marked("disagree") } : words),
    ...(matter.others ? { others: given(others ?? []) } : {}),
  };
}

/** Names of a place as they are sealed: numbers of the roster, or words. */
function given(chosen) {
  return chosen.map((one) => (isWritten(one) ? one : Number(one)));
}

/** Whether a name of a place is in the voter's own words. */
export function isWritten(answer) {
  return !/^[0-9]+$/.test(answer);
}

/** What a name of a place is called. */
export function calledIn(place, answer) {
  return place.people.find(({ id }) => id === answer)?.label ?? answer;
}
