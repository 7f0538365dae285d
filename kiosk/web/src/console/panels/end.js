// The end: shares destroyed, the meeting closed, the record signed, taken home and verified.

import { getBytes } from "../../common/api.js";
import { h } from "../../common/dom.js";
import { explain, say } from "../../common/words.js";
import { mayPropose, stepOf } from "../model.js";
import { card, code, download, keyed, note, officerName, panel, region } from "../parts.js";
import { barred } from "./freeze.js";

/** The panel *end*. */
export function end(ctx) {
  return panel(
    region(
      "div",
      (view) => [view.overview.trustees, stepOf(view.overview, "destroy")],
      ([trustees, step], view) =>
        card(
          say("desk.end.destroy"),
          h("p", {}, say("desk.end.destroy.means")),
          h(
            "ul.signers",
            {},
            trustees.map((one) =>
              h(
                one.destroyed ? "li.signed" : "li.open",
                {},
                h("span.mark", { "aria-hidden": "true" }, one.destroyed ? "✓" : ""),
                say(one.destroyed ? "desk.end.destroyed" : "desk.end.holds", {
                  index: one.index,
                  name: one.name,
                }),
              ),
            ),
          ),
          step?.state === "now" &&
            view.overview.papers.length > 0 &&
            note("bad", say("desk.end.papers-left", { number: view.overview.papers.length })),
        ),
    ),
    region(
      "div",
      (view) => [
        view.overview.stage,
        stepOf(view.overview, "close"),
        view.overview.proposal,
        view.me.role,
        view.overview.trustees,
      ],
      (_data, view) => closing(ctx, view),
    ),
    region(
      "div",
      (view) => [view.overview.record, view.me],
      ([record], view) => record && signing(ctx, view, record),
    ),
    region(
      "div",
      (view) => [view.overview.record?.missing.length === 0, view.overview.code],
      ([complete], view) => complete && keeping(ctx, view),
    ),
  );
}

function closing(ctx, view) {
  if (view.overview.stage === "closed") return note("good", say("desk.end.closed"));
  const left = view.overview.trustees.filter((one) => !one.destroyed);
  return card(
    say("desk.end.close"),
    h("p", {}, say("desk.end.close.means")),
    mayPropose(view.me.role, "close") &&
      h(
        "div.keys",
        {},
        keyed(
          say("desk.end.close.propose"),
          (e) =>
            ctx.run(e, () =>
              ctx.propose(
                "close",
                {},
                {
                  ask: {
                    title: say("desk.end.close.ask"),
                    lines: [
                      say("desk.final"),
                      say("desk.end.close.means"),
                      left.length > 0
                        ? say("desk.end.close.without", { names: left.map((one) => one.name) })
                        : null,
                    ].filter(Boolean),
                    label: say("desk.end.close.propose"),
                    danger: left.length > 0,
                  },
                },
              ),
            ),
          { kind: "primary.large", reason: closeBarred(view) },
        ),
      ),
  );
}

/** Trustees who cannot be waited for are named in the act; what else is missing bars it. */
function closeBarred(view) {
  if (view.overview.proposal) return say("desk.barred.proposal");
  const destroy = stepOf(view.overview, "destroy");
  if (destroy?.state === "later") return barred(view, destroy);
  return null;
}

function signing(ctx, view, record) {
  const me = view.me.officer;
  return card(
    say("desk.record.title"),
    h("p", {}, say("desk.record.means")),
    h(
      "ul.signers",
      {},
      record.signed.map((one) =>
        h(
          "li.signed",
          {},
          h("span.mark", { "aria-hidden": "true" }, "✓"),
          say("desk.tray.has-signed", { names: [officerName(view, one)] }),
        ),
      ),
      record.missing.map((one) =>
        h(
          "li.open",
          {},
          h("span.mark", { "aria-hidden": "true" }, ""),
          say("desk.tray.may-sign", { names: [officerName(view, one)] }),
        ),
      ),
    ),
    record.missing.includes(me) &&
      ctx.signer.signRecord &&
      h(
        "div.keys",
        {},
        keyed(
          say("desk.record.sign"),
          (e) =>
            ctx.run(e, async () => {
              ctx.tell(say("desk.record.checking"), "wait");
              const problem = await ctx.signer.record();
              if (problem) return ctx.tell(explain(problem), "bad");
              await ctx.signer.signRecord();
              ctx.tell(say("desk.record.signed"), "good");
            }),
          { kind: "primary.large" },
        ),
      ),
  );
}

function keeping(ctx, view) {
  return card(
    say("desk.record.keep"),
    h(
      "div.keys",
      {},
      keyed(
        say("desk.record.download"),
        (e) =>
          ctx.run(e, async () =>
            download(await getBytes("/api/record.zip"), "record.zip", "application/zip"),
          ),
        { kind: "primary.large" },
      ),
    ),
    h("p", {}, say("desk.record.verify")),
    h("pre.code", {}, `piaojue verify record.zip --expect "${view.overview.code}"`),
    h("p", {}, say("desk.record.fingerprint"), " ", code(view.overview.code)),
    note("wait", say("desk.record.names")),
  );
}
