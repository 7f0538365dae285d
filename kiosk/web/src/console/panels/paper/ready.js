// Before the opening: tickets against people, series by series; prepared, acknowledged, opened.

import { post } from "../../../common/api.js";
import { h } from "../../../common/dom.js";
import { say, sayWord } from "../../../common/words.js";
import { gatesOf, mayPropose } from "../../model.js";
import { card, facts, keyed, note, panel, region } from "../../parts.js";
import { barred } from "../freeze.js";
import { estimateFacts } from "../kiosks.js";
import { leftovers } from "./leftovers.js";

/** The part *ready* of a paper. `update` gets `{view, paper}`. */
export function ready(ctx, slot) {
  return panel(
    region(
      "div",
      ({ paper }) => [paper.paper?.quorum, paper.paper?.recused, paper.steps.withdraw?.state],
      drawQuorum,
    ),
    region(
      "div",
      ({ view, paper }) => [paper.paper?.table, view.me.role, paper.steps.leftovers?.state],
      ([table], { view, paper }) =>
        table && drawTable(ctx, view, table, paper.steps.leftovers?.state === "now"),
    ),
    leftovers(ctx, slot),
    region("div", ({ paper }) => paper.paper?.estimate, estimateFacts),
    region(
      "div",
      ({ view, paper }) => [
        paper.steps,
        paper.binding,
        paper.paper?.series,
        paper.paper?.items,
        view.me.role,
        view.meeting && ctx.acts().length,
        view.overview.proposal,
        view.overview.trustees,
      ],
      (_data, { view, paper }) => paper.paper && drawOpening(ctx, view, paper),
    ),
    region(
      "div",
      ({ paper }) =>
        paper.round && [
          paper.round.due,
          paper.round.present,
          paper.round.issued,
          paper.round.number,
        ],
      (data, { paper }) =>
        data &&
        facts([
          [say("desk.number.round"), paper.round.number],
          [say("desk.number.due"), paper.round.due],
          [say("desk.number.present"), paper.round.present],
          [say("desk.number.issued"), paper.round.issued],
        ]),
    ),
  );
}

/** Who is recused is reminded of until he has withdrawn. */
function drawQuorum([quorum, recused, withdrawals]) {
  return [
    quorum && note("", sayWord(quorum)),
    recused > 0 && withdrawals !== "done" && note("wait", say("desk.ready.recusal", { number: recused })),
  ];
}

/** While leftovers are being scanned a difference is nothing wrong yet. */
function drawTable(ctx, view, table, early) {
  const columns = [
    "series",
    "printed",
    "leftover",
    "drawn",
    "withdrawn",
    "issued",
    "eligible",
    "differs",
  ];
  return [
    h(
      "div.scroll",
      {},
      h(
        "table",
        {},
        h("caption", {}, say("desk.table.caption")),
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            columns.map((one) =>
              h(one === "series" ? "th" : "th.number", { scope: "col" }, say(`desk.table.${one}`)),
            ),
          ),
        ),
        h(
          "tbody",
          {},
          table.map((row) =>
            h(
              row.differs === 0 || early ? "tr" : "tr.bad",
              {},
              columns.map((one) =>
                one === "series"
                  ? h(
                      "th",
                      { scope: "row" },
                      seriesName(row),
                      row.void && h("span.tag.bad", {}, say("desk.table.void")),
                    )
                  : h(
                      "td.number",
                      {},
                      one === "differs" && row.differs > 0 ? `+${row.differs}` : row[one],
                    ),
              ),
            ),
          ),
        ),
      ),
    ),
    table
      .filter((row) => row.differs !== 0)
      .map((row) =>
        early
          ? h("details.more", {}, h("summary", {}, say("desk.ways.later")), ways(ctx, view, row))
          : ways(ctx, view, row),
      ),
  ];
}

/** A series by its letter and its title, which often begins with the letter. */
function seriesName({ series, title }) {
  return title.includes(series) ? title : `${series} ${title}`;
}

function ways(ctx, view, row) {
  return note(
    "bad",
    h("p", {}, h("b", {}, sayWord(row.said))),
    h("p", {}, say("desk.ways")),
    h(
      "ol.ways",
      {},
      row.ways.map(({ way, who, reserve }) =>
        h(
          "li",
          {},
          say(`desk.way.${way}`, { series: row.series, reserve: reserve ?? "" }),
          way === "correct" &&
            who.includes(view.me.role) &&
            keyed(say("desk.way.correct.go"), () => ctx.go("attend"), { kind: "quiet" }),
          way === "void-series" &&
            mayPropose(view.me.role, "void-series") &&
            keyed(
              say("desk.way.void-series.go"),
              (e) => ctx.run(e, () => voidSeries(ctx, row, reserve)),
              { kind: "danger" },
            ),
        ),
      ),
    ),
  );
}

async function voidSeries(ctx, row, reserve) {
  const reason = h("input", {
    autocomplete: "off",
    maxlength: "200",
    "aria-label": say("desk.reason"),
    value: say("desk.way.void-series.reason"),
  });
  const body = [
    say("desk.final"),
    say("desk.way.void-series", { series: row.series, reserve: reserve ?? "" }),
    h("div.field", {}, h("p", {}, h("b", {}, say("desk.reason"))), reason),
  ];
  const agreed = await ctx.ask({
    title: say("desk.way.void-series.ask", { series: row.series }),
    lines: body,
    label: say("desk.way.void-series.go"),
    danger: true,
  });
  if (agreed) await ctx.propose("void-series", { series: row.series, reason: reason.value.trim() });
}

function drawOpening(ctx, view, paper) {
  const { steps, binding } = paper;
  const may = mayPropose(view.me.role, "open");
  const prepared = binding !== null;
  return card(
    null,
    prepared && acknowledgements(view, binding),
    h(
      "div.keys",
      {},
      may &&
        keyed(
          say(prepared ? "desk.prepare.again" : "desk.prepare"),
          (e) =>
            ctx.run(e, async () => {
              await post("/api/slots/prepare", {
                items: paper.paper.items,
                series: paper.paper.series,
              });
              ctx.tell(say("desk.prepare.done"), "good");
            }),
          {
            kind: prepared ? "quiet" : "primary.large",
            reason: prepareBarred(ctx, view, paper, prepared),
          },
        ),
      may &&
        prepared &&
        keyed(
          say("desk.open"),
          (e) =>
            ctx.run(e, () =>
              ctx.propose(
                "open",
                {},
                {
                  ask: {
                    title: say("desk.open.ask"),
                    lines: [say("desk.final"), say("desk.open.means")],
                    label: say("desk.open"),
                  },
                },
              ),
            ),
          { kind: "primary.large", reason: barred(view, steps.open) },
        ),
    ),
  );
}

function prepareBarred(ctx, view, { steps, items }, prepared) {
  if (view.overview.proposal) return say("desk.barred.proposal");
  if (prepared) return null;
  if (steps.prepare?.state !== "now") return say("desk.barred.earlier");
  if (steps.prepare.missing.length > 0)
    return say("desk.barred.missing", { what: steps.prepare.missing });
  const left = items.filter((item) => {
    const { gates, entered } = gatesOf(view.meeting, ctx.acts(), item);
    return entered < gates.length;
  });
  return left.length > 0
    ? say("desk.barred.room", { items: left.map((item) => view.items[item].n) })
    : null;
}

function acknowledgements(view, binding) {
  return h(
    "div.acks",
    {},
    h("p", {}, say("desk.acks", { have: binding.acks.length, need: binding.need })),
    h(
      "ul.signers",
      {},
      view.overview.trustees.map((one) => {
        const has = binding.acks.includes(one.index);
        return h(
          has ? "li.signed" : "li.open",
          {},
          h("span.mark", { "aria-hidden": "true" }, has ? "✓" : ""),
          say(has ? "desk.acks.has" : "desk.acks.waits", { index: one.index, name: one.name }),
        );
      }),
    ),
  );
}
