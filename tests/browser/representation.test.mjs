// Tiers of the user's own: changed by command and by drag, taken back, passed on, taken in by somebody else and compared; and
// the workbench that sets both representations against each other, with the figures of the facts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open, temporaryFolder } from "./harness/browser.mjs";
import { noSharedData } from "./harness/facts.mjs";
import { evidence } from "./support/evidence.mjs";
import { focused, matrices } from "./support/matrix.mjs";
import { choose, eventually, press, score, see, show } from "./support/user.mjs";

const NEEDS_FACTS = { skip: noSharedData };
const TIERS_EXTENSION = "extension-definition--b888a9b2-4889-539b-9ac9-e239f98a2c53";

// In which matrices of the split a technique stands, with its stripe.
const standing = (app, id) =>
  app.page.$$eval(`[data-matrix] [role=gridcell][data-technique='${id}']`, (all) =>
    [...new Set(all.map((cell) => `${cell.closest("[data-matrix]").dataset.matrix}: ${cell.dataset.tier}`))],
  );

const stands = (app, id, ...expected) => eventually(async () => assert.deepEqual(await standing(app, id), expected));

const dialog = (app) => app.locator("[role=dialog]");
const closed = (app) => dialog(app).waitFor({ state: "detached" });

// Through the dialog that the command opens, with the pointer.
async function retier(app, id, tiers, reason, place = {}) {
  await choose(app, id, place);
  await press(app, "Shift+T");
  await dialog(app).locator(`[name=tiers][value=${tiers}]`).check();
  await dialog(app).locator("[data-field=tiers-reason]").fill(reason);
  await dialog(app).locator("[data-action=retier]").click();
  await closed(app);
  await see(app, /now stand/);
}

const judgements = (file) =>
  file
    .json()
    .objects.filter(({ type }) => type === "note")
    .map((note) => {
      const { tiers, rationale } = note.extensions[TIERS_EXTENSION];
      return `${note.external_references[0].external_id} ${tiers.join(" ")}: ${rationale}`;
    })
    .sort();

const differences = (app) =>
  app.page.$$eval("[data-difference]", (all) => all.map((it) => `${it.dataset.difference} ${it.querySelector(".pre").textContent}`).sort());

async function giveTiers(app, file) {
  await app.locator("input[data-field=open-tiers]").setInputFiles({ name: file.name, mimeType: "application/json", buffer: file.bytes });
  await dialog(app).locator("[data-apart-count]").waitFor();
}

async function workbench(app) {
  await press(app, "Shift+W");
  await dialog(app).locator("[data-table=figures]").waitFor();
}

test("a technique is moved by command, and undo and redo go through it and the layer's edits in their order", async (t) => {
  const app = await open(t);
  await show(app, "s");
  await stands(app, "T1610", "orchestration: orchestration container", "container: orchestration container");
  await score(app, "T1610", "40", { matrix: "container" });
  await retier(app, "T1610", "container", "The runtime starts it.", { matrix: "container" });
  await stands(app, "T1610", "container: container");
  await score(app, "T1611", "70", { matrix: "container" });
  const scored = () => app.page.$$eval("[data-matrix=container] [data-score]", (all) => all.map(({ dataset: it }) => `${it.technique} ${it.score}`).sort());
  const back = [
    [["T1610 40"], ["container: container"]],
    [["T1610 40"], ["orchestration: orchestration container", "container: orchestration container"]],
    [[], ["orchestration: orchestration container", "container: orchestration container"]],
  ];
  for (const [scores, places] of back) {
    await press(app, "Control+z");
    await eventually(async () => assert.deepEqual(await scored(), scores));
    await stands(app, "T1610", ...places);
  }
  for (const [scores, places] of [back[1], back[0], [["T1610 40", "T1611 70"], ["container: container"]]]) {
    await press(app, "Control+Shift+z");
    await eventually(async () => assert.deepEqual(await scored(), scores));
    await stands(app, "T1610", ...places);
  }
  assert.deepEqual(await app.violations(), []);
});

test("by keyboard alone a technique is given to both tiers, with a reason, and the inspector tells both views", async (t) => {
  const app = await open(t);
  await show(app, "s");
  await stands(app, "T1098.006", "orchestration: orchestration");
  await choose(app, "T1098.006", { tactic: "persistence" });
  await press(app, "Shift+T");
  await app.locator("[data-field=tiers-reason]:focus").waitFor();
  await app.page.keyboard.type("The token is used in the container.");
  assert.deepEqual(await app.violations({ include: "[role=dialog]" }), []);
  // Back to the tiers, and from the one that is checked to the last one.
  await press(app, "Shift+Tab", "ArrowDown", "ArrowDown");
  await eventually(async () => assert.equal(await app.locator("[name=tiers]:checked").getAttribute("value"), "both"));
  await press(app, "Tab", "ArrowRight");
  await eventually(async () => assert.equal(await app.locator("[name=primary-tier]:checked").getAttribute("value"), "container"));
  await press(app, "Tab", "Control+Enter");
  await closed(app);
  await stands(app, "T1098.006", "orchestration: orchestration container", "container: orchestration container");
  const secondary = () => app.cell("T1098.006", { matrix: "orchestration", tactic: "persistence" }).getAttribute("data-place");
  assert.equal(await secondary(), "secondary");
  assert.match(await app.locator("[data-judged]").textContent(), /Your view: both, container first\. The bundle: orchestration\./);
  assert.match(await app.locator(".inspector").textContent(), /The token is used in the container\./);
  await app.run("tiers.withdraw");
  await stands(app, "T1098.006", "orchestration: orchestration");
  assert.equal(await app.locator("[data-judged]").count(), 0);
});

async function drag(app, from, to) {
  const center = async (cell) => {
    const { x, y, width, height } = await cell.boundingBox();
    return [x + width / 2, y + height - 8];
  };
  const [x, y] = await center(from);
  await app.page.mouse.move(x, y);
  await app.page.mouse.down();
  await app.page.mouse.move(x + 10, y + 10, { steps: 3 });
  const [toX, toY] = await center(to);
  await app.page.mouse.move(toX, toY, { steps: 5 });
}

const TALL = { context: { viewport: { width: 1400, height: 1700 } } };

test("a selected technique is dragged into the other matrix, which asks for the reason; letting go elsewhere does nothing", async (t) => {
  const app = await open(t, TALL);
  await show(app, "s");
  const cell = app.cell("T1609", { matrix: "orchestration" }).first();
  await choose(app, "T1609", { matrix: "orchestration" });
  await drag(app, cell, app.cell("T1190", { matrix: "container" }).first());
  await app.locator("[data-matrix=container][data-drop]").waitFor();
  assert.equal(await app.locator(".rubber-band").count(), 0);
  await app.page.mouse.up();
  await dialog(app).waitFor();
  assert.equal(await app.locator("[name=tiers]:checked").getAttribute("value"), "container");
  await app.locator("[data-field=tiers-reason]").fill("It ends in a container.");
  await app.locator("[data-action=retier]").click();
  await stands(app, "T1609", "container: container");
  assert.deepEqual(await focused(app), { technique: "T1609", tactic: "execution", matrix: "container" });

  // Let go where it was, or given up with Escape: nothing is asked.
  const other = app.cell("T1610", { matrix: "orchestration" }).first();
  await choose(app, "T1610", { matrix: "orchestration" });
  await drag(app, other, app.cell("T1190", { matrix: "orchestration" }).first());
  await app.page.mouse.up();
  await drag(app, other, app.cell("T1190", { matrix: "container" }).first());
  await press(app, "Escape");
  await app.page.mouse.up();
  await app.settled();
  assert.equal(await app.locator(".tier-ghost").count(), 0);
  assert.equal(await dialog(app).count(), 0);
  await stands(app, "T1610", "orchestration: orchestration container", "container: orchestration container");
});

test("a drag from what is not selected draws a band, as it does everywhere", async (t) => {
  const app = await open(t, TALL);
  await show(app, "s");
  await drag(app, app.cell("T1609", { matrix: "orchestration" }).first(), app.cell("T1611", { matrix: "container" }).first());
  assert.equal(await app.locator(".rubber-band").count(), 1);
  assert.equal(await app.locator(".tier-ghost").count(), 0);
  await app.page.mouse.up();
  await app.settled();
  assert.equal(await dialog(app).count(), 0);
});

test("where the other matrix is out of sight, the stage scrolls to it while a technique is dragged", async (t) => {
  const app = await open(t, { context: { viewport: { width: 1280, height: 700 } } });
  await show(app, "s");
  const cell = app.cell("T1190", { matrix: "orchestration" }).first();
  await choose(app, "T1190", { matrix: "orchestration" });
  const { x, y } = await cell.boundingBox();
  await app.page.mouse.move(x + 30, y + 20);
  await app.page.mouse.down();
  await app.page.mouse.move(x + 40, y + 60, { steps: 3 });
  const stage = await app.locator(".stage").boundingBox();
  await app.page.mouse.move(x + 60, stage.y + stage.height - 20, { steps: 3 });
  await eventually(async () => assert.ok((await app.locator("[data-matrix=container] .band").boundingBox()).y < stage.y + stage.height - 120));
  await app.page.mouse.up();
  await dialog(app).waitFor();
  assert.equal(await app.locator("[name=tiers]:checked").getAttribute("value"), "container");
});

test("tiers are stored, and what was done before can be undone on the next visit", async (t) => {
  const profileDir = await temporaryFolder();
  const first = await open(t, { profileDir });
  await show(first, "s");
  await retier(first, "T1610", "container", "mine", { matrix: "container" });
  await first.close();
  const again = await open(t, { profileDir, server: first.server });
  await stands(again, "T1610", "container: container");
  await press(again, "Control+z");
  await stands(again, "T1610", "orchestration: orchestration container", "container: orchestration container");
});

test("tiers that are kept by another version of the app, which this one can't read, are not written over", async (t) => {
  const app = await open(t);
  const kept = (text) =>
    app.page.evaluate(
      (text) =>
        new Promise((resolve, reject) => {
          const asked = indexedDB.open("bulkhead");
          asked.onerror = () => reject(asked.error);
          asked.onsuccess = () => {
            const store = asked.result.transaction("tiers", "readwrite").objectStore("tiers");
            const done = text ? store.put(text, "attack-19") : store.get("attack-19");
            done.onsuccess = () => {
              asked.result.close();
              resolve(done.result);
            };
          };
        }),
      text,
    );
  const theirs = JSON.stringify({ assignment: { T1610: { tiers: "Node", primary: "Node", reason: "of a later version" } } });
  await kept(theirs);
  await show(app, "s");
  await choose(app, "T1610", { matrix: "container" });
  await press(app, "Shift+T");
  await dialog(app).locator("[name=tiers][value=container]").check();
  await dialog(app).locator("[data-action=retier]").click();
  await see(app, /can't be read by this version/);
  assert.equal(await kept(), theirs);
});

test("tiers are exported, imported in a fresh profile, compared there, and taken; and the file can be dropped as any other", async (t) => {
  const app = await open(t);
  await show(app, "s");
  await retier(app, "T1610", "container", "The runtime starts it.", { matrix: "container" });
  await retier(app, "T1098.006", "both", "<b>Tokens</b>", { matrix: "orchestration" });
  const file = await app.download(() => app.run("tiers.export"));
  const given = ["T1098.006 orchestration container: <b>Tokens</b>", "T1610 container: The runtime starts it."];
  assert.deepEqual(judgements(file), given);
  await see(app, /Exported/);
  await workbench(app);
  assert.deepEqual(await differences(app), ["T1098.006 <b>Tokens</b>", "T1610 The runtime starts it."]);

  const other = await open(t);
  await show(other, "s");
  await retier(other, "T1610", "orchestration", "Admission decides.", { matrix: "orchestration" });
  await giveTiers(other, file);
  const apart = () => other.page.$$eval("[data-apart]", (all) => all.map((row) => [row.dataset.apart, ...[...row.querySelectorAll("td")].map((it) => it.innerText.replace(/\s+/g, " "))]));
  assert.deepEqual(await apart(), [
    ["T1098.006", "orchestration", "orchestration (the bundle's)", "both, orchestration first <b>Tokens</b>"],
    ["T1610", "both, orchestration first", "orchestration Admission decides.", "container The runtime starts it."],
  ]);
  assert.deepEqual(await other.violations({ include: "[role=dialog]" }), []);
  await dialog(other).getByRole("button", { name: "Only compare" }).click();
  await stands(other, "T1610", "orchestration: orchestration");
  // Dropped or opened as any file.
  await other.openFile({ name: file.name, text: file.text() });
  await dialog(other).locator("[data-action=replace-tiers]").waitFor();
  await dialog(other).locator("[data-action=take-tiers]").click();
  await see(other, /Took the tiers of 2 techniques/);
  await stands(other, "T1610", "container: container");
  await stands(other, "T1098.006", "orchestration: orchestration container", "container: orchestration container");
  assert.deepEqual(judgements(await other.download(() => other.run("tiers.export"))), given);
  await press(other, "Control+z");
  await stands(other, "T1610", "orchestration: orchestration");
});

test("what holds no tiers is refused with a reason, and what is not understood is named", async (t) => {
  const app = await open(t);
  const give = (text) => app.locator("input[data-field=open-tiers]").setInputFiles({ name: "x.json", mimeType: "application/json", buffer: Buffer.from(text) });
  const note = (id, tiers) => ({ type: "note", external_references: [{ external_id: id }], extensions: { [TIERS_EXTENSION]: { tiers } } });
  const cases = [
    ["{", /"x\.json" was not opened: the file is not JSON/],
    ["[]", /no STIX bundle/],
    [JSON.stringify({ type: "bundle", objects: [{ type: "note" }] }), /no tier assignments/],
    [JSON.stringify({ type: "bundle", objects: [note("T9999", ["container"])] }), /none of its tiers is about ATT&CK for Containers v19\.2; object 1/],
    [" ".repeat(9 << 20), /larger than/],
  ];
  for (const [text, words] of cases) {
    await give(text);
    await see(app, words);
    assert.equal(await dialog(app).count(), 0);
  }
  await give(JSON.stringify({ type: "bundle", objects: [note("T1610", ["container"]), note("T1611", ["cloud"]), 7] }));
  await dialog(app).locator("[data-passed-over='1'] summary").click();
  assert.match(await dialog(app).textContent(), /object 2: the tiers of T1611 are none that we know/);
});

test("the workbench has the figures of both representations, and of tiers that are changed meanwhile", NEEDS_FACTS, async (t) => {
  const app = await open(t);
  await show(app, "s");
  await score(app, "T1610", "90", { matrix: "container" });
  const figures = () =>
    app.page.$$eval("[data-table=figures] [data-row]", (rows) => Object.fromEntries(rows.map((row) => [row.dataset.row, [...row.querySelectorAll("td")].map((it) => it.textContent)])));
  // Counted on the page and by the facts, not by the app.
  const expected = async () => {
    await show(app, "s");
    const [orchestration, container] = (await matrices(app)).map(({ columns }) => columns.flatMap(({ tactic, cells }) => cells.filter(({ place }) => place !== "heading").map((it) => `${it.technique} ${tactic}`)));
    await show(app, "u");
    const [unified] = (await matrices(app)).map(({ columns }) => columns.flatMap(({ tactic, cells }) => cells.map((it) => `${it.technique} ${tactic}`)));
    const table = evidence("19.2");
    const of = (cells) => [...new Set(cells.map((it) => it.split(" ")[0]))];
    const all = [unified, orchestration, container];
    const count = (takes) => all.map((cells) => String(of(cells).filter((id) => takes(table.get(id))).length));
    return {
      techniques: all.map((cells) => String(of(cells).length)),
      cells: all.map((cells) => String(cells.length)),
      containers: count(({ native }) => native.length),
      unseen: count(({ users }) => !users.length),
      actors: all.map((cells) => String(new Set(of(cells).flatMap((id) => table.get(id).native)).size)),
      covered: all.map((cells) => {
        const ids = of(cells);
        return `${Math.max(1, Math.round(100 / ids.length))} %, ${ids.includes("T1610") ? 1 : 0} of ${ids.length}`;
      }),
      both: of(orchestration).filter((id) => of(container).includes(id)).length,
    };
  };
  const compare = async () => {
    const { both, ...rows } = await expected();
    await workbench(app);
    await eventually(async () => {
      const { elsewhere, ...told } = await figures();
      assert.deepEqual(told, rows);
    });
    assert.equal(await dialog(app).locator("[data-both]").getAttribute("data-both"), String(both));
    assert.equal(await dialog(app).locator("[data-representation=split] .workbench-number").textContent(), `${Number(rows.cells[1]) + Number(rows.cells[2])} cells`);
  };
  await compare();
  assert.deepEqual(await app.violations({ include: "[role=dialog]" }), []);
  await press(app, "Escape");
  await show(app, "s");
  await retier(app, "T1609", "container", "mine", { matrix: "container" });
  await compare();
  // From the list of what stands in both, a technique is changed as well.
  await dialog(app).locator("[data-both] summary").click();
  await dialog(app).locator("[data-both] [data-action=retier]").first().click();
  await dialog(app).locator("[data-field=tiers-reason]").waitFor();
});

test("all of impact in the container leaves a tactic that orchestration lacks", async (t) => {
  const app = await open(t);
  await app.page.locator("[role=columnheader][data-tactic=impact]").first().click();
  await app.cell("T1496.001").first().locator(".cell-name").click({ modifiers: ["Control"] });
  await press(app, "Shift+T");
  await dialog(app).locator("[name=tiers][value=container]").check();
  await dialog(app).locator("[data-action=retier]").click();
  await see(app, /6 techniques now stand in the container tier/);
  await workbench(app);
  assert.match(await dialog(app).locator("[data-lacks=orchestration]").textContent(), /lacks Impact$/);
  assert.match(await dialog(app).locator("[data-lacks=container]").textContent(), /lacks no tactic$/);
  await dialog(app).locator("[data-command='tiers.undo']").click();
  await eventually(async () => assert.match(await dialog(app).locator("[data-lacks=orchestration]").textContent(), /lacks no tactic$/));
  await dialog(app).locator("[data-command='tiers.redo']").click();
  await eventually(async () => assert.match(await dialog(app).locator("[data-lacks=orchestration]").textContent(), /lacks Impact$/));
});

test("a statement says the view, why, the figures and what is seen differently, and is kept", async (t) => {
  const profileDir = await temporaryFolder();
  const app = await open(t, { profileDir });
  await app.run("tiers.statement");
  await dialog(app).locator("[name=stance][value=split]").check();
  await dialog(app).locator("[data-field=stance-why]").fill("Two teams, two sets of controls.");
  await dialog(app).locator("[data-field=stance-by]").fill("Example Team");
  await press(app, "Escape");
  await show(app, "s");
  await retier(app, "T1610", "container", "The runtime starts it.", { matrix: "container" });
  const check = (text) => {
    assert.match(text, /^# How container techniques should be represented\n/);
    assert.match(text, /\*\*Our view: two matrices/);
    assert.match(text, /Two teams, two sets of controls\./);
    assert.match(text, / · Example Team · \d{4}-\d\d-\d\d\n/);
    assert.match(text, /\| Cells \| 66 \| 59 \| 53 \|/);
    assert.match(text, /\| T1610 Deploy Container \| both, orchestration first \| container \| The runtime starts it\. \|/);
  };
  check((await app.download(() => app.run("tiers.statement"))).text());
  await app.close();
  const again = await open(t, { profileDir, server: app.server });
  await show(again, "s");
  await stands(again, "T1610", "container: container");
  check((await again.download(() => again.run("tiers.statement"))).text());
});

test("Microsoft's techniques have tiers of the user's own as well, apart from ATT&CK's", async (t) => {
  const app = await open(t);
  await show(app, "s");
  await retier(app, "T1610", "container", "ATT&CK's", { matrix: "container" });
  await app.run("bundle.microsoft");
  await see(app, /now shows/);
  const [before] = await standing(app, "MS-TA9008");
  await choose(app, "MS-TA9008");
  await press(app, "Shift+T");
  await dialog(app).locator(`[name=tiers][value=${before.startsWith("orchestration") ? "container" : "orchestration"}]`).check();
  await dialog(app).locator("[data-action=retier]").click();
  await see(app, /now stand/);
  assert.deepEqual(judgements(await app.download(() => app.run("tiers.export"))).length, 1);
  await app.run("bundle.attack-19");
  await see(app, /now shows/);
  await stands(app, "T1610", "container: container");
});
