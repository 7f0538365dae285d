// After the seal: trackers, no objection, the trustees' count, and the decision in words.

import { trackerText } from "../../../common/code.js";
import { h } from "../../../common/dom.js";
import { say } from "../../../common/words.js";
import { mayPropose } from "../../model.js";
import { card, code, facts, field, keyed, note, panel, region } from "../../parts.js";
import { printOnly } from "../../invitations.js";
import { drawOutcome } from "./outcome.js";
import { reading } from "./reading.js";

/** The part *counting* of a paper. */
export function counting(ctx, slot) {
  const hall = (view) =>
    ctx.load("/api/hall", view.overview.height)?.papers.find((one) => one.slot === slot);
  const outcome = ({ view, paper }) =>
    counted(paper.round) && paper.round.reading !== "due" &&
    ctx.load(`/api/slots/${slot}/outcome`, view.overview.height);
  return panel(
    region(
      "div",
      ({ paper }) => paper.round,
      (round) => round && drawBox(round),
    ),
    region(
      "div",
      ({ view, paper }) => [
        hall(view)?.trackers,
        paper.round?.state,
        paper.round?.no_objection,
        view.me.role,
        Boolean(view.overview.proposal),
      ],
      ([trackers], { view, paper }) => drawTrackers(ctx, view, paper, trackers),
    ),
    region(
      "div",
      ({ view, paper }) => [
        paper.round?.checkpoint,
        paper.round?.factors,
        paper.round?.state,
        paper.round?.no_objection,
        paper.round?.compared,
        view.overview.trustees,
      ],
      (_data, { view, paper }) => paper.round?.no_objection && drawCount(view, paper.round),
    ),
    compared(ctx, slot),
    reading(ctx, slot),
    region(
      "div",
      (given) => [outcome(given), given.view.meeting !== null],
      ([found], { view }) => found && drawOutcome(view, found),
    ),
  );
}

function counted(round) {
  return round !== null && ["counted", "certified", "under-floor", "void"].includes(round.state);
}

function drawBox(round) {
  if (round.state === "void")
    return note("bad", say("desk.round.void"), round.void === null ? "" : voidReason(round.void));
  if (round.state === "under-floor") return note("wait", say("desk.counting.under-floor"));
  return facts([
    [say("desk.number.issued"), round.issued],
    [say("desk.number.returned"), round.returned],
    [say("desk.number.heads"), round.heads ?? "–"],
    [say("desk.number.spoiled"), round.spoiled],
  ]);
}

function voidReason(reason) {
  return reason === "returned-exceeds-issued" ? say("desk.void.excess") : reason;
}

function drawTrackers(ctx, view, paper, trackers) {
  const { round } = paper;
  if (!trackers || !round) return null;
  const list = h(
    "ol.trackers",
    {},
    trackers.map((one) => h("li", {}, code(trackerText(one)))),
  );
  return card(
    say("desk.trackers", { number: trackers.length }),
    h("p", {}, say("desk.trackers.how")),
    h(
      "details.more",
      { open: round.state === "sealed" && !round.no_objection },
      h("summary", {}, say("desk.trackers.show")),
      list,
      h(
        "div.keys",
        {},
        keyed(say("desk.print"), () => printOnly(list), { kind: "quiet" }),
      ),
    ),
    round.no_objection && note("good", say("desk.no-objection.done")),
    round.state === "sealed" &&
      !round.no_objection &&
      (mayPropose(view.me.role, "no-objection")
        ? h(
            "div.keys",
            {},
            keyed(
              say("desk.no-objection"),
              (e) => ctx.run(e, () => ctx.propose("no-objection", { slot: round.slot })),
              {
                kind: "primary.large",
                reason: view.overview.proposal ? say("desk.barred.proposal") : null,
              },
            ),
          )
        : note("wait", say("desk.no-objection.waits"))),
  );
}

function drawCount(view, round) {
  const { checkpoint, factors } = round;
  const done = round.state !== "sealed";
  return card(
    say("desk.count.title"),
    checkpoint.code && h("p", {}, say("desk.count.checkpoint"), " ", code(checkpoint.code)),
    h("p", {}, say("desk.count.signed", { have: checkpoint.signed.length, need: checkpoint.need })),
    h("progress", {
      max: checkpoint.need,
      value: Math.min(checkpoint.need, checkpoint.signed.length),
      "aria-label": say("desk.count.signed.label"),
    }),
    h("p", {}, say("desk.count.opened", { have: factors.sent.length, need: factors.need })),
    h("progress", {
      max: factors.need,
      value: Math.min(factors.need, factors.sent.length),
      "aria-label": say("desk.count.opened.label"),
    }),
    !done &&
      h(
        "ul.signers",
        {},
        view.overview.trustees.map((one) => {
          const stage = factors.sent.includes(one.index)
            ? "sent"
            : checkpoint.signed.includes(one.index)
              ? "signed"
              : "checking";
          return h(
            stage === "checking" ? "li.open" : "li.signed",
            {},
            h("span.mark", { "aria-hidden": "true" }, stage === "checking" ? "" : "✓"),
            say(`desk.count.trustee.${stage}`, { index: one.index, name: one.name }),
          );
        }),
      ),
    done && note("good", say("desk.count.done")),
  );
}

function compared(ctx, slot) {
  const boxes = h("div.checks");
  const node = h(
    "details.card.more",
    {},
    h("summary", {}, say("desk.compared.title")),
    h("p", {}, say("desk.compared.how")),
    field(say("desk.compared.missing"), boxes),
    h(
      "div.keys",
      {},
      keyed(say("desk.compared.propose"), (e) =>
        ctx.run(e, async () => {
          const missing = [...boxes.querySelectorAll("input:checked")].map((box) =>
            Number(box.value),
          );
          if (missing.length === 0) return ctx.tell(say("desk.compared.choose"), "bad");
          await ctx.propose(
            "compared",
            { slot, missing },
            {
              ask: {
                title: say("desk.compared.title"),
                lines: [say("desk.final"), say("desk.compared.how")],
                label: say("desk.compared.propose"),
              },
            },
          );
        }),
      ),
    ),
  );
  return {
    node,
    update({ view, paper }) {
      const { round } = paper;
      node.hidden =
        round?.state !== "sealed" ||
        !round.no_objection ||
        round.compared ||
        !mayPropose(view.me.role, "compared");
      if (!node.hidden && boxes.children.length === 0) {
        boxes.append(
          ...view.overview.trustees.map((one) =>
            h(
              "label.option",
              {},
              h("input", { type: "checkbox", value: one.index }),
              h("span", {}, say("desk.ceremony.trustee", { index: one.index, name: one.name })),
            ),
          ),
        );
      }
    },
  };
}
