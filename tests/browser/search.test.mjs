// The search and the inspector's pages: what is found, shown and selected is compared with what the bundle in data/ says,
// read a second time here.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { open, temporaryFolder } from "./harness/browser.mjs";
import { noSharedData, readJson, readShared } from "./harness/facts.mjs";
import { selected } from "./support/matrix.mjs";
import { choose, eventually, press } from "./support/user.mjs";

const { objects } = readJson("data", "attack-containers-19.2.json");
const byStix = new Map(objects.map((object) => [object.id, object]));
const idOf = (object) => object.external_references[0].external_id;
const isLive = (object) => !object.revoked;
const live = objects.filter((object) => object.type === "attack-pattern" && isLive(object));

// The ids of the techniques that an object is related to by a relationship of that type.
function related(id, type) {
  const object = objects.find((it) => it.external_references?.[0]?.external_id === id && isLive(it));
  const relations = objects.filter((it) => it.type === "relationship" && it.relationship_type === type && it.source_ref === object.id);
  return [...new Set(relations.map((it) => byStix.get(it.target_ref)).filter((it) => it.type === "attack-pattern").map(idOf))].sort();
}

const against = (id) => {
  const object = objects.find((it) => it.external_references?.[0]?.external_id === id);
  const relations = objects.filter((it) => it.relationship_type === "uses" && it.source_ref === object.id);
  const flagged = relations.filter((it) => Object.values(it.extensions ?? {}).some((extension) => extension.container_related));
  return [...new Set(flagged.map((it) => idOf(byStix.get(it.target_ref))))].sort();
};

const placementsOf = (ids) =>
  live
    .filter((technique) => ids.includes(idOf(technique)))
    .flatMap((technique) => technique.kill_chain_phases.map(({ phase_name }) => `${phase_name} ${idOf(technique)}`))
    .sort();

async function search(app, query) {
  await press(app, "Control+k");
  const field = app.locator('[data-field="search"]:focus');
  await field.waitFor();
  await field.fill(query);
  await app.settled();
  return field;
}

const results = (app) =>
  app.page.$$eval("#hits [role=option]", (all) => all.map(({ dataset }) => ({ key: dataset.subject, kind: dataset.subjectKind })));

// What is loaded after the first matrix.
const whole = (app) => app.page.waitForFunction(() => !document.querySelector("[data-loading]"));

async function openWhole(t, options) {
  const app = await open(t, options);
  await choose(app, "T1610");
  await app.locator('[data-section="family"], [data-section="evidence"]').first().waitFor();
  await whole(app);
  await press(app, "Escape");
  return app;
}

test("one search finds what the bundle tells of, by kind, and commands", async (t) => {
  const app = await openWhole(t);
  const field = await search(app, "TeamTNT");
  await eventually(async () => {
    const [first, second, third] = await results(app);
    assert.deepEqual(first, { key: "G0139", kind: "group" });
    assert.ok([second, third].every(({ kind }) => kind === "technique"), "then what it uses");
  });
  const cases = [
    ["T1611", "T1611", "technique"],
    ["kubectl exec", "T1609", "technique"],
    ["stealth", "TA0005", "tactic"],
    ["S0601", "S0601", "software"],
    ["M1026", "M1026", "mitigation"],
    ["DC0032", "DC0032", "data-component"],
    ["DET0065", "DET0065", "detection"],
    ["C0002", "C0002", "campaign"],
  ];
  for (const [query, key, kind] of cases) {
    await field.fill(query);
    await eventually(async () => assert.deepEqual((await results(app))[0], { key, kind }, query));
  }
  await field.fill("split into");
  await eventually(async () => assert.match(await app.locator("[role=option]").first().textContent(), /Command.*Split into/));
});

test("results are counted by kind, and one kind is listed by itself", async (t) => {
  const app = await openWhole(t);
  await search(app, "privilege");
  // More is found once descriptions are taken in, which goes on meanwhile: so counts are read anew each time.
  const counts = () => app.page.$$eval(".kind", (all) => all.map((it) => [it.dataset.kind, Number(it.querySelector("b").textContent)]));
  const [all, ...kinds] = await counts();
  assert.deepEqual(all, ["all", kinds.reduce((sum, [, count]) => sum + count, 0)]);
  assert.ok(kinds.length > 1, kinds.join("\n"));
  for (const [kind] of kinds) {
    await app.locator(`[data-kind="${kind}"]`).click();
    await eventually(async () => {
      const shown = await app.page.$$eval("#hits [role=option]", (all) => all.map((it) => it.dataset.subjectKind ?? "command"));
      assert.deepEqual([...new Set(shown)], [kind]);
      assert.equal(shown.length, Math.min(new Map(await counts()).get(kind), 50));
    });
  }
});

test("a group is shown in the inspector, with what it touches, which is marked in the matrix", async (t) => {
  const app = await openWhole(t);
  await search(app, "teamtnt");
  await press(app, "Enter");
  const page = app.locator('.subject[data-subject="G0139"]');
  await page.waitFor();
  const listed = async (section) => (await page.locator(`[data-section="${section}"] .list-id`).allTextContents()).sort();
  const uses = related("G0139", "uses");
  assert.equal(await page.locator("[data-touches]").getAttribute("data-touches"), String(uses.length));
  assert.deepEqual(await listed("against"), against("G0139"));
  assert.deepEqual(await listed("elsewhere"), uses.filter((id) => !against("G0139").includes(id)));
  const marked = () => app.page.$$eval(".cell[data-touched]", (all) => [...new Set(all.map((it) => it.dataset.technique))].sort());
  await eventually(async () => assert.ok((await marked()).length > 0));
  const shown = await app.page.$$eval(".cell[data-technique]", (all) => all.map((it) => it.dataset.technique));
  assert.deepEqual(await marked(), uses.filter((id) => shown.includes(id)));
  assert.deepEqual(await selected(app), [], "nothing is selected by looking");
  await page.locator('[data-action="select"]').click();
  await eventually(async () => assert.deepEqual(await selected(app), placementsOf(uses).filter((at) => shown.includes(at.split(" ")[1]))));
  await page.waitFor();
  // Escape lets go of the page, and of its marks; the selection is next.
  await app.locator(".subject .back").click();
  await page.waitFor({ state: "detached" });
  await eventually(async () => assert.deepEqual(await marked(), []));
});

test("results select, add and remove what they touch, by keys and by the pointer", async (t) => {
  const app = await openWhole(t);
  await press(app, "e");
  const is = (ids) => eventually(async () => assert.deepEqual(await selected(app), placementsOf(ids)));
  const field = await search(app, "M1026");
  await field.press("Control+Enter");
  const first = related("M1026", "mitigates");
  await is(first);
  await search(app, "T1046");
  await press(app, "Shift+Enter");
  await is([...new Set([...first, "T1046"])]);
  await app.locator('[data-field="search"]').fill("M1026");
  await press(app, "Alt+Enter");
  await is(["T1046"].filter((id) => !first.includes(id)));
  await app.locator('[data-field="search"]').fill("kinsing");
  await app.locator('[role=option][data-subject="S0599"]').hover();
  await app.locator('[role=option][data-subject="S0599"] [data-action="add"]').click();
  const both = [...new Set(["T1046", ...related("S0599", "uses")])];
  await is(both);
  await app.locator('[role=option][data-subject="S0599"] [data-action="remove"]').click();
  await is(both.filter((id) => !related("S0599", "uses").includes(id)));
});

test("all results are selected at once", async (t) => {
  const app = await openWhole(t);
  await press(app, "e");
  await search(app, "container");
  const found = (await results(app)).filter(({ kind }) => kind === "technique").map(({ key }) => key);
  await app.locator('[data-kind="technique"]').click();
  const all = (await results(app)).map(({ key }) => key);
  assert.ok(all.length >= found.length && all.length > 3);
  await app.locator('[data-action="select-all"]').click();
  await eventually(async () => assert.deepEqual(await selected(app), placementsOf(all)));
  await press(app, "Escape");
  await search(app, "audit");
  await app.locator('[data-kind="mitigation"]').click();
  const mitigations = (await results(app)).map(({ key }) => key);
  await app.locator('[data-action="add-all"]').click();
  const touched = [...new Set(mitigations.flatMap((id) => related(id, "mitigates")))];
  await eventually(async () => assert.deepEqual(await selected(app), placementsOf(touched)));
});

test("the inspector tells a technique's family, detections, data components and history, each a way to its page", async (t) => {
  const app = await openWhole(t);
  await search(app, "T1053.007");
  await press(app, "Enter");
  const inspector = app.locator(".inspector");
  await inspector.getByText("T1053.007").first().waitFor();
  assert.deepEqual(await inspector.locator('[data-section="family"] .list-id').allTextContents(), ["T1053"]);
  await inspector.locator('[data-section="family"] button').first().click();
  await eventually(async () =>
    assert.deepEqual(await inspector.locator('[data-section="family"] .list-id').allTextContents(), ["T1053.007"]),
  );
  await search(app, "T1562.001 disable or modify tools");
  await press(app, "Escape");
  await search(app, "T1685");
  await press(app, "Enter");
  const history = inspector.locator('[data-section="history"]');
  await eventually(async () =>
    assert.deepEqual(await history.locator("li").allTextContents(), ["v19.0New in ATT&CK", "v19.0Took the place of T1562, T1562.001"]),
  );
  await search(app, "T1046");
  await press(app, "Enter");
  await eventually(async () => assert.match(await history.textContent(), /v11\.0Renamed; before, "Network Service Scanning"/));
  // From a technique to its detection, from there to what it shows, and back.
  const strategy = objects.find(
    (it) => it.relationship_type === "detects" && byStix.get(it.target_ref).external_references[0].external_id === "T1046",
  );
  const id = idOf(byStix.get(strategy.source_ref));
  await inspector.locator(`[data-subject-link="${id}"]`).click();
  await app.locator(`.subject[data-subject="${id}"]`).waitFor();
  assert.deepEqual(await app.locator(".subject .list-id").allTextContents(), related(id, "detects"));
  await choose(app, "T1609");
  await app.locator(".subject").waitFor({ state: "detached" });
});

test("on an ICS bundle the assets that techniques act on are found, and lead to these", { skip: noSharedData }, async (t) => {
  const file = JSON.parse(readShared("stix", "ics-attack-18.1.json.gz"));
  const all = new Map(file.objects.map((object) => [object.id, object]));
  const asset = file.objects.find(({ type, name }) => type === "x-mitre-asset" && name === "Programmable Logic Controller (PLC)");
  const live = (object) => object && !object.revoked && !object.x_mitre_deprecated;
  const acting = file.objects
    .filter((it) => it.type === "relationship" && it.relationship_type === "targets" && it.target_ref === asset.id && live(it) && live(all.get(it.source_ref)))
    .map((it) => idOf(all.get(it.source_ref)));
  const app = await open(t);
  await app.openFile({ name: "ics.json", text: JSON.stringify(file) });
  await app.message(/Opened ICS ATT&CK/);
  await press(app, "Control+k");
  await app.locator("[data-field=search]:focus").fill("programmable logic");
  const hit = app.locator(".hit", { hasText: "Programmable Logic Controller" });
  await hit.first().click();
  await app.locator(`[data-subject='${idOf(asset)}'] [data-touches='${new Set(acting).size}']`).waitFor();
  await app.locator(".subject [data-action=select]").click();
  await eventually(async () => assert.deepEqual([...new Set((await selected(app)).map((it) => it.split(" ")[1]))].sort(), [...new Set(acting)].sort()));
  assert.deepEqual(await app.violations(), []);
});

test("on the whole of Enterprise the first results are there within 50 ms of the key", { skip: noSharedData }, async (t) => {
  const app = await open(t);
  const path = join(await temporaryFolder(), "enterprise.json");
  writeFileSync(path, readShared("stix", "enterprise-attack-18.1.json.gz"));
  await app.openFile(path);
  await app.message(/691 techniques/);
  await search(app, "x");
  // Descriptions are taken in while nothing else is to do.
  await app.page.waitForTimeout(1_500);
  const times = await app.page.evaluate(async () => {
    const field = document.querySelector('[data-field="search"]');
    const times = [];
    for (const query of ["escape", "kubectl exec", "service account token", "teamtnt", "powershell", "credential", "a", "m10"]) {
      for (let length = 1; length <= query.length; length += 3) {
        field.value = query.slice(0, length);
        const from = performance.now();
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        times.push(performance.now() - from);
      }
    }
    return times.sort((a, b) => a - b);
  });
  const median = times[Math.floor(times.length / 2)];
  t.diagnostic(`median ${median.toFixed(1)} ms, longest ${times.at(-1).toFixed(1)} ms of ${times.length} keys`);
  assert.ok(median < 50, `median ${median} ms`);
  await app.locator('[data-field="search"]').fill("escape");
  await eventually(async () => assert.equal((await results(app))[0].key, "T1611"));
  await app.locator('[data-field="search"]').fill("service account token");
  await eventually(async () => {
    const three = (await results(app)).slice(0, 3).map(({ key }) => key);
    assert.ok(three.includes("T1528") || three.includes("T1550.001"), three.join());
  });
});

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing wrong with the search and the pages on what it finds (${colorScheme})`, async (t) => {
    const app = await openWhole(t, { context: { colorScheme, viewport: { width: 1280, height: 800 } } });
    await search(app, "teamtnt");
    assert.deepEqual(await app.violations(), [], "results");
    await press(app, "Enter");
    await app.locator(".subject").waitFor();
    assert.deepEqual(await app.violations(), [], "a group");
    await choose(app, "T1610");
    await app.locator('[data-section="history"] li').first().waitFor();
    assert.deepEqual(await app.violations(), [], "a technique");
  });
}
