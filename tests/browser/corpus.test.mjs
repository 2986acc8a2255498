// Layer files that others wrote, opened through the page as a user does it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness/browser.mjs";
import { noSharedData, readShared, sharedFiles } from "./harness/facts.mjs";
import { press } from "./support/user.mjs";

// Of what is one layer; nothing of what is none, or several.
function parsed(bytes) {
  try {
    return JSON.parse(bytes.toString("utf8").replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}

test("real layer files of format 4 open in the page, and exporting them loses nothing", { skip: noSharedData }, async (t) => {
  const app = await open(t);
  const files = sharedFiles("layers", ".json").map((file) => [file, readShared(file)]);
  const real = files.flatMap(([file, bytes]) => {
    const original = parsed(bytes);
    return /^4\.\d$/.test(original?.versions?.layer ?? "") ? [{ file, bytes, original }] : [];
  });
  assert.ok(real.length > 100, `${real.length} files`);
  for (const { file, bytes, original } of real) {
    await app.openFile({ name: file.split("/").pop(), buffer: bytes });
    await app.locator('[role=tab][aria-selected="true"]').filter({ hasText: original.name.trim() || "(no name)" }).waitFor();
    await app.locator("[data-message]").first().waitFor();
    const again = (await app.download(() => press(app, "Control+s"))).json();
    assert.equal(again.name, original.name, file);
    for (const key of Object.keys(original)) assert.ok(key in again || key === "version", `${file}: ${key} is lost`);
    const annotated = ({ score, color, comment, enabled, metadata, links }) =>
      score !== undefined || color || comment || enabled === false || metadata?.length || links?.length;
    const there = new Set(again.techniques.map(({ techniqueID, tactic }) => `${techniqueID} ${tactic ?? ""}`));
    const techniques = new Set(again.techniques.map(({ techniqueID }) => techniqueID));
    for (const entry of original.techniques.filter(annotated)) {
      const kept = entry.tactic ? there.has(`${entry.techniqueID} ${entry.tactic}`) : techniques.has(entry.techniqueID);
      assert.ok(kept, `${file}: ${entry.techniqueID} is lost`);
    }
    await press(app, "Alt+w");
    await app.page.waitForFunction(() => document.querySelectorAll("[role=tab]").length === 1);
    for (const dismiss of await app.locator("[data-message] button[aria-label=Dismiss]").all()) await dismiss.click();
  }
});
