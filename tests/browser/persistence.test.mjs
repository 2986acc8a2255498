// Nothing that was done is lost: not when the browser is killed, not between two windows.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open, temporaryFolder } from "./harness/browser.mjs";
import { matrices, said } from "./support/matrix.mjs";
import { cutPower } from "./support/power-cut.mjs";
import { faults } from "./support/axe.mjs";
import { another, choose, eventually, exported, press, score, see, show } from "./support/user.mjs";

// What is done is to be stored this long after it, in milliseconds. Here time itself is tested.
const STORED_WITHIN = 300;
const SOON = 500;

const wait = (app, milliseconds) => app.page.waitForTimeout(milliseconds);
const saved = (app) => app.locator('[data-saved="saved"]').waitFor();
const tab = (app, name) => app.page.locator("[role=tab][data-layer]", { hasText: name });
const tabs = (app) => app.locator("[role=tab][data-layer]").allTextContents();
const activeTab = (app) => app.locator('[role=tab][data-layer][aria-selected="true"]').textContent();
const theme = (app) => app.page.evaluate(() => document.documentElement.dataset.theme);

// The command waits for the rest of the program, which comes a moment after the first matrix.
async function newLayer(app) {
  const before = (await tabs(app)).length;
  await press(app, "Alt+n");
  await eventually(async () => assert.equal((await tabs(app)).length, before + 1));
}

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

for (const [when, milliseconds] of [
  ["300 ms after the last edit", STORED_WITHIN],
  ["in the same moment", 0],
]) {
  test(`left and opened again ${when}, the edit is there`, async (t) => {
    const app = await open(t);
    await score(app, "T1610", "5");
    await saved(app);
    await score(app, "T1611", "6");
    await wait(app, milliseconds);
    await app.page.reload();
    await app.ready();
    const scored = ["unified execution T1610: score 5", "unified privilege-escalation T1611: score 6"];
    assert.deepEqual(await said(app), scored);
    await eventually(async () => assert.ok(!(await app.locator('.top [data-command="edit.undo"]').isDisabled())));
    await press(app, "Control+z");
    await eventually(async () => assert.deepEqual(await said(app), scored.slice(0, 1)));
    await saved(app);
    await app.page.reload();
    await app.ready();
    assert.deepEqual(await said(app), scored.slice(0, 1));
    assert.deepEqual(await tabs(app), ["layer"]);
  });
}

test("what another window left unstored stays, when this one has stored what it left itself", async (t) => {
  const app = await open(t);
  await score(app, "T1610", "5");
  await saved(app);
  await choose(app, "T1611");
  const left = await app.page.evaluate(() => {
    const cell = document.querySelector('[role=gridcell][data-technique="T1611"]');
    localStorage.setItem("bulkhead-unstored", "theirs\u001f\u001f{}");
    cell.dispatchEvent(new KeyboardEvent("keydown", { key: "7", bubbles: true, cancelable: true }));
    window.dispatchEvent(new PageTransitionEvent("pagehide"));
    return localStorage.getItem("bulkhead-unstored").split("\u001e").length;
  });
  assert.equal(left, 2);
  const kept = () => app.page.evaluate(() => localStorage.getItem("bulkhead-unstored"));
  await eventually(async () => assert.equal(await kept(), "theirs\u001f\u001f{}"));
  await saved(app);
  assert.equal(await kept(), "theirs\u001f\u001f{}");
});

// Two windows of one browser on one layer.
async function twoWindows(t) {
  const app = await open(t);
  await score(app, "T1609", "9");
  await saved(app);
  const other = await another(app);
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
  const fresh = await another(app);
  assert.deepEqual(await layersAfterReload(fresh), ["T1609: score 9; T1610: score 20", "T1609: score 9; T1611: score 30"]);
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
  assert.deepEqual(await layersAfterReload(await another(app)), [
    "T1609: score 9; T1610: score 20; T1613: score 21",
    "T1609: score 9; T1611: score 30; T1612: score 31",
  ]);
});

const offer = (app, name) => app.locator("[data-message]").getByRole("button", { name, exact: true });
const OTHERS = "Use the other window's version";
const COPY = "Keep mine as a copy";
const MINE = "Overwrite with mine";

test("a window is told when another one changes its layer, before it has changed anything itself", async (t) => {
  const { app, other } = await twoWindows(t);
  await score(other, "T1610", "20");
  await app.message(/has been changed in another window/);
  assert.deepEqual(await faults(app), []);
  // Once: not with every letter that is typed there.
  await see(app, /has been changed/);
  await score(other, "T1611", "21");
  await saved(other);
  await wait(app, SOON);
  assert.equal(await app.locator("[data-message]").count(), 0);
});

for (const both of [false, true]) {
  const when = both ? "after both have changed it" : "before it has changed anything itself";
  const toBeAsked = async (t) => {
    const windows = await twoWindows(t);
    const { app, other } = windows;
    await score(other, "T1610", "20");
    await saved(other);
    await app.message(/has been changed in another window/);
    if (both) {
      await score(app, "T1611", "30");
      await app.message(/also changed in another window/);
    }
    return windows;
  };
  const own = both ? "T1609: score 9; T1611: score 30" : "T1609: score 9";
  const others = "T1609: score 9; T1610: score 20";
  const inLayer = async (app) => (await said(app)).map((line) => line.split(" ").slice(2).join(" ")).join("; ");

  test(`a window uses the other's version, ${when}`, async (t) => {
    const { app } = await toBeAsked(t);
    await offer(app, OTHERS).click();
    await eventually(async () => assert.equal(await inLayer(app), others));
    await saved(app);
    assert.deepEqual(await layersAfterReload(app), [others]);
    // Its history is the other's too.
    await eventually(async () => assert.ok(!(await app.locator('.top [data-command="edit.undo"]').isDisabled())));
    await press(app, "Control+z");
    await eventually(async () => assert.equal(await inLayer(app), "T1609: score 9"));
  });

  test(`a window keeps its version as a copy, ${when}`, async (t) => {
    const { app, other } = await toBeAsked(t);
    await offer(app, COPY).click();
    await eventually(async () => assert.deepEqual(await tabs(app), ["layer copy"]));
    await saved(app);
    assert.equal(await inLayer(other), others);
    const third = await another(app);
    assert.deepEqual(await layersAfterReload(third), [own, others].sort());
  });

  test(`a window overwrites the other's version with its own, ${when}, and the other one is told`, async (t) => {
    const { app, other } = await toBeAsked(t);
    await offer(app, MINE).click();
    await see(app, /stored as this window has it/);
    await saved(app);
    await other.message(/has been changed in another window/);
    assert.equal(await inLayer(other), others);
    const third = await another(app);
    assert.deepEqual(await layersAfterReload(third), [own]);
  });
}

test("each window has tabs of its own, and neither closes the other's", async (t) => {
  const { app, other } = await twoWindows(t);
  await newLayer(other);
  await score(other, "T1610", "20");
  await saved(other);
  await newLayer(app);
  await score(app, "T1611", "30");
  await saved(app);
  await tab(app, "layer").first().click();
  await press(app, "Alt+w");
  await eventually(async () => assert.deepEqual(await tabs(app), ["layer1"]));
  await saved(app);
  assert.deepEqual(await layersAfterReload(app), ["T1611: score 30"]);
  assert.deepEqual(await layersAfterReload(other), ["T1609: score 9", "T1610: score 20"]);
  // A new window has what is open anywhere: all three, since the other window still has the closed one.
  await score(other, "T1612", "1");
  await saved(other);
  assert.equal((await tabs(await another(app))).length, 3);
});

test("a layer that one window closes stays, if another window has changed it meanwhile", async (t) => {
  const { app, other } = await twoWindows(t);
  await score(other, "T1610", "20");
  await saved(other);
  await app.page.bringToFront();
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
  const fresh = await another(app);
  assert.deepEqual(await layersAfterReload(fresh), ["T1609: score 9; T1611: score 30", "T1610: score 20"]);
});

test("a layer that is closed in the moment after an edit is stored with it", async (t) => {
  const app = await open(t);
  await score(app, "T1610", "42");
  await press(app, "Alt+w");
  await app.message(/Closed/);
  await saved(app);
  await app.page.reload();
  await app.ready();
  await press(app, "Alt+l");
  await app.locator('.kept[data-shelf="closed"] [data-action="open"]').click();
  await eventually(async () => assert.deepEqual(await said(app), ["unified execution T1610: score 42"]));
});

test("what was done is undone and done again after a reload, as it was before it", async (t) => {
  const { app, killedAndStartedAgain } = await survivor(t);
  const states = [await said(app)];
  const step = async (change) => {
    await change();
    // Edits that follow at once may be one step.
    await wait(app, 1_300);
    states.push(await said(app));
  };
  await step(() => score(app, "T1610", "40"));
  await step(() => score(app, "T1611", "55"));
  await step(() => press(app, "x"));
  await step(() => press(app, "Control+a", "7"));
  await step(() => press(app, "Delete"));
  await press(app, "Control+z", "Control+z");
  await eventually(async () => assert.deepEqual(await said(app), states[3]));
  await wait(app, SOON);
  const again = await killedAndStartedAgain();
  assert.deepEqual(await said(again), states[3]);
  for (const at of [4, 5]) {
    await eventually(async () => assert.ok(!(await again.locator('.top [data-command="edit.redo"]').isDisabled())));
    await press(again, "Control+y");
    await eventually(async () => assert.deepEqual(await said(again), states[at]));
  }
  for (const at of [4, 3, 2, 1, 0]) {
    await press(again, "Control+z");
    await eventually(async () => assert.deepEqual((await said(again)).sort(), [...states[at]].sort()));
  }
  // An edit takes the place of what was undone, after another reload too.
  await score(again, "T1612", "9");
  await saved(again);
  await again.page.reload();
  await again.ready();
  await eventually(async () => assert.ok(!(await again.locator('.top [data-command="edit.undo"]').isDisabled())));
  assert.ok(await again.locator('.top [data-command="edit.redo"]').isDisabled());
  await press(again, "Control+z");
  await eventually(async () => assert.deepEqual(await said(again), []));
});

test("each layer has its own history after a reload", async (t) => {
  const app = await open(t);
  await score(app, "T1610", "1");
  await newLayer(app);
  await score(app, "T1611", "2");
  await saved(app);
  await app.page.reload();
  await app.ready();
  for (const name of ["layer", "layer1"]) {
    await tab(app, name).first().click();
    await eventually(async () => assert.equal(await activeTab(app), name));
    await eventually(async () => assert.ok(!(await app.locator('.top [data-command="edit.undo"]').isDisabled())));
    await press(app, "Control+z");
    await eventually(async () => assert.deepEqual(await said(app), []));
  }
});

// Storage that is not allowed, or full, until `globalThis.storageWorks` is true again.
const forbid = () => {
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (...given) {
    if (globalThis.storageWorks) return open.apply(this, given);
    throw new DOMException("A mutation operation was attempted on a database that did not allow mutations.", "InvalidStateError");
  };
};
const fill = () => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...given) {
    if (globalThis.storageWorks) return put.apply(this, given);
    throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
  };
};
const takeBack = () => {
  const commit = IDBTransaction.prototype.commit;
  IDBTransaction.prototype.commit = function () {
    return globalThis.storageWorks ? commit.call(this) : this.abort();
  };
};

for (const [what, break_, words] of [
  ["forbidden", forbid, /allows no storage here/],
  ["full", fill, /storage for this page is full/],
  ["full only at the end", takeBack, /took back what was to be stored/],
]) {
  test(`with storage that is ${what} the app says so, goes on, exports all, and stores again once it can`, async (t) => {
    const app = await open(t, { before: (page) => page.addInitScript(break_) });
    await score(app, "T1610", "42");
    assert.match(await app.message(words), /export before you leave/);
    await app.locator('[data-saved="failed"]').filter({ hasText: words }).waitFor();
    assert.deepEqual(await faults(app), []);
    await newLayer(app);
    await score(app, "T1611", "43");
    const file = await app.download(() => offer(app, "Export all").click());
    assert.deepEqual(file.json().map(({ techniques }) => techniques[0].score), [42, 43]);
    await app.locator('[data-saved="failed"]').waitFor();
    await app.page.evaluate(() => void (globalThis.storageWorks = true));
    await app.message(/stores again/);
    await saved(app);
    await app.page.addInitScript(() => void (globalThis.storageWorks = true));
    await app.page.reload();
    await app.ready();
    assert.deepEqual(await said(app), ["unified privilege-escalation T1611: score 43"]);
  });
}

test("after a fault of the app's own every layer is a download, and a reload brings all of them back", async (t) => {
  const app = await open(t, { allow: [/panicked/, /unreachable/, /RuntimeError/] });
  await score(app, "T1610", "42");
  await newLayer(app);
  await score(app, "T1611", "43");
  await wait(app, SOON);
  // A real panic: the app relies on the browser making the elements that it asks for.
  await app.page.evaluate(() => {
    const make = document.createElement;
    document.createElement = (tag) => {
      if (tag === "dialog") throw new Error("on purpose");
      return make.call(document, tag);
    };
  });
  // It happens in the moment after an edit, which is stored all the same.
  await press(app, "4", "?");
  await app.message(/fault of its own/);
  await app.locator("#rescue li").nth(1).waitFor();
  assert.deepEqual(await faults(app), []);
  const names = await app.locator("#rescue li b").allTextContents();
  assert.deepEqual(names.sort(), ["layer", "layer1"]);
  const file = await app.download(() => app.page.getByRole("button", { name: "Download layer1" }).click());
  assert.equal(file.name, "layer1.json");
  assert.equal(file.json().techniques[0].techniqueID, "T1611");
  const all = await app.download(() => app.page.getByRole("button", { name: "Download all as one file" }).click());
  assert.equal(all.json().length, 2);
  // The app's keys are dead; the page's own button is the first to have the focus.
  await press(app, "x", "Delete");
  await Promise.all([app.page.waitForEvent("load"), app.page.getByRole("button", { name: "Load the page again" }).press("Enter")]);
  await app.ready();
  assert.deepEqual(await tabs(app), ["layer", "layer1"]);
  assert.deepEqual(await said(app), ["unified privilege-escalation T1611: score 434"]);
});
