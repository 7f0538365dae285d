// One paper from its preparation to its signatures: four parts, the one that is now open.

import { h } from "../../common/dom.js";
import { askedWords, titleOf } from "../../common/asked.js";
import { say, sayWord } from "../../common/words.js";
import { PARTS, paperOf } from "../model.js";
import { region } from "../parts.js";
import { counting } from "./paper/counting.js";
import { ready } from "./paper/ready.js";
import { signing } from "./paper/signing.js";
import { voiding } from "./paper/voiding.js";
import { voting } from "./paper/voting.js";
import { postsOf } from "./freeze.js";

const MAKERS = { ready, voting, counting, signing };
const MARK = { done: "✓", now: "●", later: "" };

/** The panel of a paper; `id` is `paper:<slot>`. */
export function paper(ctx, id) {
  const slot = id.slice("paper:".length);
  const items = region(
    "details.card.more",
    (view) => [
      paperOf(view.overview, slot)?.items,
      paperOf(view.overview, slot)?.contests,
      view.meeting !== null,
    ],
    (_data, view) => drawItems(view, slot),
  );
  const parts = PARTS.map(([name, steps]) => makePart(ctx, slot, name, steps));
  const last = voiding(ctx, slot);
  const gone = region(
    "div",
    (view) => paperOf(view.overview, slot) === null,
    (is) => is && h("p", {}, say("desk.paper.gone")),
  );
  return {
    node: h(
      "div.panel",
      {},
      gone.node,
      items.node,
      parts.map((one) => one.node),
      last.node,
    ),
    update(view) {
      gone.update(view);
      const found = paperOf(view.overview, slot);
      if (found === null) return;
      items.update(view);
      for (const part of parts) part.update(view, found);
      last.update(view, found);
    },
  };
}

function drawItems(view, slot) {
  const { items, contests } = paperOf(view.overview, slot);
  return [
    h("summary", {}, say("desk.paper.items", { number: items.length })),
    h(
      "ol.items",
      {},
      items.map((id) => {
        const item = view.items[id];
        return h(
          "li",
          { value: item?.n },
          h("b", {}, item ? titleOf(item) : id),
          " ",
          item && h("span.hint", {}, [item.current, postsOf(item)].filter(Boolean).join(" → ")),
          askedWords(contests[id] ?? null).map((line) => h("div.hint", {}, sayWord(line))),
        );
      }),
    ),
  ];
}

function makePart(ctx, slot, name, steps) {
  const line = region(
    "ol.steps",
    (given) => steps.map((id) => [id, given.paper.steps[id]?.state]),
    (states) =>
      states
        .filter(([, state]) => state)
        .map(([id, state]) =>
          h(
            `li.${state}`,
            {},
            h("span.mark", { "aria-hidden": "true" }, MARK[state]),
            say(`desk.step.${id}`),
            h("span.unseen", {}, say(`desk.state.${state}`)),
          ),
        ),
  );
  const inner = MAKERS[name](ctx, slot);
  const title = h("h3", {}, say(`desk.part.${name}`));
  const node = h(
    "details.card.part",
    { "data-part": name },
    h("summary", {}, title),
    line.node,
    inner.node,
  );
  let was = null;
  return {
    node,
    update(view, paper) {
      const states = steps.map((id) => paper.steps[id]?.state);
      node.hidden = !states.some((state) => state === "now" || state === "done");
      const current = states.includes("now") || paper.part === name;
      node.classList.toggle("now", current);
      if (was !== current) node.open = current;
      was = current;
      if (node.hidden) return;
      line.update({ paper });
      inner.update({ view, paper });
    },
  };
}
