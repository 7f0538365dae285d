// Scanners: bursts of a typing one, and a camera that goes dark and comes back.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Camera, TypedScanner, symbolOf } from "../../kiosk/web/src/common/scan.js";

const CODE = "PJ1:4W262TBHF9ZHA62A08JXZEHXA87D";

/** Keys as a browser sends them; `at` is the time of the event. */
class Keys extends EventTarget {
  at = 1000;

  press(key, { gap = 5, ...more } = {}) {
    this.at += gap;
    const event = new Event("keydown", { cancelable: true });
    Object.defineProperty(event, "timeStamp", { value: this.at });
    Object.assign(event, { key, code: "", shiftKey: false, ...more });
    this.dispatchEvent(event);
    return event;
  }

  type(text, options) {
    return [...text].map((symbol) => this.press(symbol, options));
  }
}

function scanner() {
  const target = new Keys();
  const read = [];
  const listening = new TypedScanner((text) => read.push(text), { target });
  return { target, read, listening };
}

test("a burst that ends with Enter is one code, and its Enter presses nothing", () => {
  const { target, read } = scanner();

  target.type(CODE);
  const enter = target.press("Enter");

  assert.deepEqual(read, [CODE]);
  assert.equal(enter.defaultPrevented, true);
});

test("a burst without an Enter is forgotten after five seconds", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { target, listening } = scanner();

  target.type(CODE);
  assert.equal(listening.typed, CODE);
  t.mock.timers.tick(5000);

  assert.equal(listening.typed, "");
});

test("a pause of more than 80 ms begins anew", () => {
  const { target, read } = scanner();

  target.type("HELLO", { gap: 81 });
  assert.equal(target.press("Enter", { gap: 81 }).defaultPrevented, false);
  assert.deepEqual(read, []);

  target.type("AB");
  target.type("CODE39");
  target.press("X", { gap: 81 });
  target.type("YZW");
  target.press("Enter");
  assert.deepEqual(read, ["XYZW"]);
});

test("what begins as a ticket may come slowly, but not for ever", () => {
  const { target, read } = scanner();

  target.type(CODE, { gap: 200 });
  target.press("Enter", { gap: 200 });
  assert.deepEqual(read, [CODE]);

  target.type("PJ1:");
  target.type("4W26", { gap: 501 });
  target.press("Enter");
  assert.deepEqual(read, [CODE]);
});

test("a person's Enter presses the key that has the focus", () => {
  const { target, read } = scanner();

  assert.equal(target.press("Enter").defaultPrevented, false);
  target.press("a");
  assert.equal(target.press("Enter").defaultPrevented, false);
  assert.deepEqual(read, []);
});

test("what is typed into a field is left alone", () => {
  const { target, read } = scanner();

  for (const key of [...CODE, "Enter"]) {
    const event = new Event("keydown", { cancelable: true });
    Object.assign(event, { key, code: "", shiftKey: false });
    Object.defineProperty(event, "target", { value: { tagName: "INPUT" } });
    target.dispatchEvent(event);
    assert.equal(event.defaultPrevented, false);
  }
  assert.deepEqual(read, []);
});

test("with a Chinese input method on, the place of a key tells its symbol", () => {
  const { target, read } = scanner();
  const codes = { ":": ["Semicolon", true], "-": ["Minus", false] };
  for (const symbol of CODE) {
    const [code, shiftKey] = codes[symbol] ?? [/[0-9]/.test(symbol) ? `Digit${symbol}` : `Key${symbol}`, /[A-Z]/.test(symbol)];
    target.press("Process", { code, shiftKey });
  }
  target.press("Process", { code: "Enter" });

  assert.deepEqual(read, [CODE]);
  assert.equal(symbolOf({ key: "Shift", code: "ShiftLeft", shiftKey: true }), "");
});

test("full-width forms are read as what they stand for", () => {
  const { target, read } = scanner();

  target.type("ＰＪ１：４Ｗ２６");
  target.press("Enter");

  assert.deepEqual(read, ["PJ1:4W26"]);
});

test("after close nothing is read", () => {
  const { target, read, listening } = scanner();

  listening.close();
  target.type(CODE);
  target.press("Enter");

  assert.deepEqual(read, []);
});

// --- camera ---------------------------------------------------------------------------------------

/** A camera that counts its live tracks; `refuse` throws that many times first. */
function fakeMedia(refuse = 0, name = "NotReadableError") {
  const media = {
    asked: 0,
    live: 0,
    async getUserMedia() {
      media.asked += 1;
      await null;
      if (media.asked <= refuse) throw Object.assign(new Error("no"), { name });
      media.live += 1;
      let live = true;
      const track = new EventTarget();
      track.stop = () => {
        if (live) media.live -= 1;
        live = false;
      };
      return { getTracks: () => [track] };
    },
  };
  return media;
}

const video = () => ({ srcObject: null, videoWidth: 640, videoHeight: 480, play: async () => {} });
const settle = async () => {
  for (let i = 0; i < 20; i += 1) await null;
};

function camera(t, { media = fakeMedia(), shows = () => null } = {}) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.document = {
    createElement: () => ({
      width: 0,
      height: 0,
      getContext: () => ({ drawImage() {}, getImageData: (_x, _y, width) => ({ width }) }),
    }),
  };
  const clock = { now: 0 };
  const read = [];
  const troubles = [];
  const one = new Camera((text) => read.push(text), {
    media,
    now: () => clock.now,
    trouble: (kind) => troubles.push(kind),
    decode: () => {
      const text = shows();
      if (text === null) throw new Error("nothing");
      return text;
    },
  });
  const pass = async (milliseconds) => {
    for (let done = 0; done < milliseconds; done += 120) {
      clock.now += 120;
      t.mock.timers.tick(120);
      await settle();
    }
  };
  return { one, media, read, troubles, pass };
}

test("after stop every track has ended and the picture is gone", async (t) => {
  const { one, media } = camera(t);
  const element = video();

  one.start(element);
  await settle();
  assert.deepEqual([media.live, one.on], [1, true]);

  one.stop();
  assert.deepEqual([media.live, one.on, element.srcObject], [0, false, null]);
});

test("stopped while it is being asked for, it goes dark as soon as it comes", async (t) => {
  const { one, media } = camera(t);

  one.start(video());
  one.stop();
  await settle();

  assert.deepEqual([media.asked, media.live], [1, 0]);
});

test("it comes back three hundred times", async (t) => {
  const { one, media, troubles } = camera(t);

  for (let i = 1; i <= 300; i += 1) {
    one.start(video());
    await settle();
    assert.deepEqual([media.asked, media.live], [i, 1]);
    one.stop();
    assert.equal(media.live, 0);
  }
  assert.ok(troubles.every((kind) => kind === null));
});

test("where it fails it says why and tries again, more and more slowly", async (t) => {
  const { one, media, troubles, pass } = camera(t, { media: fakeMedia(3) });

  one.start(video());
  await pass(3000);

  assert.deepEqual(troubles, ["busy", "busy", "busy", null]);
  assert.equal(media.live, 1);
});

for (const [name, kind] of [["NotAllowedError", "denied"], ["NotFoundError", "none"]]) {
  test(`a camera that is ${kind} is said to be so`, async (t) => {
    const { one, troubles } = camera(t, { media: fakeMedia(1, name) });

    one.start(video());
    await settle();

    assert.deepEqual(troubles, [kind]);
  });
}

test("without a secure address there is no camera, and that is said", (t) => {
  const { one, troubles } = camera(t, { media: null });

  one.start(video());

  assert.deepEqual(troubles, ["insecure"]);
});

test("a slip left before the camera begins no second session", async (t) => {
  let shown = CODE;
  const { one, read, pass } = camera(t, { shows: () => shown });

  one.start(video());
  await pass(1000);
  one.stop();
  await pass(10_000);
  one.start(video());
  await pass(5000);
  assert.deepEqual(read, [CODE]);

  shown = null;
  await pass(2400);
  shown = CODE;
  await pass(500);
  assert.deepEqual(read, [CODE, CODE]);

  shown = "PJ1:0";
  await pass(500);
  assert.deepEqual(read, [CODE, CODE, "PJ1:0"]);
});
