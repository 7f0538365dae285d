// Before and beside voting: letting this kiosk in, the staff code, the covered screen.

import { h, show } from "../../common/dom.js";
import { say } from "../../common/words.js";
import { mayBeCode } from "../staff.js";
import { heading, key, screen } from "./parts.js";

/** The kiosk has no account yet: its one-time code, and the staff code of its keepers. */
export function enrolView(_state, app) {
  const invitation = field(
    "invitation",
    "text",
    say("kiosk.enrol.invitation"),
    say("kiosk.enrol.invitation-hint"),
  );
  const code = field("staff", "password", say("kiosk.enrol.staff"), say("kiosk.enrol.staff-hint"));
  const words = {
    title: say("kiosk.enrol.title"),
    lead: say("kiosk.enrol.lead"),
    label: say("kiosk.enrol.go"),
  };
  return form("enrol", words, [invitation, code], async () => {
    const given = valueOf(code);
    if (given && !mayBeCode(given)) return say("kiosk.staff.digits");
    const error = await app.enrol(valueOf(invitation), given);
    return error && app.explain(error);
  });
}

/** A staff code for a kiosk that has none. */
export function staffCodeView(_state, app) {
  const code = field("staff", "password", say("kiosk.enrol.staff"), say("kiosk.enrol.staff-hint"));
  const words = {
    title: say("kiosk.staff.set"),
    lead: say("kiosk.staff.set-lead"),
    label: say("kiosk.staff.keep"),
  };
  const view = form("staff-code", words, [code], async () => {
    const given = valueOf(code);
    if (!mayBeCode(given)) return say("kiosk.staff.digits");
    await app.keepStaffCode(given);
    return null;
  });
  view.element.querySelector(".keys").append(
    key(say("kiosk.leave.cancel"), () => app.send({ type: "wipe" }), { kind: "quiet" }),
  );
  return view;
}

/** Nothing of the session is left; the code of the staff returns the kiosk to service. */
export function coveredView(_state, app) {
  if (!app.staff.isSet()) {
    return {
      element: screen("covered", {
        main: h("div.middle", {}, [
          heading("h1", say("kiosk.covered.title")),
          h("p.lead", {}, say("kiosk.covered.no-code")),
          key(say("kiosk.covered.release"), () => app.send({ type: "released" }), {
            kind: "primary",
            id: "release",
          }),
        ]),
      }),
    };
  }
  let typed = "";
  const dots = h("p.dots", { role: "status" });
  const message = h("div.notice-place", { role: "alert" });
  const paint = () => {
    dots.textContent = "●".repeat(typed.length);
    dots.setAttribute("aria-label", say("kiosk.covered.typed", { digits: typed.length }));
  };
  const add = (digit) => {
    if (typed.length < 12) typed += digit;
    show(message);
    paint();
  };
  const erase = () => {
    typed = typed.slice(0, -1);
    paint();
  };
  const submit = async () => {
    const given = typed;
    typed = "";
    paint();
    const error = await app.release(given);
    if (error) show(message, h("p.note.bad", {}, error));
  };
  const press = (event) => {
    if (/^[0-9]$/.test(event.key)) add(event.key);
    else if (event.key === "Backspace") erase();
    else if (event.key === "Enter" && typed) {
      event.preventDefault();
      submit();
    }
  };
  document.addEventListener("keydown", press);
  const pad = h("div.digits", { role: "group", "aria-label": say("kiosk.covered.pad") }, [
    ..."123456789",
  ].map((digit) => h("button.symbol", { type: "button", onclick: () => add(digit) }, digit)),
  h("button.symbol.word-key", { type: "button", onclick: erase }, say("kiosk.typing.erase")),
  h("button.symbol", { type: "button", onclick: () => add("0") }, "0"),
  h(
    "button.symbol.word-key.primary",
    { type: "button", "data-key": "release", onclick: submit },
    say("kiosk.covered.ok"),
  ));
  paint();
  return {
    element: screen("covered", {
      main: h("div.middle", {}, [
        heading("h1", say("kiosk.covered.title")),
        h("p.lead", {}, say("kiosk.covered.lead")),
        dots,
        message,
        pad,
      ]),
    }),
    submit,
    close: () => document.removeEventListener("keydown", press),
  };
}

/** Something that only staff can mend, before the kiosk is one: a second tab, no server. */
export function stoppedView(state, app) {
  return {
    element: screen("stopped", {
      main: h("div.middle", {}, [
        heading("h1", say("kiosk.stopped.title")),
        h(
          "p.sentence",
          { role: "alert" },
          state.reason ? say(`kiosk.stopped.${state.reason}`) : app.explain(state.error),
        ),
        key(say("kiosk.stopped.again"), () => window.location.reload(), { kind: "primary" }),
      ]),
    }),
  };
}

function form(name, { title, lead, label }, fields, act) {
  const message = h("div.notice-place", { role: "alert" });
  const go = h("button.primary", { type: "submit", "data-key": "go" }, label);
  const submit = async (event) => {
    event.preventDefault();
    go.disabled = true;
    show(message);
    const complaint = await act();
    go.disabled = false;
    if (complaint) show(message, h("p.note.bad", {}, complaint));
  };
  return {
    element: screen(name, {
      main: h("form.card.narrow", { onsubmit: submit, autocomplete: "off", novalidate: true }, [
        heading("h1", title),
        h("p.lead", {}, lead),
        fields,
        message,
        h("div.keys", {}, go),
      ]),
    }),
  };
}

function field(name, type, label, hint) {
  const input = h("input", {
    id: `field-${name}`,
    name,
    type,
    autocomplete: "off",
    autocapitalize: "characters",
    spellcheck: "false",
    inputmode: type === "password" ? "numeric" : "text",
    "aria-describedby": `hint-${name}`,
  });
  return h("div.field", {}, [
    h("label", { for: `field-${name}` }, label),
    input,
    h("p.hint", { id: `hint-${name}` }, hint),
  ]);
}

function valueOf(box) {
  return box.querySelector("input").value.trim();
}
