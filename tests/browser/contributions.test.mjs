// Drafts of contributions to ATT&CK: written, checked, shown in the matrix, kept, deleted and had back, and exported as a
// text for attack@mitre.org and as STIX.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open, temporaryFolder } from "./harness/browser.mjs";
import { choose, eventually, exported, press, see, show } from "./support/user.mjs";

const dialog = (app) => app.locator("[role=dialog]");
const field = (app, name) => dialog(app).locator(`[data-field="${name}"]`);
const state = (app) => dialog(app).locator("[data-draft-state]").textContent();
const missing = (app) => app.page.$$eval("[data-finding][data-must=true]", (all) => [...new Set(all.map((it) => it.dataset.finding))].sort());
const proposed = (app) =>
  app.page.$$eval(".proposed", (all) => all.map((it) => `${it.closest("[data-matrix]").dataset.matrix} ${it.dataset.tactic}: ${it.querySelector(".proposed-name").textContent}`).sort());

async function begin(app, command, name) {
  await app.run(command);
  await field(app, name).first().waitFor();
}

async function writeEvidence(app) {
  await field(app, "draft-in-the-wild").check();
  await dialog(app).locator("[data-action=add-reference]").click();
  await field(app, "draft-reference").fill("Example Team. A report. 2026-01");
  await field(app, "draft-url").fill("https://example.org/report");
  await field(app, "draft-contributor").fill("Example Team");
}

async function writeTechnique(app) {
  await begin(app, "draft.technique", "draft-name");
  await field(app, "draft-name").fill("Admission Policy Shadowing");
  await dialog(app).locator("[data-field=draft-tactic][value=persistence]").check();
  await dialog(app).locator("[data-field=draft-tactic][value=execution]").check();
  await field(app, "draft-tiers").selectOption("orchestration");
  await field(app, "draft-behaviour").fill("Adversaries register a webhook that answers first.\n\nThey need <cluster> rights.");
  await writeEvidence(app);
}

const done = async (app) => {
  await dialog(app).locator("[data-action=draft-done]").click();
  await dialog(app).waitFor({ state: "detached" });
};

test("a technique is drafted, says what it lacks until it is complete, and stands in the matrix as a proposed cell", async (t) => {
  const app = await open(t);
  const before = await exported(app);
  await begin(app, "draft.technique", "draft-name");
  assert.deepEqual(await missing(app), ["draft-behaviour", "draft-in-the-wild", "draft-name", "draft-tactic", "draft-url"]);
  assert.deepEqual(await app.violations({ include: "[role=dialog]" }), []);
  await field(app, "draft-name").fill("Running kubectl");
  await eventually(async () => assert.match(await dialog(app).locator("[data-finding=draft-name]").textContent(), /about the tool kubectl/));
  await field(app, "draft-name").fill("Deploy Container");
  await eventually(async () => assert.match(await dialog(app).locator("[data-finding=draft-name]").textContent(), /T1610 already has this name/));
  // A finding leads to its field.
  await dialog(app).locator("[data-finding=draft-behaviour][data-must=true]").click();
  await app.locator("[data-field=draft-behaviour]:focus").waitFor();
  await press(app, "Escape");
  await writeTechnique(app);
  await eventually(async () => assert.match(await state(app), /^Complete/));
  await done(app);
  await eventually(async () => assert.ok((await proposed(app)).includes("unified persistence: Admission Policy Shadowing")));
  assert.deepEqual(await app.violations(), []);
  // It is no technique: nothing counts it, and no layer has it.
  assert.equal(await app.locator("[data-status=techniques] b").textContent(), "48");
  assert.deepEqual((await exported(app)).text(), before.text());
  await show(app, "s");
  await eventually(async () =>
    assert.deepEqual((await proposed(app)).filter((it) => it.includes("Shadowing")), [
      "orchestration execution: Admission Policy Shadowing",
      "orchestration persistence: Admission Policy Shadowing",
    ]),
  );
  for (const layout of ["side", "mini", "flat"]) {
    await app.run(`view.layout-${layout}`);
    await eventually(async () => assert.ok((await proposed(app)).includes("orchestration execution: Admission Policy Shadowing"), layout));
  }
  await app.locator(".proposed", { hasText: "Admission Policy Shadowing" }).first().getByRole("button").click();
  assert.equal(await field(app, "draft-name").inputValue(), "Admission Policy Shadowing");
});

test("a technique and a procedure are exported for ATT&CK's mailbox, and as STIX", async (t) => {
  const app = await open(t);
  await writeTechnique(app);
  const text = (await app.download(() => dialog(app).locator("[data-action=draft-markdown]").click())).text();
  assert.match(text, /^# Contribution to ATT&CK: New technique: Admission Policy Shadowing\n\nTo: attack@mitre\.org/);
  assert.match(text, /- \*\*Tactics:\*\* (Persistence, Execution|Execution, Persistence)\n/);
  assert.match(text, /They need &lt;cluster&gt; rights\./);
  assert.match(text, /1\. Example Team\. A report\. 2026-01: <https:\/\/example\.org\/report>/);
  assert.doesNotMatch(text, /Not complete yet/);
  await done(app);

  await choose(app, "T1610");
  await begin(app, "draft.procedure", "draft-actor");
  assert.equal(await field(app, "draft-technique").inputValue(), "T1610");
  await field(app, "draft-actor").fill("TeamTNT");
  await field(app, "draft-behaviour").fill("Deployed a container on every node.");
  await eventually(async () => assert.equal(await field(app, "draft-actor-kind").inputValue(), "group"));
  await field(app, "draft-seen").fill("A test cluster, January 2026");
  await field(app, "draft-in-the-wild").check();
  await field(app, "draft-visibility").fill("Own incident response");
  await eventually(async () => assert.match(await state(app), /^Complete/));
  const { objects } = (await app.download(() => dialog(app).locator("[data-action=draft-stix]").click())).json();
  const group = objects.find(({ type }) => type === "intrusion-set");
  assert.equal(group.external_references[0].external_id, "G0139");
  const uses = objects.find(({ type }) => type === "relationship");
  assert.deepEqual([uses.relationship_type, uses.source_ref, uses.description], ["uses", group.id, "Deployed a container on every node."]);
  await done(app);
  // The cell that it is about has a sign, and its panel leads to the draft.
  await eventually(async () => assert.match(await app.cell("T1610").first().textContent(), /1 draft/));
  await app.locator("[data-section=drafts] .list-button").click();
  assert.equal(await field(app, "draft-actor").inputValue(), "TeamTNT");
  await press(app, "Escape");
  const all = await app.download(() => app.run("draft.export-markdown"));
  assert.match(all.text(), /^# Contribution to ATT&CK: 2 contributions\n/);
  const bundle = (await app.download(() => app.run("draft.export-stix"))).json();
  assert.deepEqual(bundle.objects.map(({ type }) => type).sort(), ["attack-pattern", "extension-definition", "extension-definition", "identity", "intrusion-set", "relationship"]);
});

test("a change of tactic proposes a cell there, and a tier argument none", async (t) => {
  const app = await open(t);
  await choose(app, "T1610");
  await begin(app, "draft.placement", "draft-platforms");
  assert.match(await state(app), /missing/);
  await dialog(app).locator("[data-field=draft-tactic][value=persistence]").check();
  await field(app, "draft-behaviour").fill("It is restarted.");
  await done(app);
  await eventually(async () => assert.deepEqual(await proposed(app), ["unified persistence: T1610 Deploy Container"]));
  await begin(app, "draft.tier", "draft-tiers");
  await field(app, "draft-tiers").selectOption("container");
  await field(app, "draft-behaviour").fill("The runtime starts it.");
  await eventually(async () => assert.match(await state(app), /^Complete/));
  await done(app);
  await eventually(async () => assert.match(await app.cell("T1610").first().textContent(), /2 drafts/));
  assert.deepEqual(await proposed(app), ["unified persistence: T1610 Deploy Container"]);
});

test("a proposed tactic in which nothing stands is told, and shown with the empty tactics", async (t) => {
  const app = await open(t);
  await begin(app, "draft.technique", "draft-name");
  await field(app, "draft-name").fill("Volume Snapshot Theft");
  await dialog(app).locator("[data-field=draft-tactic][value=collection]").check();
  await done(app);
  await see(app, /Proposed in Collection, where nothing stands so far/);
  assert.deepEqual(await proposed(app), []);
  await app.run("view.empty-tactics");
  await eventually(async () => assert.deepEqual(await proposed(app), ["unified collection: Volume Snapshot Theft"]));
});

test("drafts are kept as they are written, listed, edited, deleted, and had back by the list and by undo", async (t) => {
  const profileDir = await temporaryFolder();
  const first = await open(t, { profileDir });
  await writeTechnique(first);
  // Not even closed: what was written is stored.
  await first.page.waitForTimeout(400);
  await first.close();
  const app = await open(t, { profileDir, server: first.server });
  await eventually(async () => assert.equal((await proposed(app)).length, 2));
  await press(app, "Shift+D");
  const lines = () => app.page.$$eval("[data-draft-line]", (all) => all.map((it) => it.querySelector(".draft-title").textContent));
  assert.deepEqual(await lines(), ["New technique: Admission Policy Shadowing"]);
  assert.deepEqual(await app.violations({ include: "[role=dialog]" }), []);
  await dialog(app).locator("[data-action=open-draft]").click();
  await field(app, "draft-name").fill("Admission Policy Eclipse");
  await done(app);
  await eventually(async () => assert.match((await proposed(app))[0], /Eclipse/));
  await press(app, "Control+z");
  await eventually(async () => assert.match((await proposed(app))[0], /Shadowing/));
  await press(app, "Control+Shift+z");
  await eventually(async () => assert.match((await proposed(app))[0], /Eclipse/));

  await press(app, "Shift+D");
  await dialog(app).locator("[data-action=draft-delete]").click();
  await eventually(async () => assert.deepEqual(await lines(), []));
  await dialog(app).locator("[data-action=draft-back]").click();
  await eventually(async () => assert.deepEqual(await lines(), ["New technique: Admission Policy Eclipse"]));
  await dialog(app).locator("[data-action=draft-delete]").click();
  await press(app, "Escape");
  await eventually(async () => assert.deepEqual(await proposed(app), []));
  await press(app, "Control+z");
  await eventually(async () => assert.equal((await proposed(app)).length, 2));
});

test("a draft in which nothing was written leaves nothing behind", async (t) => {
  const app = await open(t);
  await begin(app, "draft.technique", "draft-name");
  await press(app, "Escape");
  await dialog(app).waitFor({ state: "detached" });
  await press(app, "Shift+D");
  await dialog(app).locator(".draft-list").first().waitFor({ state: "attached" });
  await eventually(async () => assert.equal(await app.locator("[data-draft-line]").count(), 0));
  assert.equal(await app.locator(".proposed").count(), 0);
});

test("what a draft says is text and never markup, and an address is a link only if it is one", async (t) => {
  const app = await open(t);
  await begin(app, "draft.technique", "draft-name");
  const hostile = "<img src=x onerror=alert(1)>";
  await field(app, "draft-name").fill(hostile);
  await dialog(app).locator("[data-field=draft-tactic][value=impact]").check();
  await dialog(app).locator("[data-action=add-reference]").click();
  await field(app, "draft-url").fill("javascript:alert(1)");
  await eventually(async () => assert.ok((await missing(app)).includes("draft-url")));
  await done(app);
  await eventually(async () => assert.deepEqual(await proposed(app), [`unified impact: ${hostile}`]));
  assert.equal(await app.locator(".proposed img").count(), 0);
  const text = (await app.download(() => app.run("draft.export-markdown"))).text();
  assert.doesNotMatch(text, /<img|<javascript/);
});
