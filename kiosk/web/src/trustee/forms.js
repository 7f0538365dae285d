// Where a trustee enters the invitation and the passphrase. What is typed leaves the fields at
// once and is nowhere kept.

import { h } from "../shared/dom.js";
import { explain, say } from "../shared/words.js";

const LEAST = 8; // characters of a passphrase, as the key file demands

/**
 * The form of a first start.
 * @param {string[]} media where the key file will lie
 * @param {(invitation: string, passphrase: string) => Promise<void>} enrol
 */
export function enrolForm(media, enrol) {
  const invitation = field("invitation", { autocomplete: "off", autocapitalize: "characters" });
  const first = field("passphrase", { type: "password", autocomplete: "new-password" });
  const second = field("again", { type: "password", autocomplete: "new-password" });
  const hint = h("p.hint", {}, say("keeper.enrol.media", { media }));
  const twice = h("div.pair", {}, first, second);
  return form("enrol", [invitation, twice, hint], async () => {
    const [code, one, two] = [invitation, first, second].map(valueOf);
    if (!code.trim()) return problem(invitation, say("keeper.enrol.no-invitation"));
    if ([...one].length < LEAST) {
      return problem(first, say("error.passphrase-too-short", { minimum: LEAST }));
    }
    if (one !== two) return problem(second, say("keeper.enrol.differ"));
    for (const each of [first, second]) empty(each);
    await enrol(code.trim(), one);
    return null;
  });
}

/**
 * The form of a later start.
 * @param {string[]} missing media that cannot be read now
 * @param {(passphrase: string) => Promise<void>} unlock
 */
export function unlockForm(missing, unlock) {
  const typed = field("passphrase", { type: "password", autocomplete: "current-password" });
  const note = missing.length
    ? h("p.note.wait", {}, say("keeper.unlock.missing", { missing }))
    : null;
  return form("unlock", [note, typed], async () => {
    const passphrase = valueOf(typed);
    if (!passphrase) return problem(typed, say("keeper.unlock.empty"));
    empty(typed);
    await unlock(passphrase);
    return null;
  });
}

function form(id, parts, send) {
  const trouble = h("p.note.bad", { id: "trouble", role: "alert", hidden: true });
  const key = h("button.primary.large", { type: "submit" }, say(`keeper.${id}.key`));
  const submit = async (event) => {
    event.preventDefault();
    trouble.hidden = true;
    key.disabled = true;
    let text;
    try {
      text = await send();
    } catch (error) {
      text = explain(error);
    }
    key.disabled = false;
    if (text) {
      trouble.textContent = text;
      trouble.hidden = false;
    }
  };
  return h(
    "section.card.step",
    { "aria-labelledby": "step" },
    h("h2", { id: "step", tabindex: "-1" }, say(`keeper.${id}.title`)),
    h("p.lead", {}, say(`keeper.${id}.body`)),
    h("form", { onsubmit: submit, novalidate: true }, parts, trouble, h("div.keys", {}, key)),
  );
}

function field(name, props) {
  return h(
    "div.field",
    {},
    h("label", { for: name }, say(`keeper.field.${name}`)),
    h("input", { id: name, name, spellcheck: "false", ...props }),
  );
}

function valueOf(one) {
  return one.querySelector("input").value;
}

function empty(one) {
  one.querySelector("input").value = "";
}

/** Put the cursor where the fault is, and say it. */
function problem(one, text) {
  one.querySelector("input").focus();
  return text;
}
