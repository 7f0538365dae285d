// Voiding a round: chair and scrutineer, with a reason; never after the first partial decryption.

import { h } from "../../../common/dom.js";
import { say } from "../../../common/words.js";
import { field, keyed, note } from "../../parts.js";
import { pageField } from "./pen.js";

/** @returns {{node: HTMLElement, update: (view: object, paper: object) => void}} */
export function voiding(ctx, slot) {
  const reason = h("input", { autocomplete: "off", maxlength: "200" });
  const page = pageField();
  const byPen = h("div", {}, note("", say("desk.void.chair-pen")), page.node);
  const node = h(
    "details.card.more",
    {},
    h("summary", {}, say("desk.void.title")),
    note("bad", say("desk.final"), say("desk.void.means")),
    field(say("desk.reason"), reason, say("desk.void.reason.hint")),
    byPen,
    h(
      "div.keys",
      {},
      keyed(
        say("desk.void.propose"),
        (e) =>
          ctx.run(e, async () => {
            const text = reason.value.trim();
            if (text === "") return ctx.tell(say("desk.reason-wanted"), "bad");
            const digest = byPen.hidden ? null : await page.upload(ctx);
            if (!byPen.hidden && digest === null) return;
            const pen = digest && { page: digest, confirmed_by: ctx.view.me.officer };
            const done = await ctx.propose(
              "void",
              { slot, reason: text, pen },
              {
                ask: {
                  title: say("desk.void.ask"),
                  lines: [
                    say("desk.final"),
                    say("desk.void.means"),
                    say("desk.void.because", { reason: text }),
                  ],
                  label: say("desk.void.propose"),
                  danger: true,
                },
              },
            );
            if (done) reason.value = "";
          }),
        { kind: "danger" },
      ),
    ),
  );
  return {
    node,
    update(view, { round }) {
      const alive =
        round &&
        (round.state === "open" || (round.state === "sealed" && round.factors.sent.length === 0));
      const chair = view.overview.officers.find((one) => one.role === "chair");
      byPen.hidden = !chair?.pen;
      node.hidden = !alive || !mayVoid(view, chair);
    },
  };
}

/** Chair and scrutineers; where the chair signs by pen, whoever confirms it. */
function mayVoid(view, chair) {
  return (
    ["chair", "scrutineer"].includes(view.me.role) || (chair?.pen && view.me.role === "secretary")
  );
}
