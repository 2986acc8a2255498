// The main job by keyboard alone: no test here touches a pointer, or gives the focus to anything but by keys.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness/browser.mjs";
import { noMitreattack, readStrictly } from "./support/mitreattack.mjs";
import { focused, matrices, said, selected } from "./support/matrix.mjs";
import { eventually, exported, press } from "./support/user.mjs";

const COMMENT = 'Admission blocks it: "privileged", für alle.\nThe socket is open.';
const SCORED = {
  "execution T1610": { score: 40, comment: COMMENT },
  "execution T1609": { score: 95, color: "green" },
  "privilege-escalation T1611": { score: 0, enabled: false },
  "credential-access T1552.007": { score: 33.5 },
  "discovery T1613": { comment: "Only said." },
  "impact T1496": { enabled: false },
};

// What has the focus, by a field's or a command's name or by its role.
const focus = ({ page }) => page.evaluate(() => {
  const { dataset, role, tagName } = document.activeElement;
  return dataset.field ?? dataset.command ?? role ?? tagName.toLowerCase();
});

async function tabTo(app, name, key = "Tab") {
  for (let tries = 0; tries < 60; tries++) {
    if ((await focus(app)) === name) return;
    await press(app, key);
  }
  assert.fail(`${key} does not lead to ${name}`);
}

// From the focused cell to another, by arrows.
async function walkTo(app, place) {
  const [tactic, technique] = place.split(" ");
  const [{ columns }] = await matrices(app);
  const find = (to) => {
    const x = columns.findIndex((column) => column.tactic === to.tactic);
    return { x, y: columns[x].cells.findIndex((cell) => cell.technique === to.technique) };
  };
  const goal = find({ tactic, technique });
  const step = async (axis, [less, more]) => {
    for (let tries = 0; tries < 40; tries++) {
      const at = find(await focused(app))[axis];
      if (at === goal[axis]) return;
      await press(app, at > goal[axis] ? less : more);
    }
  };
  await step("x", ["ArrowLeft", "ArrowRight"]);
  await step("y", ["ArrowUp", "ArrowDown"]);
  const { technique: reached, tactic: column } = await focused(app);
  assert.equal(`${column} ${reached}`, place);
  assert.deepEqual(await selected(app), [place]);
}

async function comment(app, words) {
  await press(app, "c");
  await eventually(async () => assert.equal(await focus(app), "comment"));
  for (const [at, line] of words.split("\n").entries()) {
    if (at > 0) await press(app, "Enter");
    await app.page.keyboard.type(line);
  }
  await backToMatrix(app);
}

async function backToMatrix(app) {
  await press(app, "Escape");
  await eventually(async () => assert.equal(await focus(app), "gridcell"));
}

async function annotate(app) {
  await tabTo(app, "gridcell");
  await walkTo(app, "execution T1610");
  await press(app, "4", "0");
  await comment(app, COMMENT);
  await walkTo(app, "execution T1609");
  await press(app, "1", "0", "0", "-", "k");
  // The native field for any colour has the focus; the swatches are before it.
  await eventually(async () => assert.equal(await focus(app), "color"));
  for (let tries = 0; tries < 12; tries++) {
    await press(app, "Shift+Tab");
    if ((await app.page.evaluate(() => document.activeElement.ariaLabel)) === "green") break;
  }
  await press(app, "Space");
  await backToMatrix(app);
  await walkTo(app, "privilege-escalation T1611");
  await press(app, "0", "x");
  await walkTo(app, "credential-access T1552.007");
  await press(app, "3", "3", ".", "5");
  await walkTo(app, "discovery T1613");
  await comment(app, SCORED["discovery T1613"].comment);
  await walkTo(app, "impact T1496");
  await press(app, "x");
  await nameLayer(app, "Coverage, by keys");
}

async function nameLayer(app, name) {
  await press(app, "F2");
  await eventually(async () => assert.equal(await focus(app), "layer-name"));
  await press(app, "Control+a");
  await app.page.keyboard.type(name);
  await press(app, "Tab");
  assert.equal(await focus(app), "layer-description");
  await app.page.keyboard.type("Written without a mouse.");
  await press(app, "Shift+Tab", "Enter");
  await app.locator("[role=dialog]").waitFor({ state: "detached" });
}

async function runFromPalette(app, words) {
  await press(app, "Control+k");
  await eventually(async () => assert.equal(await focus(app), "search"));
  await app.page.keyboard.type(words);
  await press(app, "Enter");
  await app.locator("[role=dialog]").waitFor({ state: "detached" });
}

const isOver = (app, command) => app.locator(`[data-command="${command}"]`).first().isDisabled();

const byPlace = ({ techniques }) => new Map(techniques.map((it) => [`${it.tactic} ${it.techniqueID}`, it]));

test("what is scored, coloured, commented and disabled by keys is in the file, which opens elsewhere unchanged", async (t) => {
  const app = await open(t);
  await annotate(app);
  const first = await exported(app);
  assert.match(first.name, /\.json$/);

  const layer = first.json();
  assert.equal(layer.name, "Coverage, by keys");
  assert.equal(layer.description, "Written without a mouse.");
  const written = byPlace(layer);
  assert.deepEqual(new Set(written.keys()), new Set(Object.keys(SCORED)));
  for (const [place, { score, comment = "", color, enabled = true }] of Object.entries(SCORED)) {
    const entry = written.get(place);
    assert.equal(entry.score, score, place);
    assert.equal(entry.comment, comment, place);
    assert.equal(entry.enabled, enabled, place);
    assert.match(entry.color, color ? /^#[0-9a-f]{6,8}$/i : /^$/, place);
  }

  const fresh = await open(t);
  await fresh.openFile({ name: first.name, text: first.text() });
  await fresh.message(/Opened 1 layer/);
  assert.deepEqual(await said(fresh), await said(app));
  const second = await exported(fresh);
  assert.equal(second.text(), first.text());
  assert.equal(second.name, first.name);
});

test("mitreattack-python reads the same from it, strictly", { skip: noMitreattack }, async (t) => {
  const app = await open(t);
  await annotate(app);
  const read = await readStrictly((await exported(app)).text());
  assert.equal(read.name, "Coverage, by keys");
  const found = byPlace(read);
  assert.deepEqual(new Set(found.keys()), new Set(Object.keys(SCORED)));
  for (const [place, { score, comment = "", enabled = true }] of Object.entries(SCORED)) {
    const entry = found.get(place);
    // It knows whole scores only.
    assert.equal(entry.score, score === undefined ? null : Math.trunc(score), place);
    assert.equal(entry.comment, comment, place);
    assert.equal(entry.enabled, enabled, place);
  }
});

test("undone to the start the layer says nothing, redone to the end it says everything", async (t) => {
  const app = await open(t);
  const empty = await exported(app);
  await annotate(app);
  const full = await exported(app);
  await backToMatrix(app);
  let steps = 0;
  while (!(await isOver(app, "edit.undo"))) {
    await press(app, "Control+z");
    assert.ok(++steps < 100);
  }
  assert.ok(steps >= 8, `${steps} steps for what were more changes`);
  assert.deepEqual(await said(app), []);
  assert.equal((await exported(app)).text(), empty.text());
  while (!(await isOver(app, "edit.redo"))) {
    await press(app, steps % 2 ? "Control+Shift+z" : "Control+y");
    assert.ok(--steps > -1);
  }
  assert.equal(steps, 0);
  assert.equal((await exported(app)).text(), full.text());
});

test("a group is chosen, scored, raised and cleared by keys", async (t) => {
  const app = await open(t);
  await tabTo(app, "gridcell");
  await walkTo(app, "execution T1609");
  await press(app, "Shift+ArrowDown", "Control+ArrowDown", "Control+ArrowDown", "Space");
  // A technique is chosen in all of its tactics: the third is in three.
  const third = ["execution", "persistence", "privilege-escalation"].map((tactic) => `${tactic} T1053.007`);
  const chosen = ["execution T1609", "execution T1610", ...third].sort();
  assert.deepEqual(await selected(app), chosen);
  await press(app, "7", "0", "+");
  const scored = chosen.map((place) => `unified ${place}: score 75`);
  await eventually(async () => assert.deepEqual((await said(app)).sort(), scored));
  // Escape takes the tooltip away first, where it has come by now.
  await eventually(async () => {
    await press(app, "Escape");
    assert.deepEqual(await selected(app), []);
  });
  await runFromPalette(app, "select.annotated");
  await eventually(async () => assert.deepEqual(await selected(app), chosen));
  await press(app, "Delete");
  await eventually(async () => assert.deepEqual(await said(app), []));
});

test("a technique is found by its name, and the focus goes to its cell", async (t) => {
  const app = await open(t);
  await runFromPalette(app, "escape to host");
  await eventually(async () => assert.equal((await focused(app)).technique, "T1611"));
  await press(app, "6", "6");
  await eventually(async () => assert.deepEqual(await said(app), ["unified privilege-escalation T1611: score 66"]));
});

test("tiers are scored apart by keys: arrows lead from one matrix into the other", async (t) => {
  const app = await open(t);
  await tabTo(app, "gridcell");
  await press(app, "Shift+S");
  await app.message(/score for each tier/);
  await walkTo(app, "execution T1610");
  await press(app, "s");
  const cell = { technique: "T1610", tactic: "execution" };
  await eventually(async () => assert.deepEqual(await focused(app), { ...cell, matrix: "orchestration" }));
  await press(app, "8", "0");
  for (let tries = 0; tries < 40 && (await focused(app)).matrix === "orchestration"; tries++) await press(app, "ArrowDown");
  for (let tries = 0; tries < 40 && (await focused(app)).technique !== "T1610"; tries++) await press(app, "ArrowDown");
  assert.deepEqual(await focused(app), { ...cell, matrix: "container" });
  await press(app, "2", "0");
  const scored = ["orchestration execution T1610: score 80", "container execution T1610: score 20"];
  await eventually(async () => assert.deepEqual(await said(app), scored));
  // Ctrl+S asks which files to write, and Enter takes what it proposes.
  await press(app, "Control+s");
  await app.locator('[role=dialog] [data-action="export"]:focus').waitFor();
  const file = await app.download(() => press(app, "Enter"));
  assert.equal(byPlace(file.json()).get("execution T1610").score, 20);
});

test("links and metadata are added by keys", async (t) => {
  const app = await open(t);
  await tabTo(app, "gridcell");
  await walkTo(app, "execution T1610");
  await press(app, "l");
  await eventually(async () => assert.equal(await focus(app), "link-url"));
  await app.page.keyboard.type("https://example.org/runbook");
  await press(app, "Shift+Tab");
  assert.equal(await focus(app), "link-label");
  await app.page.keyboard.type("Runbook");
  await press(app, "Enter");
  await backToMatrix(app);
  await press(app, "m");
  await eventually(async () => assert.equal(await focus(app), "metadata-name"));
  await app.page.keyboard.type("owner");
  await press(app, "Tab");
  await app.page.keyboard.type("platform team");
  await press(app, "Enter");
  await backToMatrix(app);
  const { links, metadata } = byPlace((await exported(app)).json()).get("execution T1610");
  assert.deepEqual(links, [{ label: "Runbook", url: "https://example.org/runbook" }]);
  assert.deepEqual(metadata, [{ name: "owner", value: "platform team" }]);
});

test("Escape closes any dialog at once, and the cell has the focus again", async (t) => {
  const app = await open(t);
  await tabTo(app, "gridcell");
  const cell = await focused(app);
  for (const key of ["?", "F2", "Control+k", "/"]) {
    await press(app, key);
    await app.locator("[role=dialog]").waitFor();
    // What has been typed doesn't hold it open.
    if (key !== "?") await app.page.keyboard.type("x");
    await press(app, "Escape");
    await app.locator("[role=dialog]").waitFor({ state: "detached" });
    await eventually(async () => assert.deepEqual(await focused(app), cell, key));
  }
});

test("menus are opened, walked through and closed by keys", async (t) => {
  const app = await open(t);
  await tabTo(app, "view.split");
  // Past the other representations, and the menu "Layout".
  await press(app, "Tab", "Tab", "Tab", "Tab");
  await press(app, "Enter");
  await app.locator("[role=menu]").waitFor();
  await eventually(async () => assert.equal(await focus(app), "view.expand-all"));
  await press(app, "ArrowDown", "ArrowDown");
  assert.equal(await focus(app), "view.collapse-all");
  await press(app, "Enter");
  await app.locator("[role=menu]").waitFor({ state: "detached" });
  await eventually(async () => assert.equal(await app.locator("[data-parent]").count(), 0));
  await press(app, "Tab");
  await tabTo(app, "view.split", "Shift+Tab");
  await press(app, "Tab", "Tab", "Tab", "Enter");
  await app.locator("[role=menu]").waitFor();
  await press(app, "Escape");
  await app.locator("[role=menu]").waitFor({ state: "detached" });
  assert.equal(await app.page.evaluate(() => document.activeElement.getAttribute("aria-haspopup")), "menu");
});

test("a menu that is opened before the rest of the program is there has the focus when it comes", async (t) => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const before = (page) => page.route("**/split_rest.wasm", async (route) => (await held, route.continue()));
  const app = await open(t, { before, ready: "painted" });
  await app.page.getByRole("button", { name: "Layout" }).press("Enter");
  await app.page.waitForTimeout(300);
  assert.equal(await app.locator("[role=menu]").count(), 0);
  release();
  await eventually(async () => assert.equal(await focus(app), "view.layout-flat"));
});

test("layers are opened, gone through and closed by keys", async (t) => {
  const app = await open(t);
  const layers = () => app.locator("[role=tab][data-layer]").allTextContents();
  const active = () => app.locator('[role=tab][aria-selected="true"]').textContent();
  await press(app, "Alt+n");
  await eventually(async () => assert.deepEqual(await layers(), ["layer", "layer1"]));
  assert.equal(await active(), "layer1");
  await press(app, "Alt+PageUp");
  await eventually(async () => assert.equal(await active(), "layer"));
  await press(app, "Alt+PageDown");
  await eventually(async () => assert.equal(await active(), "layer1"));
  await press(app, "Alt+w");
  await eventually(async () => assert.deepEqual(await layers(), ["layer"]));
});
