// Recusals: who leaves which items. Entered before their round opens, taken back the same way.

import { h, show } from "../../common/dom.js";
import { say } from "../../common/words.js";
import { card, field, keyed, region } from "../parts.js";

/** @returns {{node: HTMLElement, update: (view: object) => void}} */
export function recusals(ctx, rollOf) {
  const list = region(
    "div",
    (view) => [
      rollOf(view)?.people.filter((one) => one.recused.length > 0),
      view.me.role,
      view.meeting !== null,
    ],
    ([people], view) => drawRecused(ctx, view, people ?? []),
  );
  const waiting = region(
    "div",
    (view) => [proposed(view, rollOf(view)), view.me.role, view.meeting !== null],
    ([found], view) => drawProposed(ctx, view, found),
  );
  const form = recusalForm(ctx);
  const node = card(
    say("desk.recusal.title"),
    h("p.hint", {}, say("desk.recusal.how")),
    waiting.node,
    list.node,
    form.node,
  );
  return {
    node,
    update(view) {
      node.hidden = !rollOf(view)?.people.some((one) => one.class === "member");
      waiting.update(view);
      list.update(view);
      form.update(view, rollOf(view));
    },
  };
}

/**
 * Recusals that follow from a relation in the draft and that nobody has entered yet. They are
 * proposed and never made: a human confirms each.
 */
export function proposed(view, roll) {
  if (!roll) return [];
  const people = new Map(roll.people.map((one) => [one.who, one]));
  return roll.proposals.filter(({ who, item }) => {
    const person = people.get(who);
    return person?.class === "member" && item in view.items && !person.recused.includes(item);
  });
}

function drawProposed(ctx, view, found) {
  if (found.length === 0) return [];
  return [
    h("p", {}, say("desk.recusal.proposed")),
    h(
      "ul.recused",
      {},
      found.map(({ item, who, kin, must, note }) =>
        h(
          "li",
          {},
          h("b", {}, who),
          h(
            "span.recused-item",
            {},
            say(must ? "desk.recusal.must" : "desk.recusal.may", {
              n: view.items[item].n,
              candidate: view.items[item].candidate,
              kin: say(`desk.recusal.kin.${kin}`),
              note,
            }),
            view.me.role === "secretary" &&
              view.meeting &&
              keyed(
                say("desk.recusal.confirm"),
                (e) => ctx.run(e, () => ctx.room("recuse", { who, item })),
                { kind: "quiet", key: `confirm ${who} ${item}` },
              ),
          ),
        ),
      ),
    ),
  ];
}

function drawRecused(ctx, view, people) {
  if (people.length === 0) return h("p", {}, say("desk.recusal.none"));
  return h(
    "ul.recused",
    {},
    people.map((one) =>
      h(
        "li",
        {},
        h("b", {}, one.who),
        one.recused.map((item) =>
          h(
            "span.recused-item",
            {},
            say("desk.recusal.item", {
              n: view.items[item]?.n ?? item,
              candidate: view.items[item]?.candidate ?? "",
            }),
            view.me.role === "secretary" &&
              keyed(
                say("desk.recusal.back"),
                (e) => ctx.run(e, () => ctx.room("unrecuse", { who: one.who, item })),
                { kind: "quiet", key: `back ${one.who} ${item}` },
              ),
          ),
        ),
      ),
    ),
  );
}

/** Who is recused already may be entered again: the press before broke off, and told so. */
async function recuse(ctx, who, item) {
  try {
    await ctx.room("recuse", { who, item });
  } catch (error) {
    if (error.code !== "already-recused") throw error;
  }
}

function recusalForm(ctx) {
  const who = h("select");
  const items = h("div.checks", { role: "group", "aria-label": say("desk.recusal.items") });
  let filled = null;
  const node = h(
    "details.more",
    {},
    h("summary", {}, say("desk.recusal.enter")),
    field(say("desk.recusal.who"), who),
    h("p", {}, say("desk.recusal.items")),
    items,
    h(
      "div.keys",
      {},
      keyed(
        say("desk.recusal.enter"),
        (e) =>
          ctx.run(e, async () => {
            const chosen = [...items.querySelectorAll("input:checked")].map((box) => box.value);
            if (who.value === "" || chosen.length === 0)
              return ctx.tell(say("desk.recusal.choose"), "bad");
            for (const item of chosen) await recuse(ctx, who.value, item);
            ctx.tell(say("desk.recusal.done", { name: who.value }), "good");
            items.querySelectorAll("input:checked").forEach((box) => (box.checked = false));
          }),
        { kind: "primary" },
      ),
    ),
  );
  return {
    node,
    update(view, roll) {
      node.hidden = view.me.role !== "secretary" || !view.meeting || !roll;
      if (node.hidden || filled === roll.people.length) return;
      filled = roll.people.length;
      const members = roll.people.filter((one) => one.class === "member");
      show(
        who,
        h("option", { value: "" }, say("desk.choose")),
        members.map((one) => h("option", { value: one.who }, one.who)),
      );
      show(
        items,
        Object.values(view.items).map((item) =>
          h(
            "label.option",
            {},
            h("input", { type: "checkbox", value: item.id }),
            h("span", {}, say("desk.recusal.item", { n: item.n, candidate: item.candidate })),
          ),
        ),
      );
    },
  };
}
