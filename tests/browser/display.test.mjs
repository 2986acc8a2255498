// How a layer is displayed: layouts, labels, aggregates, platforms, and a second layer in the cells.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { open, temporaryFolder } from "./harness/browser.mjs";
import { onlyInChromium } from "./harness/browsers.mjs";
import { noSharedData, readShared } from "./harness/facts.mjs";
import { heard, matrices, said } from "./support/matrix.mjs";
import { choose, eventually, exported, press, score, see, show } from "./support/user.mjs";

const box = (app, technique, tactic) =>
  app.cell(technique, { tactic }).first().evaluate((cell) => {
    const { left, right, top, bottom, width, height } = cell.getBoundingClientRect();
    return { left, right, top, bottom, width, height };
  });

const layer = (layout, techniques = []) => ({
  name: "layer.json",
  text: JSON.stringify({
    name: "Opened",
    versions: { attack: "19", navigator: "5.1.0", layer: "4.5" },
    domain: "enterprise-attack",
    layout: { showID: true, showName: true, expandedSubtechniques: "all", ...layout },
    techniques,
  }),
});

test("in the flat layout sub-techniques stand under their technique, in the side layout beside it", async (t) => {
  const app = await open(t);
  const parts = () => Promise.all(["T1078", "T1078.001", "T1078.003"].map((id) => box(app, id, "initial-access")));
  const [parent, first, second] = await parts();
  assert.ok(first.top >= parent.bottom && second.top >= first.bottom, "flat: under each other");
  await app.run("view.layout-side");
  await eventually(async () => {
    const [parent, first, second] = await parts();
    assert.ok(first.left >= parent.right, "beside");
    assert.ok(Math.abs(first.top - parent.top) < 1 && Math.abs(second.bottom - parent.bottom) < 1, "as high as both");
    assert.ok(second.top >= first.bottom);
  });
  // A tactic is wide in both matrices of a split, or columns would no longer stand under each other.
  await show(app, "s");
  const lefts = await app.page.$$eval("[data-matrix]", (grids) =>
    grids.map((grid) => [...grid.querySelectorAll(".column")].map((column) => column.getBoundingClientRect().left)),
  );
  assert.deepEqual(lefts[0], lefts[1]);
});

test("the mini layout has a square for each technique, without text, and gives the names back", { skip: onlyInChromium("only Chromium tells what its accessibility tree has") }, async (t) => {
  const app = await open(t);
  const before = await matrices(app);
  await app.run("view.layout-mini");
  await eventually(async () => {
    const { width, height } = await box(app, "T1610", "execution");
    assert.ok(Math.abs(width - height) < 0.5 && width < 60, `${width} × ${height}`);
  });
  assert.deepEqual(await matrices(app), before, "the same cells");
  assert.equal(await app.locator("[role=gridcell] .cell-name:visible, [role=gridcell] .cell-id:visible").count(), 0);
  // Those who hear the matrix hear the same as ever.
  await app.cell("T1610").click({ position: { x: 8, y: 8 } });
  await app.page.keyboard.type("40");
  const [{ rows }] = await heard(app);
  assert.ok(rows.flat().includes("T1610 Deploy Container"), rows.flat().join("; "));
  await eventually(async () => assert.match(await app.cell("T1610").getAttribute("aria-description"), /^score 40/));
  await press(app, "Control+z");
  const saved = (await exported(app)).json().layout;
  assert.deepEqual([saved.layout, saved.showID, saved.showName], ["mini", false, false]);
  await app.run("view.show-ids");
  await eventually(async () => assert.equal(await app.locator("[role=gridcell] .cell-id:visible").count(), 66));
  assert.equal((await exported(app)).json().layout.layout, "side");
  await press(app, "Control+z", "Control+z");
  await eventually(async () => assert.equal(await app.locator("[role=gridcell] .cell-name:visible").count(), 66));
});

test("aggregate scores follow the official rule, colour the cell and sort by it", async (t) => {
  const app = await open(t);
  await app.openFile(layer({}, [
    { techniqueID: "T1078.001", score: 50 },
    { techniqueID: "T1078.003", score: 80 },
    { techniqueID: "T1190", score: 70 },
  ]));
  await see(app, /Opened 1 layer/);
  const parent = app.cell("T1078", { tactic: "initial-access" });
  const aggregate = (value) => eventually(async () => assert.equal(await parent.getAttribute("data-aggregate"), value));
  await aggregate(null);
  await press(app, "f");
  await aggregate("65");
  assert.equal(await parent.getAttribute("data-score"), null);
  assert.equal(await parent.locator(".cell-score").textContent(), "65");
  assert.equal(await parent.evaluate((cell) => cell.style.getPropertyValue("--fill")), "rgb(219 221 91)");
  for (const [command, value] of [["count-unscored", "43.33"], ["aggregate-min", "0"], ["aggregate-max", "80"], ["aggregate-sum", "130"]]) {
    await app.run(`view.${command}`);
    await aggregate(value);
  }
  const top = async () => (await matrices(app))[0].columns[0].cells[0].technique;
  await app.run("view.sort-score-descending");
  await eventually(async () => assert.equal(await top(), "T1078"));
  await app.run("view.aggregate-min");
  await eventually(async () => assert.equal(await top(), "T1190"));
  const { layout } = (await exported(app)).json();
  assert.deepEqual([layout.showAggregateScores, layout.aggregateFunction, layout.countUnscored], [true, "min", false]);
  assert.match(await parent.getAttribute("aria-description"), /aggregate 0/);
});

test("aggregates in a split are those of its tier", async (t) => {
  const app = await open(t);
  await press(app, "Shift+S", "s");
  await app.locator('[data-matrix="container"]').waitFor();
  await score(app, "T1552.007", "60", { matrix: "orchestration" });
  await press(app, "f");
  const shown = (matrix) => app.cell("T1552", { matrix }).getAttribute("data-aggregate");
  await eventually(async () => assert.equal(await shown("orchestration"), "60"));
  assert.equal(await shown("container"), null);
});

test("another open layer's scores stand in the cells, and nothing of them is saved", async (t) => {
  const app = await open(t, { context: { reducedMotion: "reduce" } });
  await score(app, "T1610", "90");
  await press(app, "Alt+n");
  await eventually(async () => assert.deepEqual(await said(app), []));
  await score(app, "T1610", "20");
  await app.run("view.second-layer");
  await app.locator('[data-field="second-layer"]').nth(1).check();
  await press(app, "Escape");
  const cell = app.cell("T1610");
  await eventually(async () => assert.equal(await cell.getAttribute("data-second-score"), "90"));
  assert.equal(await cell.getAttribute("data-score"), "20");
  assert.equal(await cell.locator(".cell-second").textContent(), "90");
  assert.match(await cell.getAttribute("aria-description"), /second layer 90/);
  for (const colorScheme of ["light", "dark"]) {
    await app.page.emulateMedia({ colorScheme });
    assert.deepEqual(await app.violations(), [], colorScheme);
  }
  assert.deepEqual((await exported(app)).json().techniques.map(({ score }) => score), [20]);
  await app.run("view.second-layer");
  await app.locator('[data-field="second-layer"]').first().check();
  await press(app, "Escape");
  await eventually(async () => assert.equal(await app.locator(".cell-second").count(), 0));
});

test("platforms are chosen in any bundle that is about more than one", { skip: noSharedData }, async (t) => {
  const app = await open(t);
  await app.run("view.platforms");
  await app.locator("[role=dialog]").getByText("always shown whole").waitFor();
  await press(app, "Escape");
  const file = join(await temporaryFolder(), "enterprise.json");
  writeFileSync(file, readShared("stix", "enterprise-attack-18.1.json.gz"));
  await app.openFile(file);
  await see(app, /691 techniques/);
  const count = () => app.locator("[role=gridcell]:not([data-place=heading])").count();
  // Cells out of sight come in portions.
  await eventually(async () => assert.equal(await count(), 887));
  await app.run("view.platforms");
  const boxes = app.locator('[data-field="platform"]');
  const names = await boxes.evaluateAll((all) => all.map(({ value }) => value));
  assert.ok(names.includes("Containers") && names.includes("Windows"), names.join(", "));
  for (const name of names.filter((name) => name !== "Containers")) await boxes.and(app.locator(`[value="${name}"]`)).uncheck();
  // The last one stays: a layer file without platforms means all.
  await app.locator('[data-field="platform"][value="Containers"]:disabled').waitFor();
  assert.deepEqual(await app.violations(), []);
  await press(app, "Escape");
  await eventually(async () => assert.equal(await count(), 69));
  assert.deepEqual((await exported(app)).json().filters.platforms, ["Containers"]);
  await press(app, "Control+z");
  await eventually(async () => assert.ok((await count()) > 69));
});

test("the menus of the toolbar can be read by axe, and every layout, in both themes", async (t) => {
  for (const colorScheme of ["light", "dark"]) {
    const app = await open(t, { context: { colorScheme, viewport: { width: 1280, height: 800 } } });
    await score(app, "T1078", "55");
    await press(app, "f");
    for (const layout of ["flat", "side", "mini"]) {
      await app.run(`view.layout-${layout}`);
      await app.locator(`.matrices[data-layout="${layout}"]`).waitFor();
      assert.deepEqual(await app.violations(), [], `${layout}, ${colorScheme}`);
    }
    for (const button of await app.locator(".toolbar .menu-button").all()) {
      await button.click();
      await app.locator("[role=menu]").waitFor();
      assert.deepEqual(await app.violations(), [], `${await button.textContent()}, ${colorScheme}`);
      await press(app, "Escape");
    }
  }
});

test("a disabled technique stays disabled in every layout and choosing works in all of them", async (t) => {
  const app = await open(t);
  await choose(app, "T1611");
  await press(app, "x");
  for (const layout of ["side", "mini", "flat"]) {
    await app.run(`view.layout-${layout}`);
    await eventually(async () => assert.deepEqual(await said(app), ["unified privilege-escalation T1611: disabled"]));
    await app.cell("T1612").click({ position: { x: 8, y: 8 } });
    await eventually(async () => assert.equal(await app.cell("T1612").getAttribute("aria-selected"), "true"));
  }
});

test("a bundle that was opened before can be chosen again, and a layer of its release finds it", { skip: noSharedData }, async (t) => {
  const app = await open(t);
  const file = join(await temporaryFolder(), "enterprise.json");
  writeFileSync(file, readShared("stix", "enterprise-attack-18.1.json.gz"));
  await app.openFile(file);
  await see(app, /691 techniques/);
  const knowledge = app.locator(".status .menu-button");
  const count = () => app.locator("[role=gridcell]:not([data-place=heading])").count();
  await app.run("bundle.attack-19");
  await eventually(async () => assert.equal(await count(), 66));
  await app.locator('[data-saved="saved"]').waitFor();
  await app.page.reload();
  await app.ready();
  await eventually(async () => {
    await knowledge.click();
    const items = await app.locator(".status [role=menuitemradio]").allTextContents();
    await press(app, "Escape");
    assert.ok(items.includes("Enterprise ATT&CK"), items.join(" | "));
  });
  await knowledge.click();
  await app.locator(".status [role=menuitemradio]").filter({ hasText: "Enterprise ATT&CK" }).click();
  await see(app, /now shows/);
  await eventually(async () => assert.equal(await count(), 887));
  const of18 = layer({}, [{ techniqueID: "T1003", tactic: "credential-access", score: 7 }]);
  await app.openFile({ ...of18, text: of18.text.replace('"attack":"19"', '"attack":"18"') });
  await see(app, /Opened 1 layer/);
  await eventually(async () => assert.equal(await app.cell("T1003").first().getAttribute("data-score"), "7"));
});

test("a tooltip has the aggregate and the second layer's score", async (t) => {
  const app = await open(t);
  await score(app, "T1078.001", "50", { tactic: "initial-access" });
  await press(app, "Alt+n");
  await eventually(async () => assert.deepEqual(await said(app), []));
  await score(app, "T1078.003", "80", { tactic: "initial-access" });
  await press(app, "f");
  await app.run("view.second-layer");
  await app.locator('[data-field="second-layer"]').nth(1).check();
  await press(app, "Escape");
  const words = async (technique) => {
    await app.page.mouse.move(2, 2);
    await app.cell(technique).first().locator(".cell-name").hover();
    const tooltip = app.locator("#tooltip").filter({ hasText: `(${technique})` });
    await tooltip.waitFor();
    return tooltip.innerText();
  };
  assert.match(await words("T1078"), /Aggregate score \(average\)\s+80/);
  assert.match(await words("T1078.001"), /layer: score\s+50/);
});

test("the theme goes with the system again when that is asked for", { skip: onlyInChromium("Firefox ESR can't be told of another theme while it runs") }, async (t) => {
  const app = await open(t, { context: { colorScheme: "light" } });
  const theme = () => app.page.evaluate(() => document.documentElement.dataset.theme);
  await press(app, "t");
  await eventually(async () => assert.equal(await theme(), "dark"));
  await app.run("view.theme-system");
  await eventually(async () => assert.equal(await theme(), "light"));
  await app.page.emulateMedia({ colorScheme: "dark" });
  await eventually(async () => assert.equal(await theme(), "dark"));
});

test("a technique says how many of its sub-techniques are annotated, and lights up with its other tactics", async (t) => {
  const app = await open(t);
  await app.openFile({
    name: "a.json",
    text: JSON.stringify({
      name: "A", versions: { attack: "19", layer: "4.5" }, domain: "enterprise-attack",
      techniques: [{ techniqueID: "T1053.007", tactic: "execution", score: 5 }, { techniqueID: "T1078.001", tactic: "persistence", comment: "x" }],
    }),
  });
  await app.message(/Opened/);
  const toggle = (technique, tactic) => app.cell(technique, { tactic }).locator(".cell-toggle");
  await eventually(async () => assert.equal(await toggle("T1078", "persistence").getAttribute("data-annotated"), "1"));
  assert.match(await toggle("T1078", "persistence").getAttribute("title"), /, 1 of them annotated$/);
  assert.equal(await toggle("T1078", "initial-access").getAttribute("data-annotated"), null);
  await app.cell("T1078", { tactic: "persistence" }).hover();
  const lit = () => app.page.$$eval(".cell[data-kin]", (all) => all.map((it) => `${it.dataset.technique} ${it.dataset.tactic}`).sort());
  await eventually(async () => assert.ok((await lit()).includes("T1078 initial-access")));
  assert.ok((await lit()).every((it) => it.startsWith("T1078 ") && it !== "T1078 persistence"));
  await app.run("select.across-tactics");
  await app.cell("T1609", { tactic: "execution" }).hover();
  await app.cell("T1078", { tactic: "persistence" }).hover();
  assert.deepEqual(await lit(), []);
});
