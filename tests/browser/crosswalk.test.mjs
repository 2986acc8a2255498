// From ATT&CK to Microsoft's matrix and back: a technique's counterparts, both catalogues side by side, and whole layers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness/browser.mjs";
import { noSharedData } from "./harness/facts.mjs";
import { evidence, mapping } from "./support/evidence.mjs";
import { fromMicrosoftFacts } from "./support/knowledge.mjs";
import { noMitreattack, readStrictly } from "./support/mitreattack.mjs";
import { choose, eventually, exported, press, score, see } from "./support/user.mjs";

const NEEDS_FACTS = { skip: noSharedData };

// The other program that reads layers takes the file, and reads the same; where it is not here, this says nothing.
async function readByOthers(file, expected) {
  if (noMitreattack) return;
  const { techniques } = await readStrictly(file.text());
  assert.deepEqual(techniques.map((it) => `${it.techniqueID} ${it.tactic} ${it.score}`).sort(), expected);
}

const focusedTechnique = (app) => app.page.evaluate(() => document.activeElement?.dataset.technique);

const there = () => evidence("19.2");

test("from a technique one goes to its counterpart, by command, menu and inspector", NEEDS_FACTS, async (t) => {
  const app = await open(t);
  await choose(app, "T1609");
  await app.run("crosswalk.counterpart");
  await eventually(async () => assert.equal(await focusedTechnique(app), "MS-TA9006"));
  await see(app, /new layer on Threat Matrix for Kubernetes/);
  // Back, to the layer that is open on ATT&CK.
  await press(app, "Shift+F10");
  await app.locator("[data-menu=context] [data-command='crosswalk.counterpart']").click();
  await eventually(async () => assert.equal(await focusedTechnique(app), "T1609"));
  assert.equal(await app.locator("[role=tab]").count(), 2);
  // Three at once are a choice.
  await choose(app, "T1610");
  await app.run("crosswalk.counterpart");
  const found = app.locator("[role=dialog] [data-technique-id]");
  await eventually(async () => {
    const ids = await found.evaluateAll((all) => all.map(({ dataset }) => dataset.techniqueId));
    assert.deepEqual(ids, [...mapping()].filter(([, others]) => others.includes("T1610")).map(([id]) => id));
  });
  assert.deepEqual(await app.violations({ include: "[role=dialog]" }), []);
  await found.first().click();
  await eventually(async () => assert.equal(await focusedTechnique(app), "MS-TA9008"));
  await app.locator(".inspector [data-action=follow]").first().click();
  await eventually(async () => assert.equal(await focusedTechnique(app), "T1610"));
});

test("side by side it is seen what only one of the catalogues has", NEEDS_FACTS, async (t) => {
  const app = await open(t);
  await app.run("crosswalk.compare");
  const listed = (catalogue, more = "") =>
    app.page.$$eval(`[data-catalogue=${catalogue}] [data-crosswalk]${more}`, (all) => all.map(({ dataset }) => dataset.crosswalk).sort());
  const table = there();
  const ours = [...mapping()];
  const mapped = ours.filter(([, others]) => others.some((other) => table.has(other))).map(([id]) => id).sort();
  const theirs = [...table.keys()].filter((id) => ours.some(([, others]) => others.includes(id))).sort();
  await eventually(async () => assert.deepEqual(await listed("microsoft"), ours.map(([id]) => id).sort()));
  assert.deepEqual(await listed("attack"), [...table.keys()].sort());
  assert.deepEqual(await listed("microsoft", "[data-mapped=true]"), mapped);
  assert.deepEqual(await listed("attack", "[data-mapped=true]"), theirs);
  assert.deepEqual(await app.violations({ include: "[role=dialog]" }), []);
  await app.locator("[data-action=list-one]").click();
  await eventually(async () => assert.deepEqual(await listed("attack", "[data-mapped=true]"), []));
  assert.deepEqual(await listed("microsoft"), ours.map(([id]) => id).filter((id) => !mapped.includes(id)).sort());
  assert.match(await app.locator("[data-crosswalk='MS-TA9001']").textContent(), /only here.*T1078\.004/);
  await app.locator("[data-action=list-both]").click();
  await app.locator("[data-crosswalk='MS-TA9006'] [data-action=follow]").click();
  await eventually(async () => assert.equal(await app.locator("[data-lit]").getAttribute("data-crosswalk"), "T1609"));
  await app.locator("[data-crosswalk='MS-TA9006'] [data-action=show]").click();
  await eventually(async () => assert.equal(await focusedTechnique(app), "MS-TA9006"));
});

// Every cell of Microsoft's matrix has a score of its own.
function scoredEverywhere() {
  const techniques = fromMicrosoftFacts().techniques.flatMap(({ id, tactics }) => tactics.map((tactic) => ({ techniqueID: id, tactic })));
  techniques.forEach((technique, at) => (technique.score = at));
  return { name: "Ours", versions: { layer: "4.5" }, domain: "microsoft-kubernetes", techniques };
}

// Where each must stand on ATT&CK: in the same tactic, or else in all of the counterpart's; the lowest score counts.
function expectedThere({ techniques }) {
  const [table, ways] = [there(), mapping()];
  const expected = new Map();
  for (const { techniqueID, tactic, score } of techniques) {
    for (const other of ways.get(techniqueID).filter((id) => table.has(id))) {
      const { tactics } = table.get(other);
      for (const target of tactics.includes(tactic) ? [tactic] : tactics) {
        const key = `${other} ${target}`;
        expected.set(key, Math.min(score, expected.get(key) ?? Infinity));
      }
    }
  }
  return [...expected].map(([key, score]) => `${key} ${score}`).sort();
}

test("a layer carried over, exported and opened again, is right cell by cell, and what did not map is told", NEEDS_FACTS, async (t) => {
  const app = await open(t);
  const layer = scoredEverywhere();
  await app.openFile({ name: "ours.json", text: JSON.stringify(layer) });
  await see(app, /Opened 1 layer/);
  await app.run("crosswalk.carry-over");
  const table = there();
  const left = [...mapping()].filter(([, others]) => !others.some((other) => table.has(other))).map(([id]) => id);
  const listed = app.locator("[role=dialog] [data-left]");
  await eventually(async () => {
    assert.deepEqual(await listed.evaluateAll((all) => all.map(({ dataset }) => dataset.left).sort()), left.sort());
  });
  assert.deepEqual(await app.violations({ include: "[role=dialog]" }), []);
  await app.locator("[data-action=carry-over]").click();
  const told = await app.message(/did not map/);
  assert.match(told, new RegExp(`Carried ${40 - left.length} techniques over to ATT&CK.*; ${left.length} did not map`));
  const file = await exported(app);
  const { techniques, domain, name } = file.json();
  assert.deepEqual([domain, name], ["enterprise-attack", "Ours on ATT&CK for Containers"]);
  const expected = expectedThere(layer);
  assert.deepEqual(techniques.map((it) => `${it.techniqueID} ${it.tactic} ${it.score}`).sort(), expected);
  await readByOthers(file, expected);
  const other = await open(t);
  await other.openFile({ name: file.name, text: file.text() });
  await see(other, /Opened 1 layer/);
  await eventually(async () => {
    const shown = await other.page.$$eval("[role=gridcell][data-score]", (all) =>
      all.map(({ dataset: it }) => `${it.technique} ${it.tactic} ${it.score}`).sort(),
    );
    assert.deepEqual(shown, expected);
  });
});

test("the other way too, by the rule that the user chose, and the layer that was carried stays as it is", NEEDS_FACTS, async (t) => {
  const app = await open(t);
  await score(app, "T1498", "10");
  await score(app, "T1499", "30");
  await score(app, "T1612", "50");
  await press(app, "Escape");
  await app.run("crosswalk.carry-over");
  await app.locator("[data-field=carry-combine][value=average]").check();
  await app.locator("[data-left='T1612']").waitFor();
  await app.locator("[data-action=carry-over]").click();
  await eventually(async () => {
    const scores = await app.page.$$eval("[role=gridcell][data-score]", (all) => all.map(({ dataset: it }) => `${it.technique} ${it.score}`));
    assert.deepEqual(scores, ["MS-TA9040 20"]);
  });
  await press(app, "Alt+PageUp");
  await eventually(async () => assert.equal(await app.cell("T1612").first().getAttribute("data-score"), "50"));
});
