// The lines of the review: each one key that leads to its place on the ballot.

import { h } from "../../common/dom.js";
import { listed, say } from "../../common/words.js";
import { current } from "../session.js";
import { lineName, nobodyWord, numberOf, seatsOf, word } from "./parts.js";
import { wordWithMeaning } from "./words.js";

/** One entry (../reviewed.js); `alone`: there is one column, with room for the post. */
export function entryLine(app, state, entry, alone) {
  const matter = current(state).matters.find(({ item }) => item === entry.item);
  if (entry.type === "head") {
    return h("li.line-head", {}, [
      h("span.number", {}, String(numberOf(app.room.meeting, matter.item))),
      matter.title,
    ]);
  }
  if (entry.type === "grid") return gridLine(app, matter, entry);
  return entry.words === undefined
    ? wordLine(app, state, matter, entry, alone)
    : namesLine(app, matter, entry);
}

function wordLine(app, state, matter, entry, alone) {
  const { meeting } = app.room;
  const line = matter.lines[entry.line];
  const option = state.marks[matter.item]?.[line.id];
  const item = meeting.items.get(matter.item);
  const number = line.id ? entry.line + 1 : numberOf(meeting, matter.item);
  const data = { "data-line": line.id, "data-choice": option };
  return keyLine(app, entry, option === undefined, data, [
    h("span.number", {}, String(number)),
    h("span.line-name", {}, lineName(app, { matter, line }),
      alone && h("small", {}, line.id ? line.current : postOf(item))),
    h("span.line-word", {}, option === undefined
      ? say("kiosk.review.missing")
      : wordWithMeaning(app, matter, line, option)),
  ]);
}

function namesLine(app, matter, entry) {
  const { words, written, outside = false } = entry;
  const said = words === null
    ? say("kiosk.review.missing")
    : words.length ? words.flatMap((one) => [chosenName(one, written), " "]) : nobodyWord(app, matter);
  const several = words?.length > 0 && !outside && matter.ask.maximum > 1;
  return keyLine(app, entry, words === null, { "data-choice": words?.join("|") }, [
    h("span.number", {}, outside ? "" : String(numberOf(app.room.meeting, matter.item))),
    h("span.line-name", {}, outside ? say("kiosk.others.key") : matter.title,
      !outside && h("small", {}, seatsOf(matter))),
    h("span.line-word.chosen-names", {}, said, several && h("small", {}, howMany(words, matter.ask.maximum))),
  ]);
}

/** A name that was touched: in one piece, and whether it is in words that become public. */
function chosenName(name, written) {
  const mark = written.includes(name) && h("small", {}, say("kiosk.review.written"));
  return h("span.chosen-name", {}, name, mark);
}

function howMany({ length }, seats) {
  return length < seats
    ? say("kiosk.review.fewer", { chosen: length, seats })
    : say("kiosk.review.chosen", { chosen: length });
}

function gridLine(app, matter, entry) {
  const index = matter.groups.findIndex(({ id }) => id === entry.group);
  const { name } = matter.groups[index];
  const cells = entry.cells.map(({ line, option }) => {
    const one = matter.lines[line];
    return { title: one.title, said: option === null ? null : word(one, option) };
  });
  const open = cells.some(({ said }) => said === null);
  const spoken = cells.map(({ title, said }) => `${title} ${said ?? say("kiosk.review.missing")}`);
  return keyLine(app, entry, open, { "data-group": entry.group }, [
    h("span.number", {}, String(index + 1)),
    h("span.line-name", {}, name),
    h("span.cells", {}, cells.map(({ said }) => said === null
      ? h("span.cell.missing", {}, say("kiosk.review.missing"))
      : h("span.cell", {}, said))),
  ], `${name} ${listed(spoken)}`);
}

/** The aspects above the columns of a grid; what they say stands in every line's name too. */
export function gridHead(state, shown) {
  const grid = shown.find(({ type }) => type === "grid");
  if (!grid) return null;
  const matter = current(state).matters.find(({ item }) => item === grid.item);
  return h("li.grid-head", { "aria-hidden": "true" }, [
    h("span.number"), h("span.line-name"),
    h("span.cells", {}, matter.aspects.map(({ title }) => h("span.cell", {}, title))),
  ]);
}

function keyLine(app, { item, line, outside = false }, open, data, parts, name = null) {
  const label = name && `${name} ${say("kiosk.review.edit")}`;
  return h(
    open ? "li.line.open" : "li.line",
    { "data-item": item, ...data },
    h(
      "button.line-key",
      {
        type: "button",
        "aria-label": label,
        "data-key": `line/${item}/${line}${outside ? "/others" : ""}`,
        onclick: () => app.send({ type: "edit", item, line, outside }),
      },
      parts,
      !name && h("span.unseen", {}, say("kiosk.review.edit")),
    ),
  );
}

function postOf(item) {
  if (item.proposed) return say("kiosk.item.proposed", { post: item.proposed });
  return item.removed ? say("kiosk.item.removed", { post: item.removed }) : "";
}
