// Two layers beside each other: what differs is seen, listed, and picked into a third.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness/browser.mjs";
import { eventually, exported, press, score, see } from "./support/user.mjs";

function layer(name, scores) {
  const techniques = Object.entries(scores).map(([key, score]) => {
    const [techniqueID, tactic] = key.split(" ");
    return { techniqueID, tactic, score };
  });
  return { name, versions: { attack: "19", navigator: "5.1.0", layer: "4.5" }, domain: "enterprise-attack", techniques };
}

const BASE = layer("Q1", { "T1610 execution": 10, "T1609 execution": 10, "T1611 privilege-escalation": 10 });
const MINE = layer("Ours", { "T1610 execution": 20, "T1609 execution": 10, "T1611 privilege-escalation": 10, "T1613 discovery": 5 });
const THEIRS = layer("Theirs", { "T1610 execution": 30, "T1609 execution": 60 });

const said = ({ techniques }) => techniques.map((it) => `${it.techniqueID} ${it.score}`).sort();

async function comparing(t, layers, options) {
  const app = await open(t, options);
  for (const one of layers) {
    await app.openFile({ name: `${one.name}.json`, text: JSON.stringify(one) });
    await see(app, /Opened 1 layer/);
  }
  await app.run("layer.compare");
  await app.locator("[role=dialog] .compare-matrix").waitFor();
  const choose = (field, label) => app.locator(`[data-field=${field}]`).selectOption({ label });
  const cell = (technique) => app.locator(`.compare-cell[data-technique="${technique}"]`).first().getAttribute("data-compared");
  const pick = (technique, value) => app.locator(`[data-difference="${technique}"] [value=${value}]`).check();
  return { app, choose, cell, pick };
}

test("the matrix shows what only one has, what both have differently, and what is equal", async (t) => {
  const { app, choose, cell } = await comparing(t, [MINE, THEIRS]);
  await choose("compare-first", "Ours");
  await choose("compare-second", "Theirs");
  await eventually(async () => assert.equal(await cell("T1613"), "removed"));
  assert.deepEqual([await cell("T1610"), await cell("T1611"), await cell("T1046")], ["conflict", "removed", "silent"]);
  assert.deepEqual(await app.violations({ include: "[role=dialog]" }), []);
  await app.locator("[data-listing=removed]").click();
  const listed = () => app.page.$$eval("[data-difference]", (all) => all.map((it) => it.dataset.difference).sort());
  await eventually(async () => assert.deepEqual(await listed(), ["T1611", "T1613"]));
});

test("picked by technique and in bulk, a third layer has what was picked, and what gave way is told", async (t) => {
  const { app, choose, pick } = await comparing(t, [MINE, THEIRS]);
  await choose("compare-first", "Ours");
  await choose("compare-second", "Theirs");
  const outcome = app.locator("[data-unpicked]");
  await eventually(async () => assert.match(await outcome.textContent(), /^2 conflicts are not decided/));
  await app.locator("[data-action=pick-all-second]").click();
  await pick("T1613", "first");
  await pick("T1610", "first");
  await eventually(async () => assert.match(await outcome.textContent(), /^3 values give way/));
  await app.locator("[data-action=merge]").click();
  assert.match(await app.message(/gave way/), /3 values gave way/);
  assert.deepEqual(said((await exported(app)).json()), ["T1609 60", "T1610 20", "T1613 5"]);
  assert.equal(await app.locator("[role=tab]").count(), 3);
});

test("with what both came from, only real conflicts are asked", async (t) => {
  const { app, choose, cell, pick } = await comparing(t, [BASE, MINE, THEIRS]);
  await choose("compare-first", "Ours");
  await choose("compare-second", "Theirs");
  await choose("compare-ancestor", "Q1");
  await app.locator("[data-listing=conflicts]").click();
  const listed = () => app.page.$$eval("[data-difference]", (all) => all.map((it) => it.dataset.difference));
  await eventually(async () => assert.deepEqual(await listed(), ["T1610"]));
  assert.equal(await cell("T1609"), "changed");
  await pick("T1610", "second");
  await app.locator("[data-action=merge]").click();
  await app.message(/Merged/);
  // T1609 from them, T1611 taken away by them, T1613 from us.
  assert.deepEqual(said((await exported(app)).json()), ["T1609 60", "T1610 30", "T1613 5"]);
});

test("a snapshot is compared cell by cell with the layer as it is now, and what is picked is taken over, in one step", async (t) => {
  const app = await open(t);
  await app.openFile({ name: "Ours.json", text: JSON.stringify(MINE) });
  await see(app, /Opened 1 layer/);
  await app.run("layer.snapshots");
  await app.locator('[data-field="snapshot-name"]').fill("Q3 review");
  await press(app, "Enter");
  await app.locator('[data-snapshot="Q3 review"]').waitFor();
  await press(app, "Escape");
  await score(app, "T1610", "70", { tactic: "execution" });
  await score(app, "T1609", "90", { tactic: "execution" });
  const now = (await exported(app)).json();
  await app.run("layer.snapshots");
  await app.locator('[data-snapshot="Q3 review"] [data-action="compare-cells"]').click();
  const chosen = (field) => app.locator(`[data-field=${field}] option:checked`).textContent();
  assert.equal(await chosen("compare-first"), "Ours");
  for (const field of ["compare-second", "compare-ancestor"]) assert.match(await chosen(field), /^Ours, snapshot Q3 review \(\d{4}-\d\d-\d\d\)$/);
  const cell = (technique) => app.locator(`.compare-cell[data-technique="${technique}"]`).first().getAttribute("data-compared");
  await eventually(async () => assert.deepEqual([await cell("T1610"), await cell("T1609"), await cell("T1613")], ["changed", "changed", "equal"]));
  assert.deepEqual(await app.violations({ include: "[role=dialog]" }), []);
  await app.locator('[data-difference="T1610"] [value=second]').check();
  await app.locator("[data-action=take-over]").click();
  assert.match(await app.message(/Taken over/), /snapshot Q3 review/);
  const taken = (await exported(app)).json();
  assert.deepEqual(said(taken), ["T1609 90", "T1610 20", "T1611 10", "T1613 5"]);
  assert.equal(await app.locator("[role=tab]").count(), 1);
  await press(app, "Control+z");
  await eventually(async () => assert.equal(await app.cell("T1610").first().getAttribute("data-score"), "70"));
  assert.deepEqual((await exported(app)).json(), now);
});

test("what was is no layer that can be changed, and nothing picked changes nothing", async (t) => {
  const { app, choose } = await comparing(t, [MINE, THEIRS]);
  await choose("compare-first", "Ours");
  await choose("compare-second", "Theirs");
  await app.locator("[data-action=pick-all-first]").click();
  await app.locator("[data-action=take-over]").click();
  await see(app, /Nothing was picked/);
  await app.run("layer.snapshots");
  await app.locator("[data-action=take-snapshot]").click();
  await app.locator("[data-snapshot]").waitFor();
  await press(app, "Escape");
  await app.run("layer.compare");
  const snapshot = await app.locator("[data-field=compare-first] option").filter({ hasText: "snapshot" }).first().textContent();
  await choose("compare-first", snapshot);
  await eventually(async () => assert.equal(await app.locator("[data-action=take-over]").count(), 0));
  assert.equal(await app.locator("[data-action=merge]").count(), 1);
});

for (const width of [1280, 1920]) {
  test(`the columns of the list stand below each other (${width})`, async (t) => {
    const { app, choose } = await comparing(t, [MINE, THEIRS], { context: { viewport: { width, height: 900 } } });
    await choose("compare-first", "Ours");
    await choose("compare-second", "Theirs");
    await app.locator("[data-difference]").nth(3).waitFor();
    // Conflicts and what only one has: their choices differ in words.
    for (const part of [".compare-title b", ".compare-fields", ".compare-picks", ".compare-picks label:nth-child(2)", ".compare-picks label:nth-child(3)"]) {
      const lefts = await app.locator(`.compare-list ${part}`).evaluateAll((all) => all.map((it) => Math.round(it.getBoundingClientRect().left)));
      assert.ok(lefts.length >= 4);
      assert.equal(new Set(lefts).size, 1, `${part}: ${lefts}`);
    }
  });
}
