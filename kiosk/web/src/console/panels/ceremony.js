// The key ceremony and the rehearsal, as far as each trustee's device has come.

import { post } from "../../common/api.js";
import { h } from "../../common/dom.js";
import { say } from "../../common/words.js";
import { card, facts, keyed, note, panel, region } from "../parts.js";
import { stepOf } from "../model.js";

const STEPS = ["commit", "reveal", "shares", "answer", "trustees", "rehearsal-answer"];

/** The panel *ceremony*. */
export function ceremony(ctx) {
  const asked = (view) => ctx.load("/api/ceremony", JSON.stringify(view.overview.trustees));
  return panel(
    region(
      "div",
      (view) => [view.overview.trustees, asked(view), stepOf(view.overview, "ceremony").state],
      ([trustees, now, state], view) => [
        now &&
          facts([
            [say("desk.ceremony.size"), now.size],
            [say("desk.ceremony.threshold"), now.threshold],
            [say("desk.ceremony.attempt"), now.attempt],
          ]),
        state === "done" && note("good", say("desk.ceremony.done")),
        state !== "done" && note("", say("desk.ceremony.how")),
        card(say("desk.ceremony.trustees"), h("ul.progress", {}, trustees.map(trusteeLine))),
        state !== "done" && now && view.me.role === "secretary" && restart(ctx, now.attempt),
      ],
    ),
  );
}

function trusteeLine(one) {
  const reached = one.step === "rehearsal" ? "trustees" : one.step;
  const at = STEPS.indexOf(reached);
  return h(
    "li",
    {},
    h("span.who", {}, say("desk.ceremony.trustee", { index: one.index, name: one.name })),
    h("progress", { max: STEPS.length, value: at + 1, "aria-label": one.name }),
    h("span.hint", {}, one.enrolled ? stepWords(one.step) : say("desk.ceremony.absent")),
  );
}

function stepWords(step) {
  return step === null ? say("desk.ceremony.step.none") : say(`desk.ceremony.step.${step}`);
}

function restart(ctx, attempt) {
  return card(
    say("desk.ceremony.restart"),
    h("p", {}, say("desk.ceremony.restart.when")),
    keyed(
      say("desk.ceremony.restart"),
      (e) =>
        ctx.run(e, async () => {
          const agreed = await ctx.ask({
            title: say("desk.ceremony.restart.title"),
            lines: [say("desk.ceremony.restart.ends"), say("desk.ceremony.restart.when")],
            label: say("desk.ceremony.restart"),
            danger: true,
          });
          if (agreed) await post(`/api/ceremony/${attempt}/restart`, {});
        }),
      { kind: "danger" },
    ),
  );
}
