// The hall screen goes on, whatever it is told and whatever cannot be drawn.

import assert from "node:assert/strict";
import { test } from "node:test";

import { UnavailableError } from "../../kiosk/web/src/errors.js";
import { Watching } from "../../kiosk/web/src/hall/watching.js";

/** A screen that is told these answers in turn, an error being thrown; what it drew is kept. */
function watching(answers, draw = () => {}) {
  const drawn = [];
  const screen = new Watching({
    ask: async () => {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return { ...answer };
    },
    draw: (hall, { lost }) => {
      draw(hall);
      drawn.push([hall?.n ?? null, lost]);
    },
  });
  return { screen, drawn };
}

test("what is new is drawn; silence is said once, and what was there stays", async () => {
  const silent = () => new UnavailableError("server-silent");
  const { screen, drawn } = watching([{ n: 1 }, { n: 1 }, silent(), silent(), { n: 1 }, { n: 1 }]);
  screen.show();
  for (let i = 0; i < 5; i += 1) await screen.look();
  await screen.look(() => true);

  assert.deepEqual(drawn, [[null, false], [1, false], [1, true], [1, false], [1, false]]);
});

test("what cannot be drawn leaves the screen as it was, and the next answer is drawn", async (t) => {
  const said = t.mock.method(console, "error", () => {});
  const { screen, drawn } = watching([{ n: 1 }, { n: 2 }, { n: 2 }, { n: 3 }], (hall) => {
    if (hall.n === 2) throw new TypeError("no such sentence");
  });
  for (let i = 0; i < 4; i += 1) await screen.look();

  assert.deepEqual(drawn, [[1, false], [1, true], [3, false]]);
  assert.equal(said.mock.callCount(), 2);
});

test("a screen that can draw nothing at all goes on asking", async (t) => {
  t.mock.method(console, "error", () => {});
  let broken = true;
  const { screen, drawn } = watching([{ n: 1 }, { n: 1 }], () => {
    if (broken) throw new TypeError("no page");
  });
  await screen.look();
  broken = false;
  await screen.look();

  assert.deepEqual(drawn, [[1, false]]);
});
