// What the frozen rule decides on a counted round, item by item (voting/meeting/marks.py,
// `evaluate_round`): the evaluations of `result.json` without the words of their reasons.

import { evaluateItem } from "../rules/evaluate.js";
import { shapeOf } from "./questions.js";
import { roundIssued } from "./state.js";

/**
 * The evaluation of every item of a counted round.
 * @param {import("./frozen.js").Meeting} meeting
 * @param {object} one the round
 * @param {Map<string, object>} counts by item, as `countsOf` of marks.js
 * @returns {Map<string, object>} as `evaluateItem` of rules/evaluate.js
 */
export function evaluateRound(meeting, one, counts) {
  const rule = meeting.rules.get(one.rule);
  const groups = new Map([...one.groupsAtOpen].map(([id, presentAtOpen]) => [id, {
    due: meeting.groups.get(id).count,
    presentAtOpen,
    presentAtSeal: one.groupsAtSeal.get(id),
  }]));
  return new Map(one.items.map((item) => {
    const numbers = {
      due: one.due,
      presentAtOpen: one.presentAtOpen,
      presentAtSeal: one.presentAtSeal,
      issued: roundIssued(one),
      returned: one.returned,
      recused: one.recused.get(item),
      groups,
    };
    const asked = shapeOf(meeting, item, one.standings.get(item) ?? null);
    return [item, evaluateItem(rule, asked, numbers, counts.get(item))];
  }));
}
