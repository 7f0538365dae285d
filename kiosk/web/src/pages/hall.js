// The hall screen (大屏): what everybody in the room may see, read from twenty metres away.
//
// It asks the server every two seconds and draws what it is told. Nothing on it moves with each
// cast: the server says 已收回 in steps while a round is open, and no count before its release.

import { Current } from "../hall/current.js";
import { draw } from "../hall/screen.js";
import { turnOf } from "../hall/turning.js";
import { PiaojueError } from "../errors.js";
import { poll, sleep } from "../common/api.js";
import { begin } from "../common/frame.js";

const PAUSE = 2000; // milliseconds between two looks

let last = null;
let lost = false;
let turn = 0;
const current = new Current();
const show = () => draw(last, current.of(last?.papers ?? []), { lost });

await begin(show);
addEventListener("resize", show);
document.fonts.addEventListener("loadingdone", show);
watch();

async function watch() {
  for (;;) {
    try {
      const now = await poll("/api/hall");
      const turned = turn !== turnOf(Date.now()) && document.querySelector(".turning");
      turn = turnOf(Date.now());
      const changed = lost || turned || JSON.stringify(now) !== JSON.stringify(last);
      lost = false;
      last = now;
      current.follow(now.papers);
      if (changed) show();
    } catch (error) {
      // Nobody stands at this screen: whatever it was, it is tried again.
      if (!(error instanceof PiaojueError)) console.error(error);
      if (!lost) {
        lost = true;
        show();
      }
    }
    await sleep(PAUSE);
  }
}
