// Orchestration and container scored apart: seen in every representation, combined by the rule, exported whole or in parts,
// and opened again as it was.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness/browser.mjs";
import { fromBundle, placements } from "./support/knowledge.mjs";
import { focused, said, selected } from "./support/matrix.mjs";
import { noMitreattack, readStrictly } from "./support/mitreattack.mjs";
import { choose, eventually, exported, exportedFromSplit, press, score, see, show } from "./support/user.mjs";

const ORCHESTRATION = { matrix: "orchestration" };
const CONTAINER = { matrix: "container" };

// As the split says it. T1610, T1609 and T1613 are of both tiers, T1611 and T1612 of the container tier only.
const SPLIT = [
  "orchestration execution T1609: disabled",
  "orchestration execution T1610: score 70",
  "orchestration discovery T1613: score 55",
  "container execution T1609: score 20",
  "container execution T1610: score 12",
  "container privilege-escalation T1611: score 30",
  "container stealth T1612: disabled",
];

const UNIFIED = {
  weakest: ["T1609: score 20, container 20", "T1610: score 12, orchestration 70, container 12"],
  highest: ["T1609: score 20, container 20", "T1610: score 70, orchestration 70, container 12"],
  average: ["T1609: score 20, container 20", "T1610: score 41, orchestration 70, container 12"],
};
const SAME_BY_EVERY_RULE = [
  "unified privilege-escalation T1611: score 30",
  "unified stealth T1612: disabled",
  "unified discovery T1613: score 55, orchestration 55",
];

const sorted = (lines) => [...lines].sort();

async function write(app, field, words) {
  await app.locator(`[data-field="${field}"]`).fill(words);
}

async function scoreByTier(app) {
  await press(app, "Shift+S");
  await see(app, /score for each tier/);
  await show(app, "s");
  await score(app, "T1610", "70", ORCHESTRATION);
  await write(app, "comment", "Admission policy: signed images only.\nReviewed.");
  await score(app, "T1610", "12", CONTAINER);
  await write(app, "comment", "Nothing watches the socket.");
  await choose(app, "T1609", ORCHESTRATION);
  await press(app, "x");
  await score(app, "T1609", "20", CONTAINER);
  await score(app, "T1613", "55", ORCHESTRATION);
  await app.page.locator("summary", { hasText: "Links" }).click();
  await app.locator('[data-field="link-label"]').fill("Runbook");
  await app.locator('[data-field="link-url"]').fill("https://example.org/runbook");
  await app.locator('[data-field="link-url"]').press("Enter");
  await score(app, "T1611", "30", CONTAINER);
  await app.page.getByRole("button", { name: "purple" }).click();
  await choose(app, "T1612", CONTAINER);
  await press(app, "x");
  await eventually(async () => assert.deepEqual(sorted(await said(app)), sorted(SPLIT)));
}

const unified = (rule) => sorted([...UNIFIED[rule].map((line) => `unified execution ${line}`), ...SAME_BY_EVERY_RULE]);

async function reopened(t, file) {
  const app = await open(t);
  await app.openFile({ name: file.name, text: file.text() });
  await see(app, /Opened 1 layer/);
  return app;
}

const entries = ({ techniques }) => new Map(techniques.map((it) => [`${it.tactic} ${it.techniqueID}`, it]));

test("each matrix shows its own tier's values, and the unified one both and the weakest", async (t) => {
  const app = await open(t);
  await scoreByTier(app);
  for (const [key, tier] of [["o", "orchestration"], ["n", "container"]]) {
    await show(app, key);
    assert.deepEqual(sorted(await said(app)), sorted(SPLIT.filter((line) => line.startsWith(tier))));
  }
  await show(app, "u");
  assert.deepEqual(sorted(await said(app)), unified("weakest"));
});

test("the rule that makes one score of two can be changed", async (t) => {
  const app = await open(t);
  await scoreByTier(app);
  await show(app, "u");
  for (const rule of ["highest", "average", "weakest"]) {
    await app.run(`layer.combine-${rule}`);
    await eventually(async () => assert.deepEqual(sorted(await said(app)), unified(rule)));
  }
});

test("the rules can't be chosen where tiers are scored together", async (t) => {
  const app = await open(t);
  for (const command of ["layer.combine-highest", "layer.combine-average", "layer.combine-weakest"]) {
    await press(app, "Control+k");
    await app.locator('[data-field="search"]').fill(command);
    await eventually(async () => assert.equal(await app.locator("[role=option]").first().getAttribute("aria-disabled"), "true", command));
    await press(app, "Enter");
    await app.page.waitForSelector("[role=alert][data-message]");
    await press(app, "Escape");
    await app.locator("[role=dialog]").waitFor({ state: "detached" });
    await see(app, /separately first/);
  }
});

test("in the unified matrix each tier has its own fields", async (t) => {
  const app = await open(t);
  await press(app, "Shift+S");
  await see(app, /score for each tier/);
  await choose(app, "T1610");
  await write(app, "score-orchestration", "80");
  await write(app, "score-container", "8");
  await write(app, "comment-container", "Only here.");
  await eventually(async () =>
    assert.deepEqual(await said(app), ["unified execution T1610: score 8, orchestration 80, container 8"]),
  );
  await app.locator('[data-field="enabled-container"]').uncheck();
  await eventually(async () =>
    assert.deepEqual(await said(app), ["unified execution T1610: score 80, orchestration 80"]),
  );
  // Of one tier only: there is nothing to tell apart.
  await score(app, "T1611", "5");
  assert.equal(await app.locator('[data-field="score-container"], [data-field="score-orchestration"]').count(), 0);
  await show(app, "s");
  assert.deepEqual(sorted(await said(app)), sorted([
    "orchestration execution T1610: score 80",
    "container execution T1610: score 8, disabled",
    "container privilege-escalation T1611: score 5",
  ]));
});

test("exported as one layer, other tools see the combined values, and it opens as it was", async (t) => {
  const app = await open(t);
  await scoreByTier(app);
  const one = await exportedFromSplit(app, "export-one");
  const seen = entries(one.json());
  assert.deepEqual([...seen.keys()].sort(), [...new Set(SPLIT.map((line) => line.split(/ |: /).slice(1, 3).join(" ")))].sort());
  assert.equal(seen.get("execution T1610").score, 12);
  assert.match(seen.get("execution T1610").comment, /Admission policy[^]*Nothing watches the socket/);
  assert.equal(seen.get("execution T1609").score, 20);
  assert.equal(seen.get("execution T1609").enabled, true);
  assert.equal(seen.get("stealth T1612").enabled, false);
  const again = await reopened(t, one);
  assert.deepEqual(sorted(await said(again)), sorted(SPLIT));
  assert.equal((await exportedFromSplit(again, "export-one")).text(), one.text());
  await show(again, "u");
  assert.deepEqual(sorted(await said(again)), unified("weakest"));
});

test("exported in parts, each matrix is a layer of its own tier, and they open as the one layer they were", async (t) => {
  const app = await open(t);
  await scoreByTier(app);
  const one = await exportedFromSplit(app, "export-one");
  const parts = await exportedFromSplit(app, "export-parts");
  assert.ok(Array.isArray(parts.json()));
  const [orchestration, container] = parts.json();
  assert.equal(parts.json().length, 2);
  assert.equal(new Set(parts.json().map(({ name }) => name)).size, 2);
  const all = placements(fromBundle("attack-containers-19.2.json"));
  for (const [tier, layer, disabled] of [
    ["orchestration", orchestration, ["execution T1609"]],
    ["container", container, ["stealth T1612"]],
  ]) {
    assert.equal(layer.hideDisabled, true, tier);
    const seen = entries(layer);
    const hidden = [...seen].filter(([, it]) => !it.enabled).map(([place]) => place);
    const others = all.filter(({ tiers }) => !tiers.includes(tier)).map(({ technique, tactic }) => `${tactic} ${technique}`);
    assert.deepEqual(hidden.sort(), [...others, ...disabled].sort(), tier);
    const scores = [...seen].filter(([, it]) => it.enabled && it.score !== undefined);
    assert.deepEqual(
      scores.map(([place, it]) => `${tier} ${place}: score ${it.score}`).sort(),
      SPLIT.filter((line) => line.startsWith(tier) && line.includes("score")).sort(),
    );
  }
  assert.equal(entries(orchestration).get("execution T1610").comment, "Admission policy: signed images only.\nReviewed.");
  assert.equal(entries(container).get("execution T1610").comment, "Nothing watches the socket.");
  const again = await reopened(t, parts);
  assert.deepEqual(sorted(await said(again)), sorted(SPLIT));
  assert.equal((await exportedFromSplit(again, "export-one")).text(), one.text());
  assert.equal((await exportedFromSplit(again, "export-parts")).text(), parts.text());
});

test("mitreattack-python takes the one layer and both parts, strictly", { skip: noMitreattack }, async (t) => {
  const app = await open(t);
  await scoreByTier(app);
  const one = await exportedFromSplit(app, "export-one");
  const parts = await exportedFromSplit(app, "export-parts");
  for (const layer of [one.json(), ...parts.json()]) {
    const read = await readStrictly(JSON.stringify(layer));
    assert.equal(read.name, layer.name);
    const values = ({ techniqueID: id, tactic, score = null, comment, enabled }) => [id, tactic, score, comment, enabled];
    assert.deepEqual(read.techniques.map(values), layer.techniques.map(values));
  }
});

test("scored together again, the rule decides what stays, and undo brings both tiers back", async (t) => {
  for (const rule of ["weakest", "highest"]) {
    const app = await open(t);
    await scoreByTier(app);
    await app.run(`layer.combine-${rule}`);
    await show(app, "u");
    await eventually(async () => assert.deepEqual(sorted(await said(app)), unified(rule)));
    const apart = await exported(app);
    await press(app, "Shift+S");
    await see(app, /one score for both tiers/);
    const combined = unified(rule).map((line) => line.replace(/, (orchestration|container) \d+/g, ""));
    await eventually(async () => assert.deepEqual(sorted(await said(app)), combined));
    await press(app, "Control+z");
    await eventually(async () => assert.deepEqual(sorted(await said(app)), unified(rule)));
    assert.equal((await exported(app)).text(), apart.text());
    await press(app, "Control+Shift+z");
    await eventually(async () => assert.deepEqual(sorted(await said(app)), combined));
  }
});

for (const apart of [false, true]) {
  const how = apart ? "separately" : "together";
  test(`switching the representation keeps selection and focus, tiers scored ${how}`, async (t) => {
    const app = await open(t);
    if (apart) {
      await press(app, "Shift+S");
      await see(app, /score for each tier/);
    }
    // All of both tiers, so that every representation has them; T1610 has the focus.
    const chosen = ["discovery T1613", "execution T1609", "execution T1610"];
    await choose(app, "T1613");
    for (const id of ["T1609", "T1610"]) await app.cell(id).locator(".cell-name").click({ modifiers: ["Control"] });
    await eventually(async () => assert.deepEqual(await selected(app), chosen));
    for (const key of ["s", "n", "o", "u", "n", "s", "o", "s", "u"]) {
      await show(app, key);
      await eventually(async () => {
        assert.deepEqual(await selected(app), chosen, key);
        assert.equal((await focused(app)).technique, "T1610", key);
      });
    }
  });
}

test("what one tier's matrix doesn't have stays selected, and is there again in the unified one", async (t) => {
  const app = await open(t);
  await choose(app, "T1611");
  await app.cell("T1610").locator(".cell-name").click({ modifiers: ["Control"] });
  const chosen = ["execution T1610", "privilege-escalation T1611"];
  await eventually(async () => assert.deepEqual(await selected(app), chosen));
  await show(app, "o");
  await eventually(async () => assert.deepEqual(await selected(app), ["execution T1610"]));
  await show(app, "u");
  await eventually(async () => assert.deepEqual(await selected(app), chosen));
});

test("a cell of one tier's matrix chosen in a split is the technique in the unified matrix", async (t) => {
  const app = await open(t);
  await press(app, "Shift+S");
  await see(app, /score for each tier/);
  await show(app, "s");
  await choose(app, "T1610", CONTAINER);
  const marked = app.locator('[role=gridcell][aria-selected="true"]');
  assert.equal(await marked.count(), 1);
  assert.equal(await app.cell("T1610", CONTAINER).getAttribute("aria-selected"), "true");
  await show(app, "u");
  const cell = { technique: "T1610", tactic: "execution", matrix: "unified" };
  await eventually(async () => assert.deepEqual(await focused(app), cell));
  assert.deepEqual(await selected(app), ["execution T1610"]);
  await show(app, "s");
  await eventually(async () => assert.equal((await focused(app)).technique, "T1610"));
  assert.deepEqual(await selected(app), ["execution T1610"]);
});
