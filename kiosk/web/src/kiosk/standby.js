// While nobody votes: how things stand, asked of the server at a calm pace; the camera; a sign of
// life for the console. None of it runs while a session does.

import { post, sleep } from "../common/api.js";
import { Camera } from "../common/scan.js";
import { lang, say } from "../common/words.js";

const CALM = 4000; // milliseconds between two looks at the server
const HELLO = 20_000; // milliseconds between two signs of life
const FACING = "piaojue-camera";

/** Looks at the server for as long as the waiting screen is there. */
export class Standby {
  /** Whether how things stand was ever asked and answered: until then no code is looked for. */
  looked = false;
  #turn = null;
  #nextHello = 0;

  /** @param {import("./app.js").App} app */
  constructor(app) {
    this.app = app;
  }

  async begin() {
    const turn = (this.#turn = {});
    while (this.app.state.screen === "waiting" && this.#turn === turn) {
      await this.#look();
      await sleep(CALM);
    }
  }

  async #look() {
    const { app } = this;
    const known = app.room.meeting;
    try {
      await app.room.refresh();
    } catch (error) {
      if (app.state.screen === "waiting") app.send({ type: "notice", notice: error });
      return;
    }
    const { meeting } = app.room;
    if (meeting && !known && meeting.language !== lang()) await app.speak(meeting.language);
    if (app.state.screen !== "waiting") return;
    app.view?.update?.(app.state);
    this.looked = true;
    app.watch();
    this.#hello();
    await app.acts.foresee();
  }

  /** Tell the console now and then that this kiosk is alive, and which build it shows. */
  #hello() {
    if (performance.now() < this.#nextHello) return;
    this.#nextHello = performance.now() + HELLO;
    post("/api/kiosk/hello", { build: this.app.build }).catch(() => {});
  }
}

/** The tablet's camera: remembers which of two is used, and says what is wrong with it. */
export class KioskCamera extends Camera {
  kind = null; // what is wrong with it
  choice = false; // whether there is another one

  /** @param {(text: string) => void} read */
  constructor(read) {
    super(read, {
      facing: localStorage.getItem(FACING) === "environment" ? "environment" : "user",
      trouble: (kind) => this.#tell(kind),
    });
  }

  flip() {
    super.flip();
    localStorage.setItem(FACING, this.facing);
  }

  /** What is wrong and what works without it; empty when nothing is. */
  get sentence() {
    return this.kind ? say(`kiosk.camera.${this.kind}`) : "";
  }

  async #tell(kind) {
    this.kind = kind;
    const place = document.querySelector(".camera-trouble");
    if (place) place.textContent = this.sentence;
    if (kind !== null) return;
    const devices = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
    this.choice = devices.filter((one) => one.kind === "videoinput").length > 1;
  }
}
