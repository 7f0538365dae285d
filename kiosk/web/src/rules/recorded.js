// What is recorded and decides nothing: names of a recommendation by post, cells of an assessment
// (voting/rules/{nomination,assessment,rates}.py). Shares and indices are for printing, in
// hundredths, rounded half up; flags ask for review and never act.

import { scaleOf } from "../meeting/rules.js";
import { sum } from "./counting.js";
import { rankOf } from "./seats.js";

/** The names of a recommendation, as `result.json` holds them. */
export function nominated(rule, figures, { names, valid }) {
  const base = rateBase(rule, figures, valid);
  const votes = [...names.values()].map(({ agree }) => agree);
  return [...names].map(([id, { agree }]) => ({
    id,
    votes: agree,
    rank: rankOf(votes, agree),
    result: "recorded",
    counts: { agree },
    rate: share(agree, base),
  }));
}

/**
 * The cells of an assessment, as `result.json` holds them.
 * @param {Map<string, string>} cells the scale's id by ask
 * @param {Record<string, Record<string, number>>} counts
 */
export function assessed(rule, figures, cells, counts) {
  return [...cells].map(([ask, id]) => cell(rule, figures, ask, scaleOf(rule, id), counts[ask]));
}

function cell(rule, figures, ask, scale, row) {
  const { grades } = scale;
  const dropped = rule.unknownBase === "dropped";
  const unknown = sum(grades.filter((one) => one.unknown).map((one) => row[one.id]));
  const base = rateBase(rule, figures, sum(Object.values(row))) - (dropped ? unknown : 0);
  const rates = grades.map(({ id, unknown: outside }) =>
    [id, outside && dropped ? null : share(row[id], base)]);
  const weighing = grades.filter(({ weight }) => weight !== null);
  const weighed = sum(weighing.map(({ id }) => row[id]));
  const weights = sum(weighing.map(({ id, weight }) => weight * row[id]));
  const flags = rule.flags.filter((flag) => flag.scale === scale.id && raises(flag, row, base));
  return {
    ask,
    scale: scale.id,
    counts: row,
    base,
    rates: Object.fromEntries(rates),
    favourable: share(sum(scale.favourable.map((id) => row[id])), base),
    index: weighed ? halfUp(100 * weights, weighed) : null,
    weighed,
    flags: flags.map(({ id }) => id),
  };
}

function raises({ grades, numerator, denominator, op }, row, base) {
  if (base < 1) return false;
  const left = BigInt(sum(grades.map((id) => row[id]))) * BigInt(denominator);
  const right = BigInt(numerator) * BigInt(base);
  return { ">": left > right, ">=": left >= right, "<": left < right, "<=": left <= right }[op];
}

function rateBase({ rateBase: name }, { returned, issued }, valid) {
  return { valid, returned, issued }[name];
}

/** Hundredths of a percent; 0 of nothing. */
function share(count, base) {
  return base > 0 ? halfUp(10_000 * count, base) : 0;
}

function halfUp(numerator, denominator) {
  return Math.floor((2 * numerator + denominator) / (2 * denominator));
}
