// The line of the meeting: every entry with its state, what is now, and who must act.

import { h } from "../common/dom.js";
import { listed, say } from "../common/words.js";
import { region, roleName } from "./parts.js";
import { entryTitle } from "./shell.js";

const MARK = { done: "✓", now: "●", later: "" };

/** @param {object} ctx as for panels */
export function makeRail(ctx) {
  const inner = region("ol.rail-line", dataOf, (entries, given) =>
    entries.map((one) => line(ctx, given, one)),
  );
  return {
    node: h("nav.rail", { "aria-label": say("desk.rail") }, inner.node),
    update(view, shown) {
      inner.update({ view, shown });
    },
  };
}

function dataOf({ view, shown }) {
  return view.entries.map((one) => ({
    id: one.id,
    number: one.number,
    state: one.state,
    who: one.who,
    current: one.paper ? one.current?.id : null,
    ended: one.paper?.round?.state ?? null,
    shown: one.id === shown,
    title: one.paper
      ? [one.paper.number, one.paper.items, one.paper.series, view.meeting !== null]
      : null,
  }));
}

function line(ctx, { view }, data) {
  const entry = view.entries.find((one) => one.id === data.id);
  const mine = data.state === "now" && data.who.includes(view.me.role);
  return h(
    `li.${data.state}${mine ? ".mine" : ""}`,
    {},
    h(
      "button.rail-key",
      {
        type: "button",
        "data-key": data.id,
        "aria-current": data.shown ? "step" : null,
        onclick: () => ctx.go(data.id),
      },
      h("span.mark", { "aria-hidden": "true" }, MARK[data.state]),
      h(
        "span.rail-text",
        {},
        h("span.rail-title", {}, entryTitle(view, entry)),
        h(
          data.state === "done" && !data.ended ? "span.unseen" : "span.rail-state",
          {},
          stateLine(data),
        ),
      ),
    ),
  );
}

function stateLine(data) {
  if (data.state !== "now") {
    const ended = data.ended && data.state === "done";
    return ended ? say(`desk.round.${data.ended}`) : say(`desk.state.${data.state}`);
  }
  const what = data.current ? say(`desk.step.${data.current}`) : say("desk.state.now");
  if (data.who.length === 0) return what;
  return say("desk.state.who", { what, who: listed(data.who.map(roleName)) });
}
