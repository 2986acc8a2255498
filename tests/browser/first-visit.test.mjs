// What a first visit shows, from an empty profile: every technique, where it belongs, in every representation.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness/browser.mjs";
import { onlyInChromium } from "./harness/browsers.mjs";
import { noSharedData } from "./harness/facts.mjs";
import { LATEST, untilTheMatrix } from "./harness/first-visit.mjs";
import { fromAttackFacts, fromBundle, fromMicrosoftFacts, layOut, placements } from "./support/knowledge.mjs";
import { heard, matrices, said, selected } from "./support/matrix.mjs";
import { choose, eventually, press, score, see, show } from "./support/user.mjs";

const FIRST_VISIT_BYTES = 350_000;
const SPLIT = ["orchestration", "container"];

// The latest release, as the bundle in the repository says it, and where they are here as the facts say it.
const sources = [
  ["by its bundle", () => fromBundle(LATEST), false],
  ["by the facts", () => fromAttackFacts("19.2"), noSharedData],
];

test("the matrix is there within its budget, and only files of our own were asked for", async (t) => {
  const app = await open(t);
  // What else is known comes once the matrix is painted.
  await app.page.waitForFunction(() => performance.getEntriesByName("bundle-read").length > 0);
  const { painted, needed: before, later } = await untilTheMatrix(app.page, () => app.server.requests);
  assert.notEqual(painted, null);
  const requests = before.map(({ path, status, bytes }) => `${status} ${path} ${bytes}`);
  const bytes = before.reduce((sum, request) => sum + request.bytes, 0);
  assert.ok(bytes <= FIRST_VISIT_BYTES, `${bytes} bytes:\n${requests.join("\n")}`);
  const needed = /^\/($|(snippets\/[\w-]+\/)?[\w-]+\.(css|js|wasm|svg|ico|png|woff2|webmanifest)$)/;
  assert.ok(before.every(({ path }) => needed.test(path)), requests.join("\n"));
  assert.ok(app.server.requests.every(({ status }) => status === 200), JSON.stringify(app.server.requests));
  assert.ok(later.includes(`/data/${LATEST}`), later.join("\n"));
});

test("what is known of a technique is there a moment after the first matrix", async (t) => {
  const app = await open(t);
  await choose(app, "T1610");
  await app.locator(".inspector").getByText("In the cluster:").waitFor();
  assert.equal(await app.locator("[data-loading]").count(), 0);
});

test("without a network what could not be loaded is loaded later, and the matrix can be worked on meanwhile", async (t) => {
  let lost = true;
  const before = (page) => page.route(`**/data/${LATEST}`, (route) => (lost ? route.abort() : route.continue()));
  const app = await open(t, { before, allow: [/ERR_FAILED/] });
  await score(app, "T1610", "40");
  await app.locator(".inspector [data-loading]").waitFor();
  lost = false;
  await app.page.evaluate(() => window.dispatchEvent(new Event("online")));
  await app.locator(".inspector").getByText("In the cluster:").waitFor();
  assert.deepEqual(await said(app), ["unified execution T1610: score 40"]);
});

test("an empty layer is open, ready to score", async (t) => {
  const app = await open(t);
  assert.deepEqual(await app.locator("[role=tab][data-layer]").allTextContents(), ["layer"]);
  assert.equal(await app.locator("[role=tab][data-layer]").getAttribute("aria-selected"), "true");
  assert.deepEqual(await said(app), []);
  assert.deepEqual(await selected(app), []);
  assert.equal(await app.locator("[role=dialog], [data-message]").count(), 0);
});

for (const [source, read, skip] of sources) {
  test(`unified, every technique stands in each of its tactics, ${source}`, { skip }, async (t) => {
    const app = await open(t);
    const shown = await matrices(app);
    assert.deepEqual(shown, layOut(read(), ["unified"]));
    const cells = shown[0].columns.flatMap((column) => column.cells);
    assert.equal(cells.length, 66);
    assert.equal(new Set(cells.map(({ technique }) => technique)).size, 48);
  });

  test(`split, each tier has its techniques, primary, secondary or as headings, ${source}`, { skip }, async (t) => {
    const app = await open(t);
    await show(app, "s");
    assert.deepEqual(await matrices(app), layOut(read(), SPLIT));
    await press(app, "p");
    await eventually(async () => assert.deepEqual(await matrices(app), layOut(read(), SPLIT, { primaryOnly: true })));
    await press(app, "p");
    await eventually(async () => assert.deepEqual(await matrices(app), layOut(read(), SPLIT)));
  });

  test(`one tier alone has that tier's techniques, ${source}`, { skip }, async (t) => {
    const app = await open(t);
    for (const [key, tier] of [["o", "orchestration"], ["n", "container"]]) {
      await show(app, key);
      assert.deepEqual(await matrices(app), layOut(read(), [tier]));
    }
    await show(app, "u");
    assert.deepEqual(await matrices(app), layOut(read(), ["unified"]));
  });
}

test("the two matrices of a split together have every technique, and its columns stand under each other", async (t) => {
  const app = await open(t);
  await show(app, "s");
  const [orchestration, container] = await matrices(app);
  const counted = ({ columns }) =>
    columns.flatMap(({ tactic, cells }) =>
      cells.filter(({ place }) => place !== "heading").map(({ technique }) => `${tactic} ${technique}`),
    );
  const all = placements(fromBundle(LATEST)).map(({ technique, tactic }) => `${tactic} ${technique}`);
  assert.deepEqual(new Set([...counted(orchestration), ...counted(container)]), new Set(all));
  const tactics = ({ columns }) => columns.map(({ tactic }) => tactic);
  assert.deepEqual(tactics(orchestration), tactics(container));
  const boxes = (matrix) =>
    app.page.$$eval(`[data-matrix="${matrix}"] [role=gridcell]:not([data-parent])`, (cells) =>
      Object.fromEntries(cells.map((cell) => [cell.dataset.tactic, cell.getBoundingClientRect().left])),
    );
  const [left, other] = [await boxes("orchestration"), await boxes("container")];
  for (const tactic of Object.keys(left).filter((tactic) => tactic in other)) assert.equal(left[tactic], other[tactic], tactic);
});

test("ATT&CK v18.1 is there, with Defense Evasion, and a heading over a sub-technique whose parent is none", async (t) => {
  const app = await open(t);
  await app.run("bundle.attack-18");
  await see(app, /v18\.1/);
  const [unified] = await matrices(app);
  assert.deepEqual([unified], layOut(fromBundle("attack-containers-18.1.json"), ["unified"]));
  if (!noSharedData) assert.deepEqual([unified], layOut(fromAttackFacts("18.1"), ["unified"]));
  const names = unified.columns.map(({ name }) => name);
  assert.ok(names.includes("Defense Evasion") && !names.includes("Stealth"), names.join(", "));
  const execution = unified.columns.find(({ tactic }) => tactic === "execution").cells;
  const at = execution.findIndex(({ technique }) => technique === "T1059.013");
  assert.equal(execution[at].parent, "T1059");
  assert.deepEqual([execution[at - 1].technique, execution[at - 1].place], ["T1059", "heading"]);
  assert.equal(unified.columns.flatMap(({ cells }) => cells).filter(({ place }) => place !== "heading").length, 69);
  await show(app, "s");
  assert.deepEqual(await matrices(app), layOut(fromBundle("attack-containers-18.1.json"), SPLIT));
});

test("Microsoft's matrix is there: 10 tactics, 40 techniques, 48 cells", async (t) => {
  const app = await open(t);
  await app.run("bundle.microsoft");
  await see(app, /Threat Matrix for Kubernetes/);
  const shown = await matrices(app);
  assert.deepEqual(shown, layOut(fromBundle("microsoft-kubernetes.json"), ["unified"]));
  if (!noSharedData) assert.deepEqual(shown, layOut(fromMicrosoftFacts(), ["unified"]));
  const cells = shown[0].columns.flatMap((column) => column.cells);
  assert.equal(shown[0].columns.length, 10);
  assert.equal(new Set(cells.map(({ technique }) => technique)).size, 40);
  assert.equal(cells.length, 48);
  await show(app, "s");
  assert.deepEqual(await matrices(app), layOut(fromBundle("microsoft-kubernetes.json"), SPLIT));
});

test("each grid has a name, a header for each column, and rows that own every cell once", async (t) => {
  const app = await open(t);
  for (const key of ["u", "s", "o", "n"]) {
    await show(app, key);
    const grids = await app.page.$$eval("[role=grid]", (all) =>
      all.map((grid) => {
        const rows = [...grid.querySelectorAll("[role=row][aria-owns]")];
        return {
          name: grid.getAttribute("aria-label"),
          columns: Number(grid.getAttribute("aria-colcount")),
          headers: grid.querySelectorAll("[role=row] > [role=columnheader]").length,
          cells: [...grid.querySelectorAll("[role=gridcell]")].map(({ id }) => id),
          owned: rows.flatMap((row) => row.getAttribute("aria-owns").split(" ")),
          height: Number(grid.getAttribute("aria-rowcount")),
          numbers: rows.map((row) => Number(row.getAttribute("aria-rowindex"))),
        };
      }),
    );
    assert.equal(new Set(grids.map(({ name }) => name)).size, grids.length, "names differ");
    for (const { name, columns, headers, cells, owned, height, numbers } of grids) {
      assert.match(name, /matrix/i);
      // The headers are the first row.
      assert.deepEqual(numbers, numbers.map((_, at) => at + 2), name);
      assert.equal(height, numbers.length + 1, name);
      assert.equal(headers, columns, name);
      assert.deepEqual([...owned].sort(), [...cells].sort(), name);
    }
  }
});

test("a screen reader hears each grid's headers, and its rows with their cells in the columns' order", { skip: onlyInChromium("only Chromium tells what its accessibility tree has") }, async (t) => {
  const app = await open(t);
  for (const key of ["u", "s"]) {
    await show(app, key);
    const shown = await matrices(app);
    const grids = await heard(app);
    assert.equal(grids.length, shown.length);
    for (const [at, { columns }] of shown.entries()) {
      const { name, headers, rows } = grids[at];
      assert.ok(name);
      assert.equal(headers.length, columns.length);
      columns.forEach((column, x) => assert.ok(headers[x].startsWith(column.name), `${headers[x]} / ${column.name}`));
      const height = Math.max(...columns.map(({ cells }) => cells.length));
      const wanted = Array.from({ length: height }, (_, y) => columns.flatMap(({ cells }) => cells[y] ?? []));
      assert.deepEqual(rows.map((row) => row.length), wanted.map((row) => row.length), name);
      wanted.flat().forEach(({ technique, name: words }, cell) => {
        const spoken = rows.flat()[cell];
        assert.ok(spoken.startsWith(technique) && spoken.includes(words), `${spoken} / ${technique} ${words}`);
      });
    }
  }
});
