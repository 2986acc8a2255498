// Who was seen using what against containers: as a lens, as a filter, and as layers, against the facts and not against the
// app's own counting.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness/browser.mjs";
import { noSharedData } from "./harness/facts.mjs";
import { cells, evidence, names } from "./support/evidence.mjs";
import { noMitreattack, readStrictly } from "./support/mitreattack.mjs";
import { choose, eventually, exported, press, score, see, show } from "./support/user.mjs";

const NEEDS_FACTS = { skip: noSharedData };

// The other program that reads layers takes the file, and reads the same; where it is not here, this says nothing.
async function readByOthers(file, expected) {
  if (noMitreattack) return;
  const { techniques } = await readStrictly(file.text());
  assert.deepEqual(techniques.map((it) => `${it.techniqueID} ${it.tactic} ${it.score}`).sort(), expected);
}

// What a layer file says: each cell with its score.
const scored = ({ techniques }) => techniques.map((it) => `${it.techniqueID} ${it.tactic} ${it.score}`).sort();

// What the lens shows: each cell's kind of sighting and its count.
const lens = (app) =>
  app.page.$$eval("[data-matrix='unified'] [role=gridcell]:not([data-place='heading'])", (all) =>
    all.map(({ dataset: it }) => `${it.technique} ${it.lens} ${it.lensCount}`).sort(),
  );

const expectedLens = (table) =>
  [...table]
    .flatMap(([id, { tactics, native, users }]) => {
      const elsewhere = users.filter((user) => !native.includes(user)).length;
      const sign = native.length ? `containers ${native.length}` : elsewhere ? `elsewhere ${elsewhere}` : "unseen 0";
      return tactics.map(() => `${id} ${sign}`);
    })
    .sort();

async function reopened(t, file) {
  const app = await open(t);
  await app.openFile({ name: file.name, text: file.text() });
  await see(app, /Opened 1 layer/);
  return app;
}

const shownScores = (app) =>
  app.page.$$eval("[role=gridcell][data-score]", (all) =>
    all.map(({ dataset: it }) => `${it.technique} ${it.tactic} ${it.score}`).sort(),
  );

test("the lens shows every technique's evidence as the facts have it, in either representation, and changes no layer", NEEDS_FACTS, async (t) => {
  const app = await open(t);
  await score(app, "T1610", "40");
  const before = await exported(app);
  await press(app, "Escape", "w");
  await eventually(async () => assert.deepEqual(await lens(app), expectedLens(evidence("19.2"))));
  const table = evidence("19.2");
  const count = (takes) => [...table.values()].filter(takes).length;
  const legend = (word) => app.locator(`[data-region=lens] [data-count=${word}]`).textContent();
  assert.equal(await legend("containers"), String(count(({ native }) => native.length > 0)));
  assert.equal(await legend("elsewhere"), String(count(({ native, users }) => !native.length && users.length)));
  assert.equal(await legend("unseen"), String(count(({ users }) => !users.length)));
  const name = await app.cell("T1610").first().textContent();
  for (const id of table.get("T1610").native) assert.match(name, new RegExp(names("19.2").get(id)));
  assert.deepEqual(await app.violations(), []);
  await show(app, "s");
  const inSplit = await app.page.$$eval("[data-matrix='container'] [data-technique='T1610']", (all) => all.map((it) => it.dataset.lens));
  assert.deepEqual(inSplit, ["containers"]);
  await show(app, "u");
  await press(app, "w");
  await eventually(async () => assert.equal(await app.locator("[data-lens]").count(), 0));
  assert.deepEqual((await exported(app)).text(), before.text());
});

test("the lens shows what is told of Microsoft's techniques through the mapping", NEEDS_FACTS, async (t) => {
  const app = await open(t);
  await app.run("bundle.microsoft");
  await see(app, /now shows/);
  await press(app, "w");
  const { native } = evidence("19.2").get("T1609");
  await eventually(async () => {
    const sign = await app.cell("MS-TA9006").first().evaluate(({ dataset }) => [dataset.lens, dataset.lensCount]);
    assert.deepEqual(sign, ["containers", String(native.length)]);
  });
  const none = app.cell("MS-TA9017").first();
  assert.equal(await none.getAttribute("data-lens"), "unseen");
  assert.match(await none.textContent(), /no counterpart in ATT&CK/);
});

test("only what was seen against containers can be shown, and one undo shows the rest again", NEEDS_FACTS, async (t) => {
  const app = await open(t);
  const all = await app.locator("[role=gridcell]").count();
  await app.run("view.only-evidence");
  await see(app, /disabled and hidden/);
  const seen = [...evidence("19.2")].filter(([, { native }]) => native.length).map(([id]) => id);
  await eventually(async () => {
    const shown = await app.page.$$eval("[role=gridcell]:not([data-enabled='false'])", (cells) => cells.map(({ dataset }) => dataset.technique));
    assert.deepEqual([...new Set(shown)].sort(), seen.sort());
  });
  await press(app, "Control+z");
  await eventually(async () => assert.equal(await app.locator("[role=gridcell]").count(), all));
});

test("a layer from evidence, exported and opened again, is right cell by cell", NEEDS_FACTS, async (t) => {
  const table = evidence("19.2");
  const expected = cells(table, ({ native }) => native);
  const app = await open(t);
  await app.run("layer.from-evidence");
  await see(app, /Made the layer "Seen against containers"/);
  const file = await exported(app);
  assert.deepEqual(scored(file.json()), expected);
  const known = names("19.2");
  for (const { techniqueID, comment, links } of file.json().techniques) {
    const { native } = table.get(techniqueID);
    for (const id of native) assert.match(comment, new RegExp(`${known.get(id)} \\(${id}\\)`), techniqueID);
    const labels = links.map(({ label }) => label).sort();
    assert.deepEqual(labels, native.map((id) => known.get(id)).sort());
    for (const { url } of links) assert.match(url, /^https:\/\/attack\.mitre\.org\//);
  }
  await readByOthers(file, expected);
  const other = await reopened(t, file);
  await eventually(async () => assert.deepEqual(await shownScores(other), expected));
});

test("a layer from one actor is made where the actor is named", NEEDS_FACTS, async (t) => {
  const app = await open(t);
  await choose(app, "T1610");
  await app.page.getByRole("button", { name: "New layer from TeamTNT" }).click();
  await see(app, /Made the layer "TeamTNT"/);
  const expected = cells(evidence("19.2"), ({ native }) => native.filter((id) => id === "G0139"));
  const file = await exported(app);
  assert.deepEqual(scored(file.json()), expected);
  const other = await reopened(t, file);
  await eventually(async () => assert.deepEqual(await shownScores(other), expected));
});

test("a layer from several actors is made in a dialog, by keyboard too, and counts them", NEEDS_FACTS, async (t) => {
  const app = await open(t);
  await app.run("layer.from-actors");
  const field = app.locator("[data-field=actor]");
  await field.first().waitFor();
  const natives = await app.page.$$eval(".actor-row:has(.cell-wild) input", (all) => all.map(({ value }) => value).sort());
  assert.deepEqual(natives, [...new Set([...evidence("19.2").values()].flatMap(({ native }) => native))].sort());
  assert.deepEqual(await app.violations({ include: "[role=dialog]" }), []);
  await app.page.keyboard.type("kinsing");
  await eventually(async () => assert.equal(await field.count(), 1));
  await press(app, "Tab", "Space");
  await app.locator("[data-field=actor-search]").fill("G0016");
  await eventually(async () => assert.equal(await field.count(), 1));
  await press(app, "Tab", "Space");
  await app.locator("[data-field=actors-elsewhere]").check();
  await app.locator("[data-action=make-layer]").click();
  await see(app, /Made the layer/);
  const chosen = ["S0599", "G0016"];
  const expected = cells(evidence("19.2"), ({ users }) => users.filter((id) => chosen.includes(id)));
  const file = await exported(app);
  assert.deepEqual(scored(file.json()), expected);
  const other = await reopened(t, file);
  await eventually(async () => assert.deepEqual(await shownScores(other), expected));
});

// CIE lightness of a colour that the browser gives as rgb(…).
const lightness = (color) => {
  const linear = color.match(/[\d.]+/g).slice(0, 3).map((it) => {
    const value = Number(it) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const y = linear[0] * 0.2126 + linear[1] * 0.7152 + linear[2] * 0.0722;
  return y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y;
};

// Whoever sees no colours sees lightness.
test("the lens can be read without seeing colours, in light and dark, and its text too", async (t) => {
  for (const colorScheme of ["light", "dark"]) {
    const app = await open(t, { context: { colorScheme } });
    await press(app, "w");
    await app.locator("[data-region=lens]").waitFor();
    const colors = await app.page.$$eval("[data-region=lens] .lens-level .lens-swatch", (all) => all.map((it) => getComputedStyle(it).backgroundColor));
    const steps = colors.map(lightness);
    assert.equal(steps.length, 4);
    const ways = steps.slice(1).map((step, at) => (colorScheme === "light" ? steps[at] - step : step - steps[at]));
    for (const way of ways) assert.ok(way >= 10, `${colorScheme}: ${steps}`);
    const look = (all) => all.map((it) => [it.dataset.lens, getComputedStyle(it)]).map(([kind, style]) => `${kind} ${style.backgroundImage !== "none"} ${style.borderTopStyle}`);
    // What is known of uses elsewhere comes a moment later.
    await eventually(async () => {
      const signs = new Set(await app.page.$$eval(".cell[data-lens]", look));
      assert.deepEqual([...signs].sort(), ["containers false solid", "elsewhere true solid", "unseen false dotted"]);
    });
    await eventually(async () => assert.deepEqual(await app.violations(), []));
  }
});

test("cells keep their edges beside their techniques, and the lens goes with every layout", async (t) => {
  const app = await open(t);
  await press(app, "w");
  for (const layout of ["side", "mini", "flat"]) {
    await app.run(`view.layout-${layout}`);
    await eventually(async () => {
      const edges = await app.page.$$eval(".cell[data-lens='unseen']", (all) => [...new Set(all.map((it) => getComputedStyle(it).borderTop.split(" rgb")[0]))]);
      assert.deepEqual(edges, ["1px dotted"], layout);
    });
  }
});
