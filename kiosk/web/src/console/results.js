// What a round came to, as rows of a table: one mark for an item, names for seats, grades.
//
// From the outcome that officers certify (docs/spec/record.md). A cell is a text, a number, or a
// {word, params} to be said; nothing is reckoned here.

import { calledIn, percent } from "../common/asked.js";

const SINGLE = ["agree", "disagree", "abstain", "defer", "invalid"];

/**
 * Items of one mark: an option counts when somebody of the round has it.
 * @returns {{options: string[], rows: object[]}}
 */
export function marked(items) {
  const flat = items.filter(({ counts }) => counts && !byAsk(counts));
  const options = SINGLE.filter((one) =>
    flat.some(({ counts }) => (one === "invalid" ? counts[one] > 0 : counts[one] !== undefined)));
  return { options, rows: items.filter(({ counts }) => !counts || !byAsk(counts)) };
}

/**
 * Names for seats, in the frozen order.
 * @param {object} meeting as JSON
 * @param {object} item of it
 * @param {object} evaluation
 * @returns {{heads: (object)[], rows: object[][], lines: object[]}|null} null for another kind
 */
export function named(meeting, item, { names, figures, next }) {
  if (!names) return null;
  const { kind } = meeting.rules[item.rule];
  const words = names.some(({ counts }) => "abstain" in counts)
    ? ["agree", "disagree", "abstain"]
    : ["agree"];
  const rated = names.some((one) => one.rate !== null);
  return {
    heads: [
      line("desk.results.name"),
      ...words.map((one) => line(optionWord(kind, one))),
      ...(rated ? [line("desk.results.rate")] : []),
      line("desk.results.rank"),
      ...(rated ? [] : [line("desk.outcome.decision")]),
    ],
    rows: names.map(({ id, counts, rate, rank, result }) => [
      calledIn(meeting, item, id),
      ...words.map((one) => counts[one] ?? "—"),
      ...(rated ? [percent(rate)] : []),
      rank,
      ...(rated ? [] : [line(`forms.result.${kind}.${result}`)]),
    ]),
    lines: [
      ...Object.entries(figures.counts).flatMap(([ask, row]) => rest(ask, row)),
      ...(next ? [follow(meeting, item, next)] : []),
    ],
  };
}

/**
 * Grades, cell by cell.
 * @returns {{heads: object[], rows: object[][], flagged: boolean[]}[]|null} one for each scale
 */
export function graded(meeting, item, { cells }, lang) {
  if (!cells) return null;
  const scales = meeting.rules[item.rule].scales.value;
  return scales
    .map((scale) => [scale, cells.filter((one) => one.scale === scale.id)])
    .filter(([, mine]) => mine.length > 0)
    .map(([{ grades }, mine]) => ({
      heads: [
        line("desk.results.cell"),
        ...grades.map((one) => one.title[lang]),
        line("desk.results.base"),
        line("desk.results.favourable"),
      ],
      rows: mine.map(({ ask, counts, base, favourable }) => [
        calledIn(meeting, item, ask),
        ...grades.map((one) => counts[one.id]),
        base,
        percent(favourable),
      ]),
      flagged: mine.map(({ flags }) => flags.length > 0),
    }));
}

/** Who stands in the next round, of which a paper is proposed at once. */
function follow(meeting, item, { names, seats, why }) {
  const who = names.map((id) => calledIn(meeting, item, id));
  return line(`desk.results.${why}`, { seats, names: who });
}

function rest(ask, row) {
  if (row?.texts !== undefined) {
    const { none, invalid } = row;
    return [line(ask === "" ? "forms.roster" : "forms.others", { none, invalid })];
  }
  return row?.blank === undefined ? [] : [line("desk.results.blank", { blank: row.blank })];
}

/** Whether counts are by ask, as of a contest or a grid. */
function byAsk(counts) {
  return Object.values(counts).some((one) => typeof one === "object");
}

function optionWord(kind, option) {
  if (kind === "nomination" && option === "agree") return "option.recommendation.agree";
  if (kind === "election" && option !== "abstain") return `option.election.${option}`;
  return `option.${option}`;
}

function line(word, params = {}) {
  return { word, params };
}
