// A browser that is killed at random moments while somebody works: whatever is older than what the limit allows is there again,
// and the layer is whole. BULKHEAD_KILLS says how often (default 4; a full run has a hundred), BULKHEAD_SEED where chance begins.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open, temporaryFolder } from "./harness/browser.mjs";
import { scores } from "./support/matrix.mjs";
import { cutPower } from "./support/power-cut.mjs";
import { score } from "./support/user.mjs";

const KILLS = Number(process.env.BULKHEAD_KILLS ?? 4);
const SEED = Number(process.env.BULKHEAD_SEED ?? 1);

// What is done is stored this long after it, in milliseconds.
const STORED_WITHIN = 300;

const PLACES = ["T1609", "T1610", "T1612", "T1613", "T1552.007", "T1611"];

// mulberry32, so that a run that failed can be had again.
function chance(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

test(`killed ${KILLS} times at random moments, every edit that is old enough is there`, async (t) => {
  const random = chance(SEED);
  const profileDir = await temporaryFolder();
  let app = await open(t, { profileDir });
  const { server } = app;
  let known = {};
  for (let kill = 1; kill <= KILLS; kill++) {
    const states = [{ at: 0, scores: known }];
    let before;
    for (let edits = 1 + random(5); edits > 0; edits--) {
      const places = PLACES.filter((place) => place !== before);
      const place = places[random(places.length)];
      const value = String(1 + random(9));
      await score(app, place, value);
      before = place;
      states.push({ at: performance.now(), scores: { ...states.at(-1).scores, [place]: value } });
    }
    await app.page.waitForTimeout(random(450));
    const killed = performance.now();
    await cutPower(app, profileDir);
    app = await open(t, { profileDir, server });
    const found = await scores(app);
    const sure = states.findLastIndex(({ at }) => at <= killed - STORED_WITHIN);
    const at = states.findLastIndex(({ scores }) => JSON.stringify(Object.entries(scores).sort()) === JSON.stringify(Object.entries(found).sort()));
    const told = `seed ${SEED}, kill ${kill}: ${JSON.stringify(found)} after ${JSON.stringify(states)}, ${killed}`;
    assert.ok(at >= Math.max(sure, 0), told);
    assert.equal(await app.locator("[role=tab][data-layer]").count(), 1, told);
    known = found;
  }
});
