// While a paper is open: what may be known of it, last call, device checks, heads, the seal.

import { post } from "../../../common/api.js";
import { h, show } from "../../../common/dom.js";
import { say } from "../../../common/words.js";
import { mayPropose } from "../../model.js";
import { card, facts, field, keyed, note, panel, region } from "../../parts.js";
import { kioskName } from "../kiosks.js";

/** The part *voting* of a paper. */
export function voting(ctx, slot) {
  return panel(
    region(
      "div",
      ({ view, paper }) => [paper.round, view.overview.checks],
      ([round, checks]) => round && drawFigures(round, checks),
    ),
    region(
      "div",
      ({ view, paper }) => [
        paper.round?.state,
        paper.round?.last_call,
        view.overview.kiosks,
        view.me.role,
        view.overview.checks,
      ],
      (_data, { view, paper }) => paper.round?.state === "open" && drawRoom(ctx, view, paper),
    ),
    sealForm(ctx, slot),
  );
}

function drawFigures(round, checks) {
  return [
    facts([
      [say("desk.number.due"), round.due],
      [say("desk.number.present"), round.present],
      [say("desk.number.issued"), round.issued],
      [
        round.exact ? say("desk.number.returned") : say("desk.number.returned-steps"),
        round.exact ? round.returned : say("desk.at-least", { number: round.returned }),
      ],
      round.heads !== null && [say("desk.number.heads"), round.heads],
      [say("desk.number.checks"), say("desk.of", { have: checks.done, need: checks.quota })],
    ]),
    !round.exact && note("", say("desk.voting.steps")),
  ];
}

function drawRoom(ctx, view, { round }) {
  const busy = view.overview.kiosks.filter((one) => one.busy);
  const { checks } = view.overview;
  return [
    busy.length > 0
      ? note("wait", say("desk.voting.busy", { kiosks: busy.map((one) => kioskName(one.account)) }))
      : note("good", say("desk.voting.free")),
    checks.done < checks.quota &&
      note(
        "wait",
        h("p", {}, h("b", {}, say("desk.checks.owed", { missing: checks.quota - checks.done }))),
        h("p", {}, say("desk.checks.how")),
      ),
    round.last_call
      ? note("", say("desk.last-call.said"))
      : ["chair", "secretary"].includes(view.me.role) &&
        h(
          "div.keys",
          {},
          keyed(say("desk.last-call"), (e) =>
            ctx.run(e, async () => {
              await post("/api/last-call", { slot: round.slot });
              ctx.tell(say("desk.last-call.said"), "good");
            }),
          ),
        ),
  ];
}

function sealForm(ctx, slot) {
  const heads = h("input.count", {
    type: "number",
    min: "0",
    inputmode: "numeric",
    autocomplete: "off",
  });
  const override = h("input", { type: "checkbox" });
  const whether = h("label.option", {}, override, h("span", {}, say("desk.seal.override")));
  const key = h("div");
  const node = card(
    say("desk.seal.title"),
    h("p", {}, say("desk.seal.how")),
    field(say("desk.seal.heads"), heads, say("desk.seal.heads.hint")),
    whether,
    key,
  );
  const propose = (event) =>
    ctx.run(event, async () => {
      const number = Number(heads.value);
      if (heads.value === "" || !Number.isInteger(number) || number < 0)
        return ctx.tell(say("desk.seal.number"), "bad");
      const body = { slot, heads: number, override: override.checked };
      const done = await ctx.propose("seal", body, {
        ask: {
          title: say("desk.seal.ask"),
          lines: [
            say("desk.final"),
            say("desk.seal.means", { heads: number }),
            override.checked ? say("desk.seal.override.means") : null,
          ].filter(Boolean),
          label: say("desk.seal.propose"),
        },
      });
      if (done) heads.value = "";
    });
  let shown;
  let last = null;
  override.addEventListener("change", () => part.update(last));
  const part = {
    node,
    update(given) {
      last = given;
      const { view, paper } = given;
      node.hidden = paper.round?.state !== "open" || !mayPropose(view.me.role, "seal");
      const busy = view.overview.kiosks.some((one) => one.busy);
      whether.hidden = !busy;
      if (!busy) override.checked = false;
      const reason = sealBarred(view, paper, busy && !override.checked);
      if (shown === reason) return;
      shown = reason;
      show(
        key,
        keyed(say("desk.seal.propose"), propose, { kind: "primary.large", reason, key: "seal" }),
      );
    },
  };
  return part;
}

/** Why the box cannot be sealed now; a busy kiosk bars it unless both officers override that. */
function sealBarred(view, { steps }, busy) {
  if (view.overview.proposal) return say("desk.barred.proposal");
  if (!steps.seal || steps.seal.state !== "now") return say("desk.barred.later");
  if (steps.seal.ready && !busy) return null;
  return say("desk.barred.missing", { what: steps.seal.missing });
}
