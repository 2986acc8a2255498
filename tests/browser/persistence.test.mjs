// Nothing that was done is lost: not when the browser is killed, not between two windows.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open, temporaryFolder } from "./harness/browser.mjs";
import { matrices, said } from "./support/matrix.mjs";
import { cutPower } from "./support/power-cut.mjs";
import { choose, eventually, exported, press, score, see, show } from "./support/user.mjs";

// What is done is to be stored this long after it, in milliseconds. Here time itself is tested.
const STORED_WITHIN = 300;
const SOON = 500;

const wait = (app, milliseconds) => app.page.waitForTimeout(milliseconds);
const saved = (app) => app.locator('[data-saved="saved"]').waitFor();
const tab = (app, name) => app.page.locator("[role=tab][data-layer]", { hasText: name });
const tabs = (app) => app.locator("[role=tab][data-layer]").allTextContents();
const activeTab = (app) => app.locator('[role=tab][data-layer][aria-selected="true"]').textContent();
const theme = (app) => app.page.evaluate(() => document.documentElement.dataset.theme);

async function rename(app, name) {
  await press(app, "F2");
  await app.locator('[data-field="layer-name"]').fill(name);
  await press(app, "Enter");
  await app.locator("[role=dialog]").waitFor({ state: "detached" });
}

// A browser of its own, which is killed and started again on the same profile.
async function survivor(t) {
  const profileDir = await temporaryFolder();
  const first = await open(t, { profileDir });
  return {
    app: first,
    async killedAndStartedAgain(app = first) {
      await cutPower(app, profileDir);
      return open(t, { profileDir, server: first.server });
    },
  };
}

test("killed half a second after an edit, the edit is there", async (t) => {
  const { app, killedAndStartedAgain } = await survivor(t);
  await score(app, "T1610", "42");
  await wait(app, SOON);
  const again = await killedAndStartedAgain();
  assert.deepEqual(await said(again), ["unified execution T1610: score 42"]);
});

test("killed again and again, each edit is there, and nothing that was there before is gone", async (t) => {
  const { app, killedAndStartedAgain } = await survivor(t);
  const wanted = [];
  let at = app;
  for (const [id, value] of [["T1609", "10"], ["T1610", "20"], ["T1611", "30"]]) {
    await score(at, id, value);
    await wait(at, SOON);
    wanted.push(`${id}: score ${value}`);
    at = await killedAndStartedAgain(at);
    assert.deepEqual((await said(at)).map((line) => line.split(" ").slice(2).join(" ")), wanted);
  }
});

test("killed after many kinds of edits, the whole layer is there as it would have been exported", async (t) => {
  const { app, killedAndStartedAgain } = await survivor(t);
  await rename(app, "Coverage Q4 »å«");
  await press(app, "Shift+S");
  await see(app, /score for each tier/);
  await show(app, "s");
  await score(app, "T1610", "70", { matrix: "orchestration" });
  await score(app, "T1610", "12", { matrix: "container" });
  await app.locator('[data-field="comment"]').fill("Two lines.\nOf which this is the second.");
  await choose(app, "T1611", { matrix: "container" });
  await press(app, "x");
  await app.page.getByRole("button", { name: "purple" }).click();
  await show(app, "u");
  const file = await exported(app);
  await show(app, "s");
  await wait(app, SOON);
  const seen = await said(app);
  const again = await killedAndStartedAgain();
  assert.deepEqual((await matrices(again)).map(({ matrix }) => matrix), ["orchestration", "container"]);
  assert.deepEqual(await tabs(again), ["Coverage Q4 »å«"]);
  assert.deepEqual(await said(again), seen);
  await show(again, "u");
  assert.equal((await exported(again)).text(), file.text());
});

test("killed half a second after it was chosen, the theme is still the one that was chosen", async (t) => {
  const { app, killedAndStartedAgain } = await survivor(t);
  const before = await theme(app);
  await press(app, "t");
  await eventually(async () => assert.notEqual(await theme(app), before));
  const chosen = await theme(app);
  await wait(app, SOON);
  const again = await killedAndStartedAgain();
  assert.equal(await theme(again), chosen);
});

test("killed half a second after the bundle was changed, the layer is on it", async (t) => {
  const { app, killedAndStartedAgain } = await survivor(t);
  await app.run("bundle.attack-18");
  await see(app, /v18\.1/);
  await score(app, "T1059.013", "7");
  await wait(app, SOON);
  const shown = await matrices(app);
  const again = await killedAndStartedAgain();
  assert.deepEqual(await matrices(again), shown);
  assert.deepEqual(await said(again), ["unified execution T1059.013: score 7"]);
});

test("of three layers the active one is active again, and all are as they were", async (t) => {
  const { app, killedAndStartedAgain } = await survivor(t);
  const files = {};
  for (const [at, name] of ["First", "Second", "Third"].entries()) {
    if (at > 0) await app.run("layer.new");
    await eventually(async () => assert.equal((await tabs(app)).length, at + 1));
    await rename(app, name);
    await score(app, "T1610", `${at + 1}0`);
    files[name] = (await exported(app)).text();
  }
  await tab(app, "Second").click();
  await eventually(async () => assert.equal(await activeTab(app), "Second"));
  await wait(app, SOON);
  const again = await killedAndStartedAgain();
  assert.deepEqual(await tabs(again), ["First", "Second", "Third"]);
  assert.equal(await activeTab(again), "Second");
  for (const [name, text] of Object.entries(files)) {
    await tab(again, name).click();
    await eventually(async () => assert.equal(await activeTab(again), name));
    assert.equal((await exported(again)).text(), text);
  }
});

test("an edit is stored within 300 ms", async (t) => {
  const app = await open(t);
  await saved(app);
  await choose(app, "T1610");
  const took = await app.page.evaluate(async () => {
    const cell = document.querySelector('[role=gridcell][data-technique="T1610"]');
    const sign = document.querySelector("[data-saved]");
    const begun = performance.now();
    const seen = new Promise((resolve) => {
      let changed = false;
      new MutationObserver(() => {
        changed ||= sign.dataset.saved !== "saved";
        if (changed && sign.dataset.saved === "saved") resolve(performance.now() - begun);
      }).observe(sign, { attributes: true });
    });
    cell.dispatchEvent(new KeyboardEvent("keydown", { key: "7", bubbles: true, cancelable: true }));
    return seen;
  });
  assert.ok(took <= STORED_WITHIN, `${Math.round(took)} ms`);
});

for (const [when, milliseconds, todo] of [
  ["300 ms after the last edit", STORED_WITHIN, false],
  ["in the same moment", 0, "the write that pagehide starts is not finished by a page that goes"],
]) {
  test(`left and opened again ${when}, the edit is there`, { todo }, async (t) => {
    const app = await open(t);
    await score(app, "T1610", "5");
    await saved(app);
    await score(app, "T1611", "6");
    await wait(app, milliseconds);
    await app.page.reload();
    await app.ready();
    assert.deepEqual(await said(app), ["unified execution T1610: score 5", "unified privilege-escalation T1611: score 6"]);
  });
}

// Two windows of one browser on one layer.
async function twoWindows(t) {
  const app = await open(t);
  await score(app, "T1609", "9");
  await saved(app);
  const page = await app.context.newPage();
  await page.goto(app.server.url);
  const other = Object.assign(Object.create(Object.getPrototypeOf(app)), app, { page });
  await other.ready();
  assert.deepEqual(await said(other), ["unified execution T1609: score 9"]);
  return { app, other };
}

// What all open layers say, after everything was opened anew.
async function layersAfterReload(app) {
  await app.page.reload();
  await app.ready();
  const layers = [];
  for (const tab of await app.locator("[role=tab][data-layer]").all()) {
    await tab.click();
    await eventually(async () => assert.equal(await tab.getAttribute("aria-selected"), "true"));
    layers.push((await said(app)).map((line) => line.split(" ").slice(2).join(" ")));
  }
  return layers.map((lines) => lines.join("; ")).sort();
}

test("two windows that change the same layer lose neither change: the second becomes a copy", async (t) => {
  const { app, other } = await twoWindows(t);
  await score(other, "T1610", "20");
  await saved(other);
  await score(app, "T1611", "30");
  await app.message(/also changed in another window/);
  await saved(app);
  assert.deepEqual(await layersAfterReload(other), ["T1609: score 9; T1610: score 20", "T1609: score 9; T1611: score 30"]);
});

test("after that each window goes on with its own layer, without another copy", async (t) => {
  const { app, other } = await twoWindows(t);
  await score(other, "T1610", "20");
  await saved(other);
  await score(app, "T1611", "30");
  await see(app, /also changed in another window/);
  await score(app, "T1612", "31");
  await saved(app);
  await score(other, "T1613", "21");
  await saved(other);
  assert.equal(await app.locator("[data-message]").count(), 0);
  assert.equal(await other.locator("[data-message]").count(), 0);
  assert.deepEqual(await layersAfterReload(other), [
    "T1609: score 9; T1610: score 20; T1613: score 21",
    "T1609: score 9; T1611: score 30; T1612: score 31",
  ]);
});

test("a layer that one window closes stays, if another window has changed it meanwhile", async (t) => {
  const { app, other } = await twoWindows(t);
  await score(other, "T1610", "20");
  await saved(other);
  await app.run("layer.close");
  await app.message(/Closed/);
  await saved(app);
  assert.ok((await layersAfterReload(other)).includes("T1609: score 9; T1610: score 20"));
});

test("a layer opened in one window doesn't go because another window stores its own", async (t) => {
  const { app, other } = await twoWindows(t);
  await other.run("layer.new");
  await eventually(async () => assert.equal((await tabs(other)).length, 2));
  await score(other, "T1610", "20");
  await saved(other);
  await score(app, "T1611", "30");
  await saved(app);
  assert.deepEqual(await layersAfterReload(app), ["T1609: score 9; T1611: score 30", "T1610: score 20"]);
});
