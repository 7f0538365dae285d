// Two ways to read a code: a scanner that types like a keyboard, and a camera.
//
// *Typing scanner*: its symbols come within milliseconds of each other and end with Enter; no
// field has the focus and none is needed. A pause of more than 80 ms begins anew, so a person's
// typing never adds up to a code; only what begins as a ticket does may come more slowly, as from
// a scanner over a weak radio. Times are those of the events: a page that is busy loses nothing.
// With a Chinese input method on, keys arrive as "Process"; what was pressed is then told by the
// key's place. A burst is swallowed at every moment, also while nobody wants it: its Enter must
// not press whatever key has the focus.
//
// *Camera*: on only between `start` and `stop`. After `stop` every track has ended, so its light
// is dark, and nothing of a frame is kept. `start` asks for the camera again each time; where it
// fails it tries again, more and more slowly, and says what is wrong meanwhile. The code that
// was read last is passed over until it has been out of sight for two seconds: a slip left lying
// before the camera must not begin the next voter's session. It is remembered as a digest.

import { sha256 } from "@noble/hashes/sha2.js";
import { decodeQR } from "qr/decode.js";

const GAP = 80; // milliseconds between two symbols of one burst
const SLOW_GAP = 500; // the same, where it begins as a ticket
const BEGINNING = "PJ1:";
const SHORTEST = 4; // a burst of fewer symbols is somebody's typing
const LONGEST = 4096;
const FORGET = 5000; // milliseconds after which a burst without an Enter is forgotten
const LOOK = 120; // milliseconds between two frames that are looked at
const GONE = 2000; // milliseconds without a code until the same one counts again
const SIDE = 800; // pixels of a frame's longer side when it is looked at
const RETRY = [300, 600, 1200, 2500, 5000];

/** What is typed here is a person's. */
const FIELDS = new Set(["INPUT", "TEXTAREA", "SELECT"]);

/** Where a key lies → its symbols without and with shift, for when an input method hides them. */
const BY_PLACE = {
  Minus: "-_",
  Equal: "=+",
  Semicolon: ";:",
  Quote: "'\"",
  Comma: ",<",
  Period: ".>",
  Slash: "/?",
  Space: "  ",
};
const SHIFTED_DIGITS = ")!@#$%^&*(";

/**
 * The symbol of a key press, `""` when it has none.
 * @param {{key: string, code: string, shiftKey: boolean, isComposing?: boolean}} event
 */
export function symbolOf(event) {
  const { key, code, shiftKey } = event;
  if (key.length === 1 && !event.isComposing) return key;
  if (key !== "Process" && key !== "Unidentified" && !event.isComposing) return "";
  const letter = /^Key([A-Z])$/.exec(code);
  if (letter) return shiftKey ? letter[1] : letter[1].toLowerCase();
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(code);
  if (digit) return shiftKey ? SHIFTED_DIGITS[Number(digit[1])] : digit[1];
  return BY_PLACE[code]?.[shiftKey ? 1 : 0] ?? "";
}

/** What a scanner typed, with full-width forms made plain: `ＰＪ１：` is `PJ1:`. */
export function plain(text) {
  return text.normalize("NFKC").trim();
}

/** Listens to a scanner that types. */
export class TypedScanner {
  /**
   * @param {(text: string) => void} read told each burst that ended with Enter
   * @param {{target?: EventTarget}} options
   */
  constructor(read, { target = window } = {}) {
    this.read = read;
    this.target = target;
    this.listening = (event) => this.#press(event);
    this.#reset();
    target.addEventListener("keydown", this.listening, { capture: true });
  }

  /** Stop listening. */
  close() {
    this.target.removeEventListener("keydown", this.listening, { capture: true });
    this.#reset();
  }

  #reset() {
    clearTimeout(this.late);
    this.typed = "";
    this.last = -Infinity;
  }

  #gap() {
    const begun = plain(this.typed).toUpperCase();
    const ticket = begun.startsWith(BEGINNING) || (begun && BEGINNING.startsWith(begun));
    return ticket ? SLOW_GAP : GAP;
  }

  #press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target instanceof Object && FIELDS.has(event.target.tagName)) return;
    const now = event.timeStamp;
    if (now - this.last > this.#gap()) this.typed = "";
    if (event.key === "Enter" || event.code === "Enter" || event.code === "NumpadEnter") {
      const text = this.typed;
      this.#reset();
      if (text.length < SHORTEST) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      this.read(plain(text));
      return;
    }
    const symbol = symbolOf(event);
    if (!symbol) return; // shift and the like
    if (event.repeat) return this.#reset(); // a key held down is a person's
    this.typed = (this.typed + symbol).slice(-LONGEST);
    this.last = now;
    clearTimeout(this.late); // a scanner without Enter must not leave a token in memory
    this.late = setTimeout(() => this.#reset(), FORGET);
    if (this.typed.length >= SHORTEST) event.preventDefault();
  }
}

/** Why there is no picture; each is a sentence `camera.…` of the page that uses it. */
export const CAMERA_TROUBLE = Object.freeze({
  none: "none",
  denied: "denied",
  busy: "busy",
  insecure: "insecure",
});

/** A camera that reads QR codes. One at a time in a page. */
export class Camera {
  /**
   * @param {(text: string) => void} read told each code that comes into sight
   * @param {{trouble?: (kind: string|null) => void, facing?: "user"|"environment",
   *   media?: MediaDevices, decode?: Function, now?: () => number}} options trouble: told what
   *   is wrong, and null once there is a picture
   */
  constructor(read, options = {}) {
    this.read = read;
    this.trouble = options.trouble ?? (() => {});
    this.facing = options.facing ?? "user";
    this.media = "media" in options ? options.media : navigator.mediaDevices;
    this.decode = options.decode ?? decodeQR;
    this.now = options.now ?? (() => performance.now());
    this.turn = 0; // which start this is: what an earlier one still waits for is dropped
    this.stream = null;
    this.video = null;
    this.timer = null;
    this.seen = { digest: null, at: -Infinity };
  }

  /** Whether a track is live, so whether the light is on. */
  get on() {
    return this.stream !== null;
  }

  /**
   * Show the picture in a video element and look for codes, until `stop`.
   * @param {HTMLVideoElement} video
   */
  start(video) {
    this.stop();
    this.video = video;
    this.seen.at = this.now();
    this.#open(this.turn, 0);
  }

  /** End every track at once; the light goes dark. */
  stop() {
    this.turn += 1;
    clearTimeout(this.timer);
    this.timer = null;
    end(this.stream);
    this.stream = null;
    if (this.video) this.video.srcObject = null;
    this.video = null;
    if (this.canvas) this.canvas.width = this.canvas.height = 0;
  }

  /** Use the other camera from the next start on. */
  flip() {
    this.facing = this.facing === "user" ? "environment" : "user";
    return this.facing;
  }

  async #open(turn, attempt) {
    if (!this.media?.getUserMedia) return this.trouble(CAMERA_TROUBLE.insecure);
    let stream;
    try {
      stream = await this.media.getUserMedia({
        audio: false,
        video: { facingMode: this.facing, width: { ideal: 1280 }, height: { ideal: 720 } },
      });
    } catch (error) {
      if (turn !== this.turn) return;
      this.trouble(troubleOf(error));
      const pause = RETRY[Math.min(attempt, RETRY.length - 1)];
      this.timer = setTimeout(() => this.#open(turn, attempt + 1), pause);
      return;
    }
    if (turn !== this.turn) return end(stream); // stopped while it was being asked for
    this.stream = stream;
    for (const track of stream.getTracks()) {
      // Pulled out or taken by another program: ask again.
      track.addEventListener("ended", () => turn === this.turn && this.start(this.video));
    }
    this.video.srcObject = stream;
    this.trouble(null);
    await this.video.play().catch(() => {}); // the element's own autoplay plays it otherwise
    if (turn === this.turn) this.#look(turn);
  }

  #look(turn) {
    if (turn !== this.turn) return;
    const text = this.#decode();
    this.timer = setTimeout(() => this.#look(turn), LOOK);
    const now = this.now();
    if (now - this.seen.at > GONE) this.seen.digest = null;
    if (text === null) return;
    const digest = digestOf(text);
    const again = digest === this.seen.digest;
    this.seen = { digest, at: now };
    if (!again) this.read(text);
  }

  #decode() {
    const { videoWidth: wide, videoHeight: high } = this.video;
    if (!wide || !high) return null;
    const scale = Math.min(1, SIDE / Math.max(wide, high));
    const [width, height] = [Math.round(wide * scale), Math.round(high * scale)];
    this.canvas ??= document.createElement("canvas");
    if (this.canvas.width !== width || this.canvas.height !== height) {
      Object.assign(this.canvas, { width, height });
      this.context = this.canvas.getContext("2d", { willReadFrequently: true, alpha: false });
    }
    this.context.drawImage(this.video, 0, 0, width, height);
    try {
      return this.decode(this.context.getImageData(0, 0, width, height));
    } catch {
      return null; // no code in this frame
    }
  }
}

function end(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

function digestOf(text) {
  return sha256(new TextEncoder().encode(text)).slice(0, 8).join(".");
}

function troubleOf(error) {
  switch (error?.name) {
    case "NotAllowedError":
    case "SecurityError":
      return CAMERA_TROUBLE.denied;
    case "NotFoundError":
    case "OverconstrainedError":
      return CAMERA_TROUBLE.none;
    default:
      return CAMERA_TROUBLE.busy;
  }
}
