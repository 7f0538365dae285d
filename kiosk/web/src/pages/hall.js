// The hall screen (大屏): what everybody in the room may see, read from twenty metres away.
//
// It asks the server every two seconds and draws what it is told. Nothing on it moves with each
// cast: the server says 已收回 in steps while a round is open, and no count before its release.

import { Current } from "../hall/current.js";
import { draw } from "../hall/screen.js";
import { turnOf } from "../hall/turning.js";
import { Watching } from "../hall/watching.js";
import { poll, sleep } from "../common/api.js";
import { begin } from "../common/frame.js";

const PAUSE = 2000; // milliseconds between two looks

let turn = 0;
const current = new Current();
const watching = new Watching({
  ask: () => poll("/api/hall"),
  draw: (hall, link) => {
    current.follow(hall?.papers ?? []);
    draw(hall, current.of(hall?.papers ?? []), link);
  },
});
const show = () => watching.show();

await begin(show);
addEventListener("resize", show);
document.fonts.addEventListener("loadingdone", show);
watch();

async function watch() {
  for (;;) {
    await watching.look(turned);
    await sleep(PAUSE);
  }
}

/** Whether the clock has turned a page that stands on the screen. */
function turned() {
  const before = turn;
  turn = turnOf(Date.now());
  return turn !== before && document.querySelector(".turning") !== null;
}
