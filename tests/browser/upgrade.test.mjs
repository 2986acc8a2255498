// A layer that was made on an older release becomes one of the newest: what happens to it is seen, chosen, and undone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness/browser.mjs";
import { eventually, exported, press, see } from "./support/user.mjs";

const layer = {
  name: "Coverage",
  versions: { attack: "18", navigator: "5.1.0", layer: "4.5" },
  domain: "enterprise-attack",
  filters: { platforms: ["Containers"] },
  techniques: [
    { techniqueID: "T1612", tactic: "defense-evasion", score: 10 },
    { techniqueID: "T1562.001", tactic: "defense-evasion", score: 20 },
    { techniqueID: "T1610", tactic: "defense-evasion", score: 30 },
    { techniqueID: "T1610", tactic: "execution", score: 40 },
    { techniqueID: "T9999", tactic: "execution", score: 50 },
  ],
};

const said = ({ techniques }) => techniques.map((it) => `${it.techniqueID} ${it.tactic} ${it.score}`).sort();

async function opened(t, options) {
  const app = await open(t, options);
  await app.openFile({ name: "coverage.json", text: JSON.stringify(layer) });
  await see(app, /Opened 1 layer/);
  await app.run("layer.upgrade");
  await app.locator("[role=dialog] [data-decision]").first().waitFor();
  return app;
}

test("a layer goes from v18 to v19 beside the old one, and nothing of it is lost", async (t) => {
  const app = await opened(t);
  const decisions = () => app.page.$$eval("[role=dialog] [data-decision]", (all) => all.map((it) => it.dataset.decision).sort());
  await eventually(async () => assert.deepEqual(await decisions(), ["T1562.001", "T1610", "T1610", "T1612", "T9999"]));
  assert.deepEqual(await app.violations({ include: "[role=dialog]" }), []);
  await app.locator("[data-action=upgrade]").click();
  await see(app, /Upgraded to ATT&CK.* v19\.2, with 3 annotations/);
  const file = (await exported(app)).json();
  assert.deepEqual(said(file), [
    "T1610 defense-evasion 30", "T1610 execution 40", "T1612 stealth 10", "T1685 defense-impairment 20", "T9999 execution 50",
  ]);
  assert.deepEqual([file.versions.attack, file.name], ["19", "Coverage on v19.2"]);
  // Undo shows what it was, and the old layer is still there.
  await press(app, "Control+z");
  await eventually(async () => assert.deepEqual(said((await exported(app)).json()), said(layer)));
  assert.equal(await app.locator("[role=tab]").count(), 2);
});

test("each decision can be made otherwise, and the report tells what was done", async (t) => {
  const app = await opened(t);
  const line = app.locator("[data-decision=T1610]").filter({ hasText: "not in this tactic any more" });
  await line.locator("select").selectOption({ label: "left out" });
  await app.locator("[data-decision=T1612] select").selectOption({ label: "kept in the layer, outside of the matrix" });
  const report = await app.download(() => app.locator("[data-action=report]").click());
  assert.match(report.name, /\.md$/);
  assert.match(report.text(), /\| T1610 Deploy Container \| Defense Evasion \| not in this tactic any more \| left out \|/);
  assert.match(report.text(), /T1562\.001 .* goes to T1685 in Defense Impairment/);
  await app.locator("[data-action=upgrade]").click();
  await see(app, /Upgraded/);
  assert.deepEqual(said((await exported(app)).json()), [
    "T1610 execution 40", "T1612 defense-evasion 10", "T1685 defense-impairment 20", "T9999 execution 50",
  ]);
});

test("the release that it was made on can be said", async (t) => {
  const app = await opened(t);
  await app.locator("[data-field=upgrade-from]").selectOption({ label: "ATT&CK v19.2" });
  // Of v19 it is not known where T1610 stood before: only kept.
  await eventually(async () => {
    const ways = await app.locator("[data-decision=T1612] option").allTextContents();
    assert.equal(ways[0], "kept in the layer, outside of the matrix");
  });
});

test("a long review can be filtered and ticked off, and leads to the technique's pages", async (t) => {
  const app = await opened(t);
  const reviewed = () => app.locator("[data-reviewed]").textContent();
  const shown = () => app.locator('[aria-label="To review"] > li:visible').count();
  assert.deepEqual([await reviewed(), await shown()], ["0 of 3 reviewed", 3]);
  await app.locator("[data-field=upgrade-filter]").fill("t1612");
  await eventually(async () => assert.equal(await shown(), 1));
  await app.locator("[data-decision=T1612] [data-field=upgrade-reviewed]").check();
  await app.locator("[data-field=upgrade-filter]").fill("");
  await app.locator("[data-field=upgrade-only-open]").check();
  await eventually(async () => assert.deepEqual([await reviewed(), await shown()], ["1 of 3 reviewed", 2]));
  const pages = await app.locator('[data-decision="T1562.001"] a').evaluateAll((all) => all.map((it) => it.href));
  assert.equal(pages[0], "https://attack.mitre.org/versions/v18/techniques/T1562/001/");
  assert.match(pages[1], /^https:\/\/attack\.mitre\.org\/techniques\/T1685/);
  await app.locator("[data-action=review-all]").click();
  await eventually(async () => assert.deepEqual([await reviewed(), await shown()], ["3 of 3 reviewed", 0]));
  // From another release the review begins anew, with nothing left out of sight.
  await app.locator("[data-field=upgrade-filter]").fill("nothing has these words");
  await app.locator("[data-field=upgrade-from]").selectOption({ label: "ATT&CK v19.2" });
  await eventually(async () => {
    assert.match(await reviewed(), /^0 of/);
    assert.equal(await app.locator("[data-field=upgrade-filter]").inputValue(), "");
    assert.equal(await shown(), await app.locator('[aria-label="To review"] > li').count());
  });
});

test("opening a layer of an older release offers to upgrade it", async (t) => {
  const app = await open(t);
  await app.openFile({ name: "coverage.json", text: JSON.stringify(layer) });
  await app.message(/Opened 1 layer/);
  await app.locator("[data-message]").getByRole("button", { name: "Upgrade it…" }).click();
  await app.locator("[role=dialog] [data-decision]").first().waitFor();
});

// A release of somebody's own matrix: what it says of techniques, by number: a name, a tactic, and what became of it.
function own(version, techniques) {
  const source = (id) => [{ source_name: "ours", external_id: id }];
  const tactics = ["first", "second"].map((short, at) => ({ type: "x-mitre-tactic", id: `x-mitre-tactic--${at}`, name: `The ${short}`, x_mitre_shortname: short, external_references: source(`TA900${at}`) }));
  const patterns = Object.entries(techniques).map(([number, [name, tactic, more = {}]]) => ({
    type: "attack-pattern", id: `attack-pattern--${number}`, name, x_mitre_platforms: ["Mainframe"], external_references: source(`T900${number}`),
    kill_chain_phases: [{ kill_chain_name: "ours", phase_name: tactic }], ...more,
  }));
  const objects = [
    { type: "x-mitre-collection", id: "x-mitre-collection--1", name: "Our own", x_mitre_version: version },
    { type: "x-mitre-matrix", id: "x-mitre-matrix--1", name: "Ours", tactic_refs: tactics.map(({ id }) => id) },
    { type: "relationship", id: "relationship--1", relationship_type: "revoked-by", source_ref: "attack-pattern--3", target_ref: "attack-pattern--4" },
    ...tactics, ...patterns,
  ];
  return JSON.stringify({ type: "bundle", id: `bundle--${version}`, spec_version: "2.1", objects });
}

test("a layer on somebody's own bundle goes to the next of theirs", async (t) => {
  const app = await open(t);
  const before = { 1: ["Stays", "first"], 2: ["Old name", "first"], 3: ["To be revoked", "first"], 5: ["To be dropped", "first"], 6: ["Moves", "first"] };
  const after = {
    1: ["Stays", "first"], 2: ["New name", "first"], 3: ["To be revoked", "first", { revoked: true }], 4: ["Takes its place", "first"],
    5: ["To be dropped", "first", { x_mitre_deprecated: true }], 6: ["Moves", "second"], 7: ["New", "second"],
  };
  for (const [version, techniques] of [["4.0", after], ["3.0", before]]) {
    await app.openFile({ name: `own-${version}.json`, text: own(version, techniques) });
    await see(app, /Opened/);
  }
  const techniques = Object.keys(before).map((number) => ({ techniqueID: `T900${number}`, tactic: "first", score: Number(number) }));
  await app.openFile({ name: "own-layer.json", text: JSON.stringify({ ...layer, domain: "ours", versions: { layer: "4.5" }, techniques }) });
  await see(app, /Opened 1 layer/);
  await app.run("layer.upgrade");
  const dialog = app.locator("[role=dialog]");
  await dialog.locator("[data-field=upgrade-from]").selectOption({ label: "Our own v3.0" });
  await dialog.locator("[data-field=upgrade-to]").selectOption({ label: "Our own v4.0" });
  const fates = () => dialog.locator("[data-decision]").evaluateAll((all) => all.map((it) => `${it.dataset.decision} ${it.querySelector(".upgrade-fate").textContent}`).sort());
  await eventually(async () => assert.deepEqual(await fates(), [
    "T9002 renamed, was Old name",
    "T9003 revoked, replaced by T9004 Takes its place",
    "T9005 deprecated, without replacement",
    "T9006 moved to The second",
  ]));
  await dialog.locator("li", { hasText: "2 new techniques" }).waitFor();
  await app.locator("[data-action=upgrade]").click();
  await see(app, /Upgraded to Our own v4\.0/);
  assert.deepEqual(said((await exported(app)).json()), ["T9001 first 1", "T9002 first 2", "T9004 first 3", "T9005 first 5", "T9006 second 6"]);
});
