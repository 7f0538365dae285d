// Correcting the attendance: a sign-in that was wrong is undone by two roles, with a reason.

import { h, show } from "../../common/dom.js";
import { say } from "../../common/words.js";
import { mayPropose } from "../model.js";
import { field, keyed, note } from "../parts.js";

/** @returns {{node: HTMLElement, update: (view: object) => void}} */
export function correction(ctx, rollOf) {
  const leave = h("select", { multiple: true, size: "6" });
  const attend = h("select", { multiple: true, size: "6" });
  const reason = h("input", { autocomplete: "off", maxlength: "200" });
  const node = h(
    "details.card.more",
    {},
    h("summary", {}, say("desk.correct.title")),
    note("", say("desk.correct.means")),
    field(say("desk.correct.leave"), leave, say("desk.correct.several")),
    field(say("desk.correct.attend"), attend, say("desk.correct.several")),
    field(say("desk.correct.reason"), reason),
    h(
      "div.keys",
      {},
      keyed(
        say("desk.correct.propose"),
        (e) =>
          ctx.run(e, async () => {
            const body = {
              leave: picked(leave),
              attend: picked(attend).map((who) => ({ who, series: null })),
              present: [],
              reason: reason.value.trim(),
            };
            if (body.leave.length + body.attend.length === 0)
              return ctx.tell(say("desk.correct.choose"), "bad");
            if (body.reason === "") return ctx.tell(say("desk.reason-wanted"), "bad");
            await ctx.propose("correct", body);
            reason.value = "";
          }),
        { kind: "primary" },
      ),
    ),
  );
  let shown = null;
  return {
    node,
    update(view) {
      const people = rollOf(view)?.people;
      node.hidden =
        !mayPropose(view.me.role, "correct") || !people || view.overview.stage !== "frozen";
      if (node.hidden || node.contains(document.activeElement)) return;
      const text = JSON.stringify(people.map((one) => one.state));
      if (text === shown) return;
      shown = text;
      show(leave, people.filter((one) => one.state !== "expected").map(option));
      show(attend, people.filter((one) => one.state === "expected").map(option));
    },
  };
}

function option(one) {
  return h("option", { value: one.who }, one.who);
}

function picked(select) {
  return [...select.selectedOptions].map((one) => one.value);
}
