// The outcome that officers certify: a table for items of one mark, one for each contest or grid.

import { calledIn, titleOf } from "../../../common/asked.js";
import { h } from "../../../common/dom.js";
import { lang, say, sayWord } from "../../../common/words.js";
import { stepWords } from "../../model.js";
import { card, note } from "../../parts.js";
import { graded, marked, named } from "../../results.js";

/** What a round came to, for officers before the release. */
export function drawOutcome(view, outcome) {
  const { options, rows } = marked(outcome.items);
  const rest = outcome.items.filter((one) => !rows.includes(one));
  return card(
    say("desk.outcome.title"),
    note("", say("desk.outcome.officers")),
    rows.length > 0 && drawMarked(view, options, rows),
    rest.map((one) => drawContest(view, one)),
    h(
      "details.more",
      {},
      h("summary", {}, say("desk.outcome.steps")),
      outcome.items.map((one) => one.evaluation && drawSteps(view, one)),
    ),
  );
}

function drawMarked(view, options, rows) {
  const word = (one) => view.meeting.options[one] ?? say(`option.${one}`);
  const heads = [...options.map(word), say("desk.outcome.decision")];
  return table(
    [say("desk.item.n"), say("desk.item.candidate"), ...heads],
    rows.map((one) => [
      view.items[one.item]?.n ?? one.item,
      calledItem(view, one.item),
      ...options.map((option) => one.counts?.[option] ?? ""),
      one.evaluation && decision(one.evaluation.decision),
    ]),
    { head: 1, numbers: [0, ...options.map((_, i) => i + 2)] },
  );
}

/** A contest or a grid: a table of its own, and who goes to a next round. */
function drawContest(view, { item, evaluation }) {
  const frozen = view.items[item];
  const names = evaluation && frozen ? named(view.meeting, frozen, evaluation) : null;
  const grids = (evaluation && frozen && graded(view.meeting, frozen, evaluation, lang())) ?? [];
  return [
    h("h4", {}, calledItem(view, item), " ", evaluation && decision(evaluation.decision)),
    names && names.rows.length > 0 && sheet(names),
    names?.lines.map((one) => h("p", {}, sayWord(one))),
    grids.map((one) => sheet(one)),
  ];
}

function sheet({ heads, rows, flagged = [] }) {
  const said = (cell) => (typeof cell === "object" ? sayWord(cell) : cell);
  const flag = h("span.tag.wait", {}, say("desk.results.flag"));
  return table(
    heads.map(said),
    rows.map((row, i) =>
      row.map((cell, x) =>
        x === 0 && flagged[i] ? [said(cell), " ", flag.cloneNode(true)] : said(cell))),
    { head: 0, numbers: heads.map((_, i) => i).slice(1) },
  );
}

function table(heads, rows, { head, numbers }) {
  const cls = (x) => (numbers.includes(x) ? ".number" : "");
  return h(
    "div.scroll",
    {},
    h(
      "table.outcome",
      {},
      h("thead", {}, h("tr", {}, heads.map((one, x) => h(`th${cls(x)}`, { scope: "col" }, one)))),
      h(
        "tbody",
        {},
        rows.map((row) =>
          h(
            "tr",
            {},
            row.map((cell, x) =>
              x === head ? h("th", { scope: "row" }, cell) : h(`td${cls(x)}`, {}, cell)),
          ),
        ),
      ),
    ),
  );
}

function drawSteps(view, { item, evaluation }) {
  const frozen = view.items[item];
  const called = (id) => (frozen ? calledIn(view.meeting, frozen, id) : id);
  return h(
    "div",
    {},
    h("h4", {}, calledItem(view, item)),
    h(
      "ul",
      {},
      [...evaluation.steps, ...evaluation.notes].map((step) =>
        h("li", {}, sayWord(stepWords(step, called))),
      ),
    ),
  );
}

function calledItem(view, item) {
  const frozen = view.items[item];
  return frozen ? titleOf(frozen) : item;
}

const DONE = new Set(["passed", "elected", "recorded"]);

function decision(word) {
  return h(DONE.has(word) ? "span.tag.good" : "span.tag.wait", {}, say(`decision.${word}`));
}
