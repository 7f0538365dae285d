// What a frozen rule decides on an item's opened counts, without the words of its reasons
// (voting/rules/{confirmation,recommendation}.py).

import { baseDue, evaluateQuorum, met } from "./rules.js";
import { roundIssued } from "./state.js";

/**
 * The decision on one item of a counted round.
 * @param {object} rule
 * @param {object} one the round
 * @param {string} item
 * @param {Map<string, number>} counts by option
 * @returns {string} `passed`, `not_passed`, `deferred`, `recorded`, `no_quorum`, `void` or
 *   `uncertified`
 */
export function decisionOf(rule, one, item, counts) {
  const { due, presentAtOpen, presentAtSeal, returned } = one;
  const recused = one.recused.get(item);
  for (const present of [presentAtOpen, presentAtSeal]) {
    if (evaluateQuorum(rule, { due, present, recused })) return "no_quorum";
  }
  const issued = roundIssued(one);
  if (issued > presentAtOpen || returned > issued) return "void";
  const entries = [...counts.values()].reduce((sum, n) => sum + n, 0);
  if (entries !== returned) return "uncertified";
  if (rule.kind === "recommendation") return "recorded";
  const reaches = (measure, option) => {
    const base = measure.base === "present" ? presentAtOpen : baseDue(rule, due, recused);
    return met(measure, counts.get(option), base);
  };
  if (rule.options.includes("defer") && reaches(rule.deferral, "defer")) return "deferred";
  return reaches(rule.passing, "agree") ? "passed" : "not_passed";
}
