// Many layers: their tabs, the page that lists those kept in the browser, and their settings.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness/browser.mjs";
import { faults } from "./support/axe.mjs";
import { said } from "./support/matrix.mjs";
import { choose, eventually, exported, press, score, see } from "./support/user.mjs";

const saved = (app) => app.locator('[data-saved="saved"]').waitFor();
const tabs = (app) => app.locator("[role=tab][data-layer]").allTextContents();
const tab = (app, name) => app.page.locator("[role=tab][data-layer]", { hasText: name });
const activeTab = (app) => app.locator('[role=tab][data-layer][aria-selected="true"]').textContent();
const becomes = (app, names) => eventually(async () => assert.deepEqual(await tabs(app), names));
const dialog = (app) => app.locator("[role=dialog]");
const inDialog = (app, selector) => app.locator(`[role=dialog] ${selector}`);
const hasFocus = (app, selector) => app.locator(`${selector}:focus`).waitFor();

async function rename(app, name) {
  await app.locator('[role=tab][aria-selected="true"]').focus();
  await press(app, "F2");
  await app.locator('.tabs [data-field="layer-name"]:focus').fill(name);
  await press(app, "Enter");
  await eventually(async () => assert.equal(await activeTab(app), name));
}

async function withLayers(t, names, options) {
  const app = await open(t, options);
  for (const [at, name] of names.entries()) {
    if (at > 0) await press(app, "Alt+n");
    await eventually(async () => assert.equal((await tabs(app)).length, at + 1));
    await rename(app, name);
  }
  await becomes(app, names);
  return app;
}

async function startPage(app) {
  await press(app, "Alt+l");
  await inDialog(app, ".kept").first().waitFor();
}

// Name and state of each layer on the page.
const kept = (app) =>
  app.page.$$eval(".kept", (cards) => cards.map((card) => `${card.querySelector("h3").textContent}: ${card.dataset.shelf}`).sort());
const card = (app, name) => app.locator(".kept").filter({ has: app.page.getByRole("heading", { name, exact: true }) });
const act = (app, name, action) => card(app, name).locator(`[data-action="${action}"]`).click();

test("a tab is renamed in place: by double click, F2 or Enter; Escape leaves it as it was", async (t) => {
  const app = await open(t);
  const field = app.locator('.tabs [data-field="layer-name"]');
  await tab(app, "layer").dblclick();
  await hasFocus(app, ".tab-field");
  await app.page.keyboard.type("By mouse");
  await press(app, "Enter");
  await becomes(app, ["By mouse"]);
  for (const key of ["F2", "Enter"]) {
    await hasFocus(app, "[role=tab]");
    await press(app, key);
    await hasFocus(app, ".tab-field");
    assert.deepEqual(await faults(app), []);
    await app.page.keyboard.type("never");
    await press(app, "Escape");
    await field.waitFor({ state: "detached" });
    assert.deepEqual(await tabs(app), ["By mouse"]);
  }
  await app.run("layer.rename");
  await hasFocus(app, ".tab-field");
  await app.page.keyboard.type("By leaving");
  await app.cell("T1610").first().locator(".cell-name").click();
  await becomes(app, ["By leaving"]);
  await press(app, "Control+z");
  await becomes(app, ["By mouse"]);
});

test("tabs are moved by keys and by dragging, and stay where they were put", async (t) => {
  const app = await withLayers(t, ["One", "Two", "Three"]);
  await press(app, "Alt+Shift+ArrowLeft");
  await becomes(app, ["One", "Three", "Two"]);
  await hasFocus(app, '[role=tab][aria-selected="true"]');
  await press(app, "Alt+Shift+PageUp");
  await becomes(app, ["Three", "One", "Two"]);
  await press(app, "Alt+Shift+PageUp");
  await app.run("layer.move-right");
  await becomes(app, ["One", "Three", "Two"]);
  const from = await tab(app, "Two").boundingBox();
  const to = await tab(app, "One").boundingBox();
  await app.page.mouse.move(from.x + 20, from.y + 10);
  await app.page.mouse.down();
  await app.page.mouse.move(to.x + 40, to.y + 10, { steps: 8 });
  await app.page.mouse.move(to.x + 2, to.y + 10);
  await app.page.mouse.up();
  await becomes(app, ["Two", "One", "Three"]);
  // After the button is up, moving does nothing.
  await app.page.mouse.move(from.x + 200, from.y + 10);
  await saved(app);
  await app.page.reload();
  await app.ready();
  assert.deepEqual(await tabs(app), ["Two", "One", "Three"]);
});

test("a middle click closes a tab, and the message brings it back with its undo history", async (t) => {
  const app = await withLayers(t, ["One", "Two"]);
  await tab(app, "One").click({ button: "middle" });
  await becomes(app, ["Two"]);
  assert.match(await app.message(/Closed/), /Closed "One"/);
  await app.page.getByRole("button", { name: "Open it again" }).click();
  await becomes(app, ["Two", "One"]);
  await press(app, "Control+z");
  await becomes(app, ["Two", "layer"]);
});

test("with thirty tabs the active one is in view, and a menu lists all", async (t) => {
  const app = await open(t);
  for (let at = 1; at < 30; at++) await press(app, "Alt+n");
  await eventually(async () => assert.equal((await tabs(app)).length, 30));
  const inView = () =>
    app.page.evaluate(() => {
      const row = document.querySelector("[role=tablist]").getBoundingClientRect();
      const active = document.querySelector('[role=tab][aria-selected="true"]').getBoundingClientRect();
      return active.left >= row.left - 1 && active.right <= row.right + 1 && active.width > 30;
    });
  await eventually(async () => assert.ok(await inView()));
  await app.page.getByRole("button", { name: "30 layers" }).click();
  const items = app.locator("[role=menu] [role=menuitemradio]");
  assert.equal(await items.count(), 30);
  await items.first().click();
  await eventually(async () => assert.equal(await activeTab(app), "layer"));
  await eventually(async () => assert.ok(await inView()));
  await app.locator('[role=tab][aria-selected="true"]').focus();
  for (let at = 0; at < 12; at++) await press(app, "ArrowRight");
  await eventually(async () => assert.equal(await activeTab(app), "layer12"));
  await eventually(async () => assert.ok(await inView()));
});

test("a closed layer is kept, and opens again from the start page after a reload", async (t) => {
  const app = await withLayers(t, ["Kept", "Open"]);
  await tab(app, "Kept").click();
  await score(app, "T1610", "40");
  await press(app, "Alt+w");
  await becomes(app, ["Open"]);
  await saved(app);
  await app.page.reload();
  await app.ready();
  assert.deepEqual(await tabs(app), ["Open"]);
  await startPage(app);
  assert.deepEqual(await kept(app), ["Kept: closed", "Open: open"]);
  assert.match(await card(app, "Kept").textContent(), /20\d\d.*ATT&CK for Containers v19\.2.*1 technique annotated/s);
  assert.equal(await card(app, "Kept").locator('path[fill^="rgb"]').count(), 1);
  await act(app, "Kept", "open");
  await becomes(app, ["Open", "Kept"]);
  assert.deepEqual(await said(app), ["unified execution T1610: score 40"]);
});

test("a layer in which nothing was said is not kept when it is closed", async (t) => {
  const app = await withLayers(t, ["Kept"]);
  await press(app, "Alt+n");
  await becomes(app, ["Kept", "layer"]);
  await saved(app);
  await press(app, "Alt+w");
  await becomes(app, ["Kept"]);
  await saved(app);
  await startPage(app);
  assert.deepEqual(await kept(app), ["Kept: open"]);
});

test("on the start page layers are exported, duplicated, deleted and brought back", async (t) => {
  const app = await withLayers(t, ["One", "Two"]);
  await score(app, "T1611", "12");
  await press(app, "Alt+w");
  await becomes(app, ["One"]);
  await saved(app);
  await startPage(app);
  const file = await app.download(() => act(app, "Two", "export"));
  assert.equal(file.name, "two.json");
  assert.equal(file.json().techniques[0].score, 12);
  await act(app, "Two", "duplicate");
  await eventually(async () => assert.deepEqual(await kept(app), ["One: open", "Two copy: open", "Two: closed"]));
  await act(app, "Two", "delete");
  await eventually(async () => assert.deepEqual(await kept(app), ["One: open", "Two copy: open", "Two: deleted"]));
  await act(app, "Two", "bring-back");
  await eventually(async () => assert.deepEqual(await kept(app), ["One: open", "Two copy: open", "Two: closed"]));
  await act(app, "One", "delete");
  await eventually(async () => assert.deepEqual(await kept(app), ["One: deleted", "Two copy: open", "Two: closed"]));
  await press(app, "Escape");
  await dialog(app).waitFor({ state: "detached" });
  await becomes(app, ["Two copy"]);
  await saved(app);
  await app.page.reload();
  await app.ready();
  await startPage(app);
  assert.deepEqual(await kept(app), ["Two copy: open", "Two: closed"]);
});

test("a new layer begins on the bundle that is chosen on the start page", async (t) => {
  const app = await open(t);
  await startPage(app);
  await inDialog(app, '[data-command="layer.new-attack-18"]').click();
  await dialog(app).waitFor({ state: "detached" });
  await becomes(app, ["layer", "layer1"]);
  assert.equal((await exported(app)).json().versions.attack, "18");
});

test("the start page is used by keys alone, however slowly what is stored is read", async (t) => {
  const slowly = (page) =>
    page.addInitScript(() => {
      const all = IDBObjectStore.prototype.getAll;
      IDBObjectStore.prototype.getAll = function (...asked) {
        for (const from = performance.now(); performance.now() - from < 150; );
        return all.apply(this, asked);
      };
    });
  const app = await withLayers(t, ["One", "Two"], { before: slowly });
  await score(app, "T1611", "12");
  await press(app, "Alt+w");
  await saved(app);
  await startPage(app);
  const focused = () => app.page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  for (let at = 0; at < 30 && (await focused()) !== "Delete Two"; at++) await press(app, "Tab");
  await press(app, "Enter");
  await eventually(async () => assert.equal(await focused(), "Bring it back Two"));
  await press(app, "Enter");
  await eventually(async () => assert.equal(await focused(), "Open Two"));
  await press(app, "Enter");
  await becomes(app, ["One", "Two"]);
});

test("in the settings the layer is named, described, linked and given metadata, all of which is in its file", async (t) => {
  const app = await open(t);
  await press(app, "F2");
  await inDialog(app, '[data-field="layer-name"]').fill("Coverage");
  await inDialog(app, '[data-field="layer-description"]').fill("Of the cluster.");
  const add = async (kind, first, second) => {
    const fields = kind === "link" ? ["link-label", "link-url"] : ["metadata-name", "metadata-value"];
    if (!(await inDialog(app, `[data-field="${fields[0]}"]`).isVisible())) {
      await inDialog(app, "summary").filter({ hasText: kind === "link" ? "Links" : "Metadata" }).click();
    }
    await inDialog(app, `[data-field="${fields[0]}"]`).fill(first);
    await inDialog(app, `[data-field="${fields[1]}"]`).fill(second);
    await press(app, "Enter");
  };
  await add("metadata", "owner", "platform team");
  await add("metadata", "quarter", "Q4");
  await add("metadata", "state", "draft");
  await add("link", "Bad", "javascript:alert(1)");
  await inDialog(app, ".field-error").filter({ hasText: "https://" }).waitFor();
  await add("link", "Runbook", "https://example.org/runbook");
  await inDialog(app, 'a[href="https://example.org/runbook"]').waitFor();

  const rows = () => inDialog(app, "details:last-of-type li").evaluateAll((all) => all.map((row) => row.firstChild.textContent));
  const named = (name) => app.page.getByRole("button", { name, exact: true });
  await named("Move up quarter").click();
  await eventually(async () => assert.deepEqual(await rows(), ["quarter: Q4", "owner: platform team", "state: draft"]));
  await named("Remove owner").click();
  await inDialog(app, "details:last-of-type").getByRole("button", { name: "Divider" }).click();
  await named("Move down state").click();
  await eventually(async () => assert.deepEqual(await rows(), ["quarter: Q4", "", "state: draft"]));
  await named("Edit quarter").click();
  await app.page.waitForFunction(() => document.activeElement.matches("li.item input"));
  await app.page.keyboard.press("Tab");
  await app.page.keyboard.press("Control+a");
  await app.page.keyboard.type("Q1");
  await press(app, "Enter");
  await eventually(async () => assert.deepEqual(await rows(), ["quarter: Q1", "", "state: draft"]));
  await named("Edit state").click();
  await app.page.waitForFunction(() => document.activeElement.matches("li.item input"));
  await app.page.keyboard.type("x");
  await press(app, "Escape");
  await eventually(async () => assert.deepEqual(await rows(), ["quarter: Q1", "", "state: draft"]));
  await inDialog(app, ".facts").filter({ hasText: /enterprise-attack.*19.*Containers v19\.2.*\d kB/s }).waitFor();
  await inDialog(app, "[type=submit]").click();
  const layer = (await exported(app)).json();
  assert.equal(layer.name, "Coverage");
  assert.equal(layer.description, "Of the cluster.");
  const metadata = layer.metadata.filter(({ name }) => !name?.startsWith("bulkhead:"));
  assert.deepEqual(metadata, [{ name: "quarter", value: "Q1" }, { divider: true }, { name: "state", value: "draft" }]);
  assert.deepEqual(layer.links, [{ label: "Runbook", url: "https://example.org/runbook" }]);
});

test("links and metadata of a technique are edited, divided and moved with the same rows", async (t) => {
  const app = await open(t);
  await choose(app, "T1610");
  await press(app, "m");
  for (const [name, value] of [["a", "1"], ["b", "2"]]) {
    await app.locator('[data-field="metadata-name"]').fill(name);
    await app.locator('[data-field="metadata-value"]').fill(value);
    await press(app, "Enter");
  }
  await app.page.getByRole("button", { name: "Move up b", exact: true }).press("Enter");
  // The focus stays with the row that was moved, on a control that can be used.
  await eventually(async () =>
    assert.equal(await app.page.evaluate(() => document.activeElement.closest("[data-row]")?.dataset.row), "0"),
  );
  const { metadata } = (await exported(app)).json().techniques[0];
  assert.deepEqual(metadata, [{ name: "b", value: "2" }, { name: "a", value: "1" }]);
});

const FOREIGN = {
  name: "Foreign",
  versions: { attack: "19", navigator: "5.1.0", layer: "4.5" },
  domain: "enterprise-attack",
  techniques: [
    { techniqueID: "T1610", tactic: "execution", score: 5 },
    { techniqueID: "T1027", tactic: "stealth", score: 80, comment: "<b>seen</b> on laptops" },
    { techniqueID: "T1566", tactic: "initial-access", comment: "mail" },
  ],
};

test("what is not in the bundle is counted, listed and removed one by one; the rest is kept", async (t) => {
  const app = await open(t);
  const link = app.locator('[data-status="outside"]');
  assert.equal(await link.isVisible(), false);
  await app.openFile({ name: "foreign.json", text: JSON.stringify(FOREIGN) });
  await see(app, /Opened 1 layer/);
  assert.equal(await link.textContent(), "2 not in this bundle");
  await link.click();
  await hasFocus(app, '[data-region="outside"]');
  const lines = () => inDialog(app, ".outside li").allTextContents();
  assert.deepEqual(await lines(), ["T1027stealth  score 80, <b>seen</b> on laptops", "T1566initial-access  mail"]);
  assert.deepEqual(await faults(app), []);
  await app.page.getByRole("button", { name: "Remove what is said of T1566 in initial-access" }).click();
  await eventually(async () => assert.equal((await lines()).length, 1));
  await press(app, "Escape");
  assert.equal(await link.textContent(), "1 not in this bundle");
  const ids = async () => (await exported(app)).json().techniques.map(({ techniqueID }) => techniqueID);
  assert.deepEqual(await ids(), ["T1610", "T1027"]);
  await press(app, "Control+z");
  assert.deepEqual(await ids(), ["T1610", "T1027", "T1566"]);
});

for (const colorScheme of ["light", "dark"]) {
  test(`tabs, start page and settings have no fault that axe finds, ${colorScheme}`, async (t) => {
    const app = await open(t, { context: { colorScheme } });
    await app.openFile({ name: "foreign.json", text: JSON.stringify({ ...FOREIGN, links: [{ label: "a", url: "https://example.org" }, { divider: true }, { label: "b", url: "x" }] }) });
    await see(app, /Opened 1 layer/);
    await press(app, "Alt+n");
    await becomes(app, ["Foreign", "layer"]);
    await saved(app);
    await startPage(app);
    await act(app, "Foreign", "delete");
    await card(app, "Foreign").locator('[data-action="bring-back"]').waitFor();
    assert.deepEqual(await faults(app), []);
    await act(app, "Foreign", "bring-back");
    await eventually(async () => assert.deepEqual(await kept(app), ["Foreign: open", "layer: open"]));
    assert.deepEqual(await faults(app), []);
    await press(app, "Escape");
    await press(app, "F2");
    await dialog(app).waitFor();
    await app.page.getByRole("button", { name: "Edit a", exact: true }).click();
    assert.deepEqual(await faults(app), []);
  });
}
