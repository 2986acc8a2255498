// Layers of earlier formats, opened as a user opens them: brought up to date, told in one sentence, and listed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness/browser.mjs";
import { said } from "./support/matrix.mjs";
import { eventually, exported } from "./support/user.mjs";

const REPLACEMENTS = "**/data/attack-replacements.json";

const OLD = {
  version: "2.1",
  name: "old",
  domain: "mitre-enterprise",
  filters: { stages: ["act"], platforms: ["linux"] },
  viewMode: 1,
  techniques: [
    // Create Account; today a container technique under the same id.
    { techniqueID: "T1136", tactic: "Persistence", score: 20 },
    // PowerShell became a sub-technique that isn't one of containers.
    { techniqueID: "T1086", score: 30 },
    // Local Job Scheduling became part of Scheduled Task/Job.
    { techniqueID: "T1168", tactic: "execution", score: 40, comment: "old id" },
    { techniqueID: "T1053", tactic: "execution", comment: "new id" },
  ],
};

const opened = (app, layer) => app.openFile({ name: "old.json", text: JSON.stringify(layer) });

async function notes(app) {
  await app.message(/Opened 1 layer from "old.json"\./);
  await app.locator("[data-message] .message-action", { hasText: "notes" }).click();
  const dialog = app.locator("[role=dialog]");
  await dialog.waitFor();
  const lines = await dialog.locator("li").allTextContents();
  await app.page.keyboard.press("Escape");
  return lines;
}

test("an old layer is converted, its ids replaced, and a list says so", async (t) => {
  const app = await open(t);
  await opened(app, OLD);
  const lines = await notes(app);
  for (const told of [/format 2\.1/, /mitre-enterprise/, /stages/, /Linux/, /view mode/, /T1136: the tactic has its full name/]) {
    assert.ok(lines.some((line) => told.test(line)), `${told} in\n${lines.join("\n")}`);
  }
  assert.ok(lines.some((line) => /T1086 by T1059\.001, T1168 by T1053/.test(line)), lines.join("\n"));
  assert.ok(lines.some((line) => /^T1053: .*older id/.test(line)), lines.join("\n"));
  const shown = ["unified execution T1053: score 40", "unified persistence T1136: score 20"];
  await eventually(async () => assert.deepEqual((await said(app)).sort(), shown));
  const layer = (await exported(app)).json();
  assert.equal(layer.versions.layer, "4.5");
  const entry = layer.techniques.find(({ techniqueID }) => techniqueID === "T1053");
  assert.equal(entry.comment, "new id\nold id");
});

test("the table of replaced ids is asked for only by layers that need it", async (t) => {
  const app = await open(t);
  let asked = 0;
  await app.page.route(REPLACEMENTS, (route) => {
    asked += 1;
    return route.continue();
  });
  const { version, viewMode, ...rest } = OLD;
  await opened(app, { ...rest, versions: { layer: "4.5", attack: "19", navigator: "5.1.0" } });
  await notes(app);
  assert.equal(asked, 0);
  await opened(app, OLD);
  await app.message(/Opened 1 layer/);
  await eventually(() => assert.equal(asked, 1));
});

test("without the table the layer opens with the ids that it has, and says so", async (t) => {
  const app = await open(t, { allow: [/ERR_FAILED/] });
  await app.page.route(REPLACEMENTS, (route) => route.abort());
  await opened(app, OLD);
  const lines = await notes(app);
  assert.ok(lines.some((line) => /left as they are: .*could not be reached/.test(line)), lines.join("\n"));
  const ids = (await exported(app)).json().techniques.map(({ techniqueID }) => techniqueID);
  assert.deepEqual([...new Set(ids)].sort(), ["T1053", "T1086", "T1136", "T1168"]);
});

test("a later major version is refused in a sentence that says what to do", async (t) => {
  const app = await open(t);
  await opened(app, { ...OLD, version: "9.0" });
  const text = await app.message(/not opened/);
  assert.match(text, /format 9\.0; Bulkhead opens formats 1\.0 to 4\.5: save it in one of these/);
});
