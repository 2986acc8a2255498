// What goes wrong beside the app: storage that fails once at any of its calls, a worker that dies, a clock that jumps, two windows
// that change one layer for long. BULKHEAD_FAULTS=all tries every call of storage, and a thousand edits in two windows; without it
// every thirty-first, and twenty.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness/browser.mjs";
import { noSharedData, readShared } from "./harness/facts.mjs";
import { said, scores } from "./support/matrix.mjs";
import { another, eventually, press, score } from "./support/user.mjs";

const ALL = process.env.BULKHEAD_FAULTS === "all";
const EVERY = ALL ? 1 : 31;
const EDITS = ALL ? 1_000 : 20;

const inOrder = (scores) => JSON.stringify(Object.entries(scores).sort());
const saved = (app) => app.locator('[data-saved="saved"]').waitFor();

// Counts the calls of IndexedDB, and lets the one with the number `globalThis.failing` fail.
const watchStorage = (failing) => {
  globalThis.calls = 0;
  const methods = [
    [IDBFactory, ["open"]],
    [IDBDatabase, ["transaction", "createObjectStore"]],
    [IDBTransaction, ["objectStore"]],
    [IDBObjectStore, ["put", "add", "get", "getAll", "getAllKeys", "delete", "clear", "count", "openCursor", "openKeyCursor", "index"]],
  ];
  for (const [type, names] of methods) {
    for (const name of names) {
      const real = type.prototype[name];
      type.prototype[name] = function (...given) {
        if (++globalThis.calls === failing) throw new DOMException("Injected by a test.", "UnknownError");
        return real.apply(this, given);
      };
    }
  }
};

// Edits, another layer, a reload: whatever the app does with storage. Returns how many calls of storage there were.
async function session(t, failing) {
  const before = (page) => page.addInitScript(watchStorage, failing);
  const app = await open(t, { before });
  await score(app, "T1610", "4");
  await app.page.waitForTimeout(250);
  await press(app, "Alt+n");
  await eventually(async () => assert.equal(await app.locator("[role=tab][data-layer]").count(), 2));
  await score(app, "T1611", "5");
  await press(app, "Alt+PageUp");
  await eventually(async () => assert.deepEqual(await said(app), ["unified execution T1610: score 4"], `call ${failing}`));
  await score(app, "T1609", "6");
  // A failure once is not for long: what was told to be unsaved is saved by and by.
  await saved(app);
  const calls = await app.page.evaluate(() => globalThis.calls);
  const there = await another(app);
  await eventually(async () => assert.deepEqual((await said(there)).sort(), ["unified execution T1609: score 6", "unified execution T1610: score 4"], `call ${failing}`));
  await app.close();
  return calls;
}

test("storage that fails once, at whatever call, loses nothing and stops nothing", { timeout: 2_400_000 }, async (t) => {
  const calls = await session(t, 0);
  assert.ok(calls > 20, `${calls} calls`);
  const broken = [];
  let tried = 0;
  // The second is the first that makes the database.
  for (let failing = 2; failing <= calls; failing += EVERY, tried++) {
    await session(t, failing).catch((error) => broken.push(`call ${failing}: ${error.message.split("\n")[0]}`));
  }
  t.diagnostic(`${tried} of ${calls} calls of storage failed, one at a time`);
  assert.deepEqual(broken, []);
});

test("a worker that dies while it reads says so, what was there stays, and the file opens the next time", { skip: noSharedData }, async (t) => {
  const before = (page) =>
    page.addInitScript(() => {
      const Real = globalThis.Worker;
      globalThis.dying = true;
      globalThis.Worker = class extends Real {
        postMessage(...given) {
          if (!globalThis.dying) return super.postMessage(...given);
          // As a worker that ran out of memory: an error, and nothing more.
          super.terminate();
          setTimeout(() => this.dispatchEvent(new ErrorEvent("error", { message: "out of memory" })), 20);
        }
      };
    });
  const app = await open(t, { before });
  await score(app, "T1610", "42");
  const file = { name: "bundle.json", buffer: readShared("stix/ics-attack-18.1.json.gz") };
  await app.openFile(file);
  const told = await app.message(/bundle\.json|read/i);
  assert.match(told, /memory|stopped|could not|again|broke/i);
  assert.deepEqual(await said(app), ["unified execution T1610: score 42"]);
  await app.page.evaluate(() => (globalThis.dying = false));
  await app.openFile(file);
  await eventually(async () => assert.ok((await app.locator("[role=gridcell]").count()) > 70));
});

test("a clock that jumps back and forth mixes up neither layers nor history", async (t) => {
  const before = (page) =>
    page.addInitScript(() => {
      const real = Date.now;
      let jumps = 0;
      // A year back, a day ahead, and so on.
      Date.now = () => real() + [0, -31_536_000_000, 86_400_000, -1][jumps++ % 4];
    });
  const app = await open(t, { before });
  for (const [at, id] of ["T1609", "T1610", "T1612", "T1613"].entries()) {
    await score(app, id, String(at + 1));
    await app.page.waitForTimeout(200);
  }
  await press(app, "Alt+n");
  await eventually(async () => assert.equal(await app.locator("[role=tab][data-layer]").count(), 2));
  await score(app, "T1611", "9");
  await saved(app);
  await app.page.reload();
  await app.ready();
  await eventually(async () => assert.deepEqual(await said(app), ["unified privilege-escalation T1611: score 9"]));
  await press(app, "Alt+PageUp");
  const lines = ["execution T1609: score 1", "execution T1610: score 2"];
  await eventually(async () => assert.deepEqual((await said(app)).map((it) => it.replace("unified ", "")).filter((it) => lines.includes(it)).sort(), lines));
  assert.equal((await said(app)).length, 4);
  await eventually(async () => assert.ok(!(await app.locator('.top [data-command="edit.undo"]').isDisabled())));
  for (let left = 3; left >= 0; left--) {
    await press(app, "Control+z");
    await eventually(async () => assert.equal((await said(app)).length, left));
  }
});

test(`two windows that change one layer ${EDITS} times in turns lose no edit`, { timeout: 2_400_000 }, async (t) => {
  const app = await open(t);
  await score(app, "T1609", "9");
  await saved(app);
  const other = await another(app);
  const places = ["T1610", "T1612", "T1613", "T1611"];
  const wanted = new Map([[app, { T1609: "9" }], [other, { T1609: "9" }]]);
  const windows = [app, other];
  for (let edit = 0; edit < EDITS; edit++) {
    const window = windows[edit % 2];
    const id = places[Math.floor(edit / 2) % places.length];
    const value = String(1 + (edit % 9));
    await window.page.locator(`[role=gridcell][data-technique="${id}"] .cell-name`).first().click();
    await window.page.keyboard.press(value);
    wanted.get(window)[id] = value;
    // Sometimes there is time to store, sometimes not.
    if (edit % 3 === 0) await window.page.waitForTimeout(150);
    for (const dismiss of await window.page.locator("[data-message] button[aria-label=Dismiss]").all()) await dismiss.click();
  }
  for (const window of windows) {
    await window.page.locator('[data-saved="saved"]').waitFor();
    assert.deepEqual(await scores(window), wanted.get(window));
  }
  const there = await another(app);
  const layers = [];
  for (const tab of await there.locator("[role=tab][data-layer]").all()) {
    await tab.click();
    await eventually(async () => assert.equal(await tab.getAttribute("aria-selected"), "true"));
    layers.push(inOrder(await scores(there)));
  }
  for (const wantedHere of wanted.values()) assert.ok(layers.includes(inOrder(wantedHere)), layers.join("\n"));
});
