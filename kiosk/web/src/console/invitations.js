// One-time invitations: shown once, large, to be handed over or printed on slips.

import { h } from "../common/dom.js";
import { dialog } from "../common/frame.js";
import { say } from "../common/words.js";
import { code, note } from "./parts.js";

/**
 * Show invitations once; resolves when they were put away.
 * @param {{name: string, code: string}[]} invitations
 */
export async function showInvitations(invitations) {
  const list = h(
    "ul.invitations",
    {},
    invitations.map((one) => h("li", {}, h("span", {}, one.name), code(one.code))),
  );
  for (;;) {
    const pressed = await dialog({
      title: say("desk.invitations"),
      body: [note("wait", say("desk.invitations.once")), list],
      keys: [
        { id: "print", label: say("desk.print"), kind: "primary" },
        { id: "done", label: say("desk.invitations.done") },
      ],
    });
    if (pressed !== "print") return;
    printOnly(list);
  }
}

/** Print one element of the page and nothing else, with all of it opened and without its keys. */
export function printOnly(element) {
  const sheet = h("div.sheet", {}, element.cloneNode(true));
  for (const one of sheet.querySelectorAll("details")) one.open = true;
  document.body.append(sheet);
  document.body.classList.add("printing");
  window.print();
  document.body.classList.remove("printing");
  sheet.remove();
}
