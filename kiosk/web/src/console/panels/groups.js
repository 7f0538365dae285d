// Groups whose people are counted and not named: how many are in the room now.

import { post } from "../../shared/api.js";
import { h, show } from "../../shared/dom.js";
import { say } from "../../shared/words.js";
import { card, field, keyed, note } from "../parts.js";

/**
 * One card for each counted group; a number that is being typed is never overwritten.
 * @returns {{node: HTMLElement, update: (view: object) => void}}
 */
export function groups(ctx, rollOf) {
  const node = h("div");
  const rows = new Map();
  return {
    node,
    update(view) {
      const list = rollOf(view)?.groups ?? [];
      for (const one of list) {
        if (!rows.has(one.id)) {
          rows.set(one.id, groupRow(ctx, view, one));
          node.append(rows.get(one.id).node);
        }
        rows.get(one.id).update(one);
      }
    },
  };
}

function groupRow(ctx, view, { id, title, series }) {
  const input = h("input.count", { type: "number", min: "0", inputmode: "numeric" });
  const state = h("p.group-state");
  const done = keyed(say("desk.groups.enter"), (e) => ctx.run(e, async () => {
    const count = Number(input.value);
    if (input.value === "" || !Number.isInteger(count)) return ctx.tell(say("desk.groups.number"), "bad");
    await post("/api/present", { group: id, series: null, count });
    ctx.tell(say("desk.groups.done", { title, count }), "good");
    input.value = "";
  }), { kind: "primary" });
  const enters = view.me.role === "secretary";
  return {
    node: card(say("desk.groups.title", { title, series }), state,
      enters ? field(say("desk.groups.now"), input, say("desk.groups.hint")) : null, enters ? done : null,
      enters ? null : note("", say("desk.groups.secretary"))),
    update({ count, present }) {
      const text = say("desk.groups.state", { count, present });
      if (state.textContent !== text) show(state, text);
    },
  };
}
