// The main job, from an empty profile: see the matrix, unified or split, score it, export a layer, come back.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { open, temporaryFolder } from "./harness/browser.mjs";
import { onlyInChromium } from "./harness/browsers.mjs";
import { noSharedData, readJson, readShared } from "./harness/facts.mjs";
import { noMitreattack, readStrictly } from "./support/mitreattack.mjs";
import { eventually, press } from "./support/user.mjs";

const BUNDLE = "attack-containers-19.2.json";

// Tactics in matrix order and each technique's place, from the bundle that is in the repository.
function expected(name = BUNDLE) {
  const { objects } = readJson("data", name);
  const byId = new Map(objects.map((object) => [object.id, object]));
  const matrix = objects.find(({ type }) => type === "x-mitre-matrix");
  const tactics = matrix.tactic_refs.map((ref) => byId.get(ref)).map(({ x_mitre_shortname, name }) => ({ short: x_mitre_shortname, name }));
  const techniques = objects
    .filter(({ type, revoked }) => type === "attack-pattern" && !revoked)
    .map((object) => {
      const tier = Object.values(object.extensions ?? {}).find(({ tiers }) => tiers);
      return {
        id: object.external_references[0].external_id,
        name: object.name,
        tactics: object.kill_chain_phases.map(({ phase_name }) => phase_name),
        sub: object.x_mitre_is_subtechnique,
        platforms: object.x_mitre_platforms,
        tiers: tier?.tiers,
        primary: tier?.primary_tier,
      };
    });
  return { tactics, techniques };
}

const cells = (app, matrix) =>
  app.page.$$eval(`[data-matrix="${matrix}"] [role=gridcell]`, (all) =>
    all.map(({ dataset, id }) => ({ ...dataset, column: Number(id.split("-")[2]) })),
  );

const headers = (app, matrix) =>
  app.page.$$eval(`[data-matrix="${matrix}"] [role=columnheader]`, (all) =>
    all.map((header) => ({ short: header.dataset.tactic, name: header.querySelector(".tactic-name").textContent })),
  );

const place = ({ technique, tactic }) => `${tactic} ${technique}`;

const score = (app, technique, options) => app.cell(technique, options).first().getAttribute("data-score");

test("the first visit shows every technique in every of its tactics", async (t) => {
  const app = await open(t);
  const { tactics, techniques } = expected();
  const wanted = techniques.flatMap(({ id, tactics }) => tactics.map((tactic) => `${tactic} ${id}`)).sort();
  const shown = await cells(app, "unified");
  assert.deepEqual(shown.map(place).sort(), wanted);
  assert.ok(shown.every(({ place }) => !place));
  const used = new Set(techniques.flatMap(({ tactics }) => tactics));
  assert.deepEqual(await headers(app, "unified"), tactics.filter(({ short }) => used.has(short)));
  for (const { technique, tier, parent } of shown) {
    const fact = techniques.find(({ id }) => id === technique);
    assert.equal(tier, ["orchestration", "container"].filter((one) => fact.tiers.includes(one)).join(" "), technique);
    assert.equal(parent, fact.sub ? technique.split(".")[0] : undefined, technique);
  }
});

test("split, each matrix has its tier's techniques, the secondary ones marked, in aligned columns", async (t) => {
  const app = await open(t);
  const { techniques } = expected();
  await press(app, "s");
  await app.locator('[data-matrix="container"]').waitFor();
  for (const tier of ["orchestration", "container"]) {
    const shown = await cells(app, tier);
    const counted = shown.filter(({ place }) => place !== "heading");
    const own = techniques.filter(({ tiers }) => tiers.includes(tier));
    assert.deepEqual(counted.map(place).sort(), own.flatMap(({ id, tactics }) => tactics.map((it) => `${it} ${id}`)).sort());
    for (const cell of counted) {
      const { primary } = own.find(({ id }) => id === cell.technique);
      assert.equal(cell.place, primary === tier ? undefined : "secondary", `${cell.technique} in ${tier}`);
    }
  }
  assert.deepEqual(await headers(app, "orchestration"), await headers(app, "container"));
  await press(app, "p");
  await app.page.waitForFunction(() => !document.querySelector('[data-place="secondary"]'));
  for (const tier of ["orchestration", "container"]) {
    const counted = (await cells(app, tier)).filter(({ place }) => place !== "heading");
    const own = techniques.filter(({ primary }) => primary === tier);
    assert.deepEqual(counted.map(place).sort(), own.flatMap(({ id, tactics }) => tactics.map((it) => `${it} ${id}`)).sort());
  }
});

test("a sub-technique whose parent is no container technique stands under a heading", async (t) => {
  const app = await open(t);
  await app.run("bundle.attack-18");
  await app.message(/v18\.1/);
  assert.equal(await app.cell("T1059").getAttribute("data-place"), "heading");
  assert.equal(await app.cell("T1059.013").getAttribute("data-parent"), "T1059");
  const names = (await headers(app, "unified")).map(({ name }) => name);
  assert.ok(names.includes("Defense Evasion") && !names.includes("Stealth"), names.join());
  await app.run("bundle.microsoft");
  await app.message(/Kubernetes/);
  assert.equal((await cells(app, "unified")).length, 48);
  assert.equal((await headers(app, "unified")).length, 10);
});

// Scores, colours, comments and disables by keys alone.
async function annotateByKeyboard(app) {
  const { page } = app;
  await press(app, "Tab");
  for (let tries = 0; tries < 60 && !(await page.evaluate(() => document.activeElement.matches(".cell"))); tries++) {
    await press(app, "Tab");
  }
  await press(app, "Control+Home", "ArrowRight", "ArrowDown", "4", "0");
  await press(app, "c");
  await page.locator('textarea[data-field="comment"]:focus').waitFor();
  await page.keyboard.type("Admission blocks it.\nThe socket is open.");
  await press(app, "Escape");
  await app.run("T1610");
  await page.locator('.cell[data-technique="T1610"]:focus').waitFor();
  await press(app, "7", "5", "x");
  await app.run("T1611");
  await page.locator('.cell[data-technique="T1611"]:focus').waitFor();
  await press(app, "k");
  await page.locator('input[data-field="color"]:focus').waitFor();
  await press(app, "Shift+Tab", "Space");
  await app.run("T1078");
  await page.locator('.cell[data-technique="T1078"]:focus').waitFor();
  await press(app, "2", "+");
}

test("scored by keyboard alone, exported, opened and exported again, the files are equal", async (t) => {
  const app = await open(t);
  await annotateByKeyboard(app);
  assert.equal(await score(app, "T1610"), "75");
  assert.equal(await app.cell("T1610").getAttribute("data-enabled"), "false");
  assert.equal(await score(app, "T1078", { tactic: "persistence" }), "7");
  const first = await app.download(() => press(app, "Control+s"));
  const other = await open(t);
  const path = join(await temporaryFolder(), "layer.json");
  writeFileSync(path, first.bytes);
  await other.openFile(path);
  await other.message(/Opened 1 layer/);
  assert.equal(await score(other, "T1610"), "75");
  const second = await other.download(() => press(other, "Control+s"));
  assert.equal(second.text(), first.text());
  const techniques = new Map(first.json().techniques.map((entry) => [entry.techniqueID, entry]));
  assert.equal(techniques.get("T1610").enabled, false);
  assert.match(techniques.get("T1611").color, /^#/);
  assert.ok([...techniques.values()].some(({ comment }) => comment === "Admission blocks it.\nThe socket is open."));
  await checkWithPython(t, first);
});

// The other program that reads layers, strictly: it drops a layer of which it dislikes a single key.
async function checkWithPython(t, file) {
  if (noMitreattack) return t.diagnostic(noMitreattack);
  const values = ({ techniqueID, tactic, score = null, comment, enabled }) => [techniqueID, tactic, score, comment, enabled];
  const { techniques } = await readStrictly(file.text());
  assert.deepEqual(techniques.map(values), file.json().techniques.map(values));
}

test("everything done can be undone and done again", async (t) => {
  const app = await open(t);
  await annotateByKeyboard(app);
  const before = await app.download(() => press(app, "Control+s"));
  const undo = app.locator('.top [data-command="edit.undo"]');
  for (let tries = 0; tries < 50 && (await undo.isEnabled()); tries++) await undo.click();
  await app.settled();
  assert.equal(await app.locator("[data-score], [data-enabled]").count(), 0);
  const redo = app.locator('.top [data-command="edit.redo"]');
  for (let tries = 0; tries < 50 && (await redo.isEnabled()); tries++) await redo.click();
  const after = await app.download(() => press(app, "Control+s"));
  assert.equal(after.text(), before.text());
});

async function scoreByTier(app) {
  await press(app, "Shift+S", "s");
  await app.locator('[data-matrix="container"]').waitFor();
  for (const [tier, value] of [["orchestration", "70"], ["container", "12"]]) {
    await app.cell("T1610", { matrix: tier }).locator(".cell-name").click();
    await app.page.keyboard.type(value);
  }
  await app.cell("T1611", { matrix: "container" }).locator(".cell-name").click();
  await app.page.keyboard.type("30");
  await app.cell("T1609", { matrix: "container" }).locator(".cell-name").click();
  await press(app, "x");
}

test("tiers scored separately are both seen in the unified matrix, combined by the rule", async (t) => {
  const app = await open(t);
  await scoreByTier(app);
  await press(app, "u");
  const cell = app.cell("T1610");
  const values = async () => [
    await cell.getAttribute("data-score-orchestration"),
    await cell.getAttribute("data-score-container"),
    await cell.getAttribute("data-score"),
  ];
  await app.locator('[data-matrix="unified"]').waitFor();
  assert.deepEqual(await values(), ["70", "12", "12"]);
  assert.equal(await score(app, "T1611"), "30");
  assert.equal(await app.cell("T1611").getAttribute("data-score-container"), null);
  for (const [rule, combined] of [["highest", "70"], ["average", "41"], ["weakest", "12"]]) {
    await app.run(`layer.combine-${rule}`);
    await app.page.waitForFunction((it) => document.querySelector('[data-technique="T1610"]').dataset.score === it, combined);
  }
  await press(app, "Shift+S");
  await app.page.waitForFunction(() => !document.querySelector("[data-score-orchestration]"));
  assert.equal(await score(app, "T1610"), "12");
  await press(app, "Control+z");
  await app.locator("[data-score-orchestration]").first().waitFor();
  assert.deepEqual(await values(), ["70", "12", "12"]);
});

test("a layer scored by tier opens again as it was, exported as one layer or as one for each matrix", async (t) => {
  const app = await open(t);
  await scoreByTier(app);
  const exported = async (from, field) => {
    await press(from, "Control+s");
    await from.locator(`[data-field="${field}"]`).check();
    return from.download(() => from.locator('[data-action="export"]').click());
  };
  const one = await exported(app, "export-one");
  const parts = await exported(app, "export-parts");
  const [orchestration, container] = parts.json();
  const entry = (layer, id) => layer.techniques.find(({ techniqueID }) => techniqueID === id);
  assert.equal(entry(orchestration, "T1610").score, 70);
  assert.equal(entry(container, "T1610").score, 12);
  assert.equal(entry(orchestration, "T1611").enabled, false, "a container technique is disabled in the other layer");
  assert.ok(orchestration.hideDisabled && container.hideDisabled);
  assert.equal(entry(one.json(), "T1610").score, 12);
  for (const file of [one, parts]) {
    const other = await open(t);
    await other.openFile({ name: file.name, text: file.text() });
    await other.message(/Opened 1 layer/);
    assert.equal(await score(other, "T1610", { matrix: "orchestration" }), "70");
    assert.equal(await score(other, "T1610", { matrix: "container" }), "12");
    assert.equal(await other.cell("T1609", { matrix: "container" }).getAttribute("data-enabled"), "false");
    const again = await exported(other, "export-one");
    assert.deepEqual(again.json(), one.json());
  }
});

test("switching the representation keeps selection and focus", async (t) => {
  const app = await open(t);
  await app.cell("T1610").locator(".cell-name").click();
  for (const [key, matrix] of [["s", "orchestration"], ["n", "container"], ["o", "orchestration"], ["u", "unified"]]) {
    await press(app, key);
    const cell = app.cell("T1610", { matrix });
    await cell.waitFor();
    assert.equal(await cell.getAttribute("aria-selected"), "true", key);
    await app.page.waitForFunction(() => document.activeElement.dataset.technique === "T1610");
  }
});

test("an edit is there again after the browser was killed", async (t) => {
  const profileDir = await temporaryFolder();
  const app = await open(t, { profileDir });
  await app.cell("T1610").locator(".cell-name").click();
  await press(app, "4", "2", "s");
  await app.page.waitForTimeout(500);
  await app.kill();
  const again = await open(t, { profileDir, server: app.server });
  assert.equal(await score(again, "T1610", { matrix: "container" }), "42");
  await again.close();
});

test("layers, their order and the active one are there again", async (t) => {
  const app = await open(t);
  for (const name of ["First", "Second", "Third"]) {
    if (name !== "First") await app.run("layer.new");
    await press(app, "F2");
    await app.locator('[data-field="layer-name"]').fill(name);
    await press(app, "Enter");
  }
  await app.locator('[role=tab]:has-text("Second")').click();
  await app.locator('[data-saved="saved"]').waitFor();
  await app.page.reload();
  await app.ready();
  assert.deepEqual(await app.locator("[role=tab]").allTextContents(), ["First", "Second", "Third"]);
  assert.equal(await app.locator('[role=tab][aria-selected="true"]').textContent(), "Second");
});

test("hostile files give a clear message, run nothing, and lose nothing", async (t) => {
  const app = await open(t);
  await app.cell("T1610").locator(".cell-name").click();
  await press(app, "4", "0");
  const before = await app.download(() => press(app, "Control+s"));
  const layer = (more) => JSON.stringify({ name: "x", versions: { layer: "4.5", attack: "19" }, domain: "enterprise-attack", techniques: [], ...more });
  const refused = [
    ["no JSON", "this is not JSON"],
    ["empty", ""],
    ["a number", "5"],
    ["a list", "[]"],
    ["an object", "{}"],
    ["cut off", layer({}).slice(0, 40)],
    ["too deep", "[".repeat(5000) + "]".repeat(5000)],
    ["infinite", layer({}).replace("[]", '[{"techniqueID":"T1610","score":1e999}]')],
    ["a format of the future", layer({ versions: { layer: "9.0" } })],
    ["a bundle cut off", '{"type":"bundle","objects":[{"type":"attack-pattern","id":"a'],
  ];
  for (const [what, text] of refused) {
    await app.openFile({ name: `${what}.json`, text });
    const words = await app.message(new RegExp(`"${what}.json" was not opened: .{10,}`));
    assert.ok(words.length < 400, words);
    assert.equal(await app.locator("[role=tab]").count(), 1, what);
  }
  const evil = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>';
  const techniques = [
    { techniqueID: "T1611", tactic: "privilege-escalation", score: 1e308, comment: evil, color: "red;background:url(//x.example)" },
    { techniqueID: "T1612", tactic: "stealth", score: "5", comment: evil, links: [{ label: evil, url: "javascript:window.pwned=1" }], metadata: [{ name: evil, value: evil }] },
    { techniqueID: "__proto__", score: 1 },
    { techniqueID: evil, score: 1 },
    { techniqueID: "T1609", tactic: evil, score: null },
    7,
  ];
  let nested = "1";
  for (let depth = 0; depth < 60; depth++) nested = `[${nested}]`;
  const text = layer({ name: evil, description: evil, techniques }).replace(/}$/, `,"unknown":${nested}}`);
  await app.openFile({ name: "evil.json", text });
  await app.message(/Opened 1 layer/);
  await app.run("select.all");
  await app.cell("T1612").locator(".cell-name").click();
  await app.locator('a[href^="javascript"], main script, main img').first().waitFor({ state: "detached" });
  assert.equal(await app.page.evaluate(() => window.pwned), undefined);
  const kept = (await app.download(() => press(app, "Control+s"))).json();
  assert.deepEqual(kept.unknown, JSON.parse(nested));
  assert.equal(kept.techniques.find(({ techniqueID }) => techniqueID === "T1611").score, 1e308);
  assert.equal(kept.techniques.find(({ techniqueID }) => techniqueID === "T1612").links[0].url, "javascript:window.pwned=1");
  await app.locator('[role=tab]:has-text("layer")').first().click();
  const after = await app.download(() => press(app, "Control+s"));
  assert.equal(after.text(), before.text());
});

test("a layer of a hundred thousand techniques opens and can be edited", async (t) => {
  const app = await open(t);
  const techniques = Array.from({ length: 100_000 }, (_, at) => ({ techniqueID: `T${at + 2000}`, score: at % 100, comment: "x" }));
  techniques.push({ techniqueID: "T1610", tactic: "execution", score: 5 });
  const text = JSON.stringify({ name: "large", versions: { layer: "4.5", attack: "19" }, domain: "enterprise-attack", techniques });
  await app.openFile({ name: "large.json", text });
  await app.message(/Opened 1 layer/);
  await app.cell("T1610").locator(".cell-name").click();
  await press(app, "6");
  await app.page.waitForFunction(() => document.querySelector('[data-technique="T1610"]').dataset.score === "6");
});

test("the official Enterprise bundle opens, whole or cut off", { skip: noSharedData }, async (t) => {
  const app = await open(t);
  const folder = await temporaryFolder();
  const bytes = readShared("stix", "enterprise-attack-18.1.json.gz");
  const [whole, cut] = ["whole.json", "cut.json"].map((name) => join(folder, name));
  writeFileSync(whole, bytes);
  writeFileSync(cut, bytes.subarray(0, bytes.length - 1_000_000));
  await app.openFile(cut);
  await app.message(/"cut.json" was not opened: .*cut off/);
  assert.equal((await cells(app, "unified")).length, 66);
  await app.openFile(whole);
  await app.message(/691 techniques/);
  // Cells out of sight come in portions.
  await eventually(async () => assert.equal((await cells(app, "unified")).length, 887));
  await press(app, "s");
  await app.locator('[data-matrix="container"]').waitFor();
});

test("a layer opens by the address, and only once", async (t) => {
  const text = JSON.stringify({ name: "By address", versions: { layer: "4.5" }, domain: "enterprise-attack", techniques: [{ techniqueID: "T1610", score: 33 }] });
  const app = await open(t, { base: "/some/where/", before: (_, app) => app.server.put("layer.json", text), path: "#layerURL=layer.json&view=split" });
  await app.message(/Opened 1 layer/);
  await app.page.waitForFunction(() => document.querySelector('[data-technique="T1610"]').dataset.score === "33");
  await app.locator('[data-saved="saved"]').waitFor();
  await app.page.reload();
  await app.ready();
  assert.deepEqual(await app.locator("[role=tab]").allTextContents(), ["By address"]);
});

test("axe finds no fault in any screen, light or dark", { skip: onlyInChromium("axe sees the same in each browser, and takes minutes in Firefox") }, async (t) => {
  for (const colorScheme of ["light", "dark"]) {
    const app = await open(t, { context: { colorScheme, viewport: { width: 1280, height: 800 } } });
    const check = async (screen) => assert.deepEqual(await app.violations(), [], `${screen}, ${colorScheme}`);
    await check("first visit");
    const values = ["0", "10", "25", "50", "60", "75", "100"];
    for (const [at, id] of ["T1190", "T1133", "T1078", "T1609", "T1053", "T1098", "T1110"].entries()) {
      await app.cell(id).first().locator(".cell-name").click();
      await app.page.keyboard.type(values[at]);
    }
    await check("scored");
    await press(app, "x");
    await scoreByTier(app);
    await check("split by tier");
    await press(app, "u");
    await check("unified by tier");
    for (const [key, name] of [["?", "shortcuts"], ["F2", "layer"], ["Control+k", "palette"]]) {
      await press(app, key);
      await app.locator("dialog[open]").waitFor();
      await check(name);
      await press(app, "Escape");
      await app.locator("dialog[open]").waitFor({ state: "detached" });
    }
    for (const menu of ["Show", "Tiers", "Select", "Export"]) {
      await app.locator(`.menu-button:has-text("${menu}")`).click();
      await check(`${menu} menu`);
      await press(app, "Escape");
    }
  }
});
