// What an item with names or a grid asks, and what it came to, in the words before a signature
// (kiosk/device/wording_contests.py).
//
// Complete: everybody who stands, every cell and every count is said, because the officer signs for
// all of it. A line is {word, params}, as in wording.js.

import { labelOf } from "./contests.js";
import { ruleOf } from "./frozen.js";
import { nameOf } from "./questions.js";

/**
 * What an item asks beside its question: nothing more where it takes one mark.
 * @param {object} meeting
 * @param {string} item
 * @param {import("./questions.js").Standing|null} standing who stands in a later round
 */
export function askedLines(meeting, item, standing) {
  const { contest } = meeting.items.get(item);
  if (!contest) return [];
  if (contest.type === "grid") return gridLines(contest);
  if (contest.type === "roster") {
    const { title, names } = meeting.rosters.get(contest.roster);
    const word = ruleOf(meeting, item).writeIn === "text" ? "sign.roster.words" : "sign.roster";
    return [line(word, { title, number: names.length, seats: contest.seats })];
  }
  const ids = standing?.names ?? contest.names.map((one) => one.id);
  const params = {
    seats: (standing ?? contest).seats,
    number: ids.length,
    names: ids.map((id) => nameOf(meeting, item, id)),
  };
  if (standing) return [line(`sign.names.${standing.why}`, params)];
  return [line("sign.names", params), ...outside(meeting, contest)];
}

/** Which rosters are frozen: how many people, and who is the first and the last. */
export function rosterLines(meeting) {
  return [...(meeting.rosters ?? new Map()).values()].map(({ title, names }) =>
    line("sign.freeze.roster", {
      title,
      number: names.length,
      first: labelOf(names[0]),
      last: labelOf(names.at(-1)),
    }));
}

/**
 * Everything that was counted of a contest or a grid, and who goes to a next round.
 * @param {object} meeting
 * @param {string} item
 * @param {object} evaluation as `result.json` holds it
 * @param {"zh"|"en"} lang of the grades
 */
export function countedLines(meeting, item, evaluation, lang) {
  const { names = [], cells = [], next = null, figures } = evaluation;
  return [
    ...names.map((one) => nameLine(meeting, item, one)),
    ...Object.entries(figures.counts).flatMap(([ask, row]) => restLine(ask, row)),
    ...cells.map((cell) => cellLine(meeting, item, cell, lang)),
    ...(next === null ? [] : [line(`sign.counted.${next.why}`, {
      seats: next.seats,
      names: next.names.map((id) => nameOf(meeting, item, id)),
    })]),
  ];
}

/**
 * Of a reading, whom every text is read as, below the question that it answers.
 * @param {object} meeting
 * @param {{item: string, text: string, votes: number, as: string|number}[]} read
 */
export function readingLines(meeting, read) {
  return read.flatMap(({ item, text, votes, as }, i) => {
    const said = line("sign.reading.entry", { text, votes, meant: readAs(meeting, item, as) });
    if (item === read[i - 1]?.item) return [said];
    return [line("sign.item", { item, question: meeting.items.get(item).question }), said];
  });
}

/** What words are read as: a number of the roster with its name, or so. */
function readAs(meeting, item, as) {
  if (typeof as === "string") return line(`reading.${as}`);
  return line("reading.number", { number: as, name: nameOf(meeting, item, `${as}`) });
}

function gridLines({ subjects, aspects }) {
  const cells = subjects.length * aspects.length;
  const names = subjects.map((one) => one.name);
  return [
    line("sign.grid", { subjects: names, number: subjects.length, cells }),
    line("sign.grid.aspects", { aspects: aspects.map((one) => one.title) }),
  ];
}

function outside(meeting, { write_in: given }) {
  if (!given) return [];
  if (given.text) return [line("sign.outside.words")];
  return [line("sign.outside", { title: meeting.rosters.get(given.roster).title })];
}

function nameLine(meeting, item, { id, counts, rate, result }) {
  const rule = ruleOf(meeting, item);
  const said = {
    name: nameOf(meeting, item, id),
    counts: Object.entries(counts).map(([option, count]) =>
      line("sign.count", { option: line(optionWord(rule, option)), count })),
  };
  if (result === "recorded") {
    return line("sign.counted.nomination", { ...said, rate: rate === null ? "" : percent(rate) });
  }
  return line("sign.counted.decided", {
    ...said,
    result: line(`forms.result.${rule.kind}.${result}`),
  });
}

/** The id of the word that a ballot under this rule has for an option (voting/rules/rule.py). */
function optionWord({ kind }, option) {
  if (kind === "nomination" && option === "agree") return "option.recommendation.agree";
  if (kind === "election" && option !== "abstain") return `option.election.${option}`;
  return `option.${option}`;
}

/** The ballots that choose nobody, and the invalid ones. */
function restLine(ask, row) {
  if (row.texts !== undefined) {
    const { none, invalid } = row;
    return [line(ask === "" ? "sign.counted.roster" : "sign.counted.others", { none, invalid })];
  }
  return row.blank === undefined ? [] : [line("sign.counted.blank", { blank: row.blank })];
}

function cellLine(meeting, item, { ask, scale, counts, favourable, flags }, lang) {
  const { subjects, aspects } = meeting.items.get(item).contest;
  const [of, about] = ask.split(".");
  const { grades } = ruleOf(meeting, item).scales.find((one) => one.id === scale);
  return line(flags.length ? "sign.counted.cell.flagged" : "sign.counted.cell", {
    subject: subjects.find((one) => one.id === of).name,
    aspect: aspects.find((one) => one.id === about).title,
    counts: Object.entries(counts).map(([grade, count]) =>
      line("sign.count", { option: grades.find((one) => one.id === grade).title[lang], count })),
    favourable: percent(favourable),
  });
}

function percent(hundredths) {
  const part = String(hundredths % 100).padStart(2, "0");
  return `${Math.floor(hundredths / 100)}.${part}%`;
}

function line(word, params = {}) {
  return { word, params };
}
