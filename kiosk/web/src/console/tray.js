// The signing tray at the foot of the console: the one act that waits for signatures.
//
// The words come from the officer's own device, which has checked the act before it says them; what
// the device refuses is shown with its reason and has no key. After two minutes an act lapses.

import { announce, h, show } from "../common/dom.js";
import { explain, say } from "../common/words.js";
import { placesOf, waitsFor } from "./model.js";
import { keyed, officerName } from "./parts.js";

/**
 * @param {object} ctx as for panels
 * @returns {{node: HTMLElement, update: (view: object, pending: object|null) => void}}
 */
export function makeTray(ctx) {
  const node = h("section.tray", { "aria-label": say("desk.tray") }, idle());
  let shown = null;
  return {
    node,
    update(view, pending) {
      const text = JSON.stringify([pending, view?.overview.officers.length]);
      if (text === shown) return;
      const fresh = pending !== null && !(shown ?? "").includes(pending.act);
      shown = text;
      node.classList.toggle("waiting", pending !== null);
      show(node, pending === null ? idle() : waiting(ctx, view, pending));
      if (fresh && waitsFor(pending, view.me.officer)) announce(say("desk.tray.mine"));
    },
  };
}

function idle() {
  return [h("h2", {}, say("desk.tray")), h("p", {}, say("desk.tray.nothing"))];
}

function waiting(ctx, view, pending) {
  const mine = waitsFor(pending, view.me.officer) && pending.mine !== false;
  const lines = (pending.text ?? "").split("\n");
  return [
    h("h2", {}, say("desk.tray.waits", { kind: kindName(pending.kind) })),
    h(
      "div.tray-act",
      { tabindex: "0", role: "group", "aria-label": say("desk.tray.words") },
      pending.problem
        ? h("p.problem", {}, explain(pending.problem))
        : pending.text === null
          ? h("p", {}, say(mine ? "desk.tray.checking" : "desk.tray.theirs"))
          : lines.map((line, index) => h(index === 0 ? "p.first" : "p", {}, line.trim())),
    ),
    signers(view, pending),
    h(
      "div.keys",
      {},
      mine && !pending.problem && pending.text !== null
        ? keyed(say("desk.tray.sign"), (e) => sign(ctx, e, pending), { kind: "primary.large" })
        : h("p.hint", {}, whyNot(view, pending)),
      mayWithdraw(view, pending) &&
        keyed(say("desk.tray.withdraw"), (e) => withdraw(ctx, e, pending), { kind: "quiet" }),
    ),
  ];
}

/** What kind of act it is, in words. */
export function kindName(kind) {
  return say(`desk.act.${kind}`);
}

function signers(view, pending) {
  return h(
    "ul.signers",
    { "aria-label": say("desk.tray.signers") },
    placesOf(pending).map(({ officers, signed }) => {
      const names = signed ? [signed] : officers;
      return h(
        signed ? "li.signed" : "li.open",
        {},
        h("span.mark", { "aria-hidden": "true" }, signed ? "✓" : ""),
        say(signed ? "desk.tray.has-signed" : "desk.tray.may-sign", {
          names: names.map((one) => officerName(view, one)).join(say("desk.tray.or")),
        }),
      );
    }),
  );
}

function whyNot(view, pending) {
  if (pending.problem) return say("desk.tray.not-signed");
  if (pending.signed.includes(view.me.officer)) return say("desk.tray.you-have");
  if (pending.mine) return say("desk.tray.checking");
  return say("desk.tray.others");
}

function mayWithdraw(view, pending) {
  return pending.places.some((allowed) => allowed.includes(view.me.officer));
}

function sign(ctx, event, pending) {
  ctx.run(event, async () => {
    const { complete } = await ctx.signer.sign(pending.act);
    ctx.tell(say(complete ? "desk.tray.complete" : "desk.tray.signed"), "good");
  });
}

function withdraw(ctx, event, pending) {
  ctx.run(event, async () => {
    await ctx.signer.withdraw(pending.act);
    ctx.tell(say("desk.tray.withdrawn"), "wait");
  });
}
