// A link that holds a layer: made, followed by somebody else, read first, then edited as a copy; and links that mean harm.

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { open } from "./harness/browser.mjs";
import { fromBundle, placements } from "./support/knowledge.mjs";
import { choose, eventually, exported, press, see } from "./support/user.mjs";

function fullyScored() {
  const techniques = placements(fromBundle("attack-containers-19.2.json")).map(({ technique, tactic }, at) => ({
    techniqueID: technique, tactic, score: (at * 37) % 101, ...(at === 0 && { comment: "seen" }),
  }));
  return { name: "Coverage Q4", versions: { attack: "19", navigator: "5.1.0", layer: "4.5" }, domain: "enterprise-attack", filters: { platforms: ["Containers"] }, techniques };
}

async function linkOf(app) {
  await app.run("share.link");
  const link = await app.locator("[data-field=share-link]").inputValue();
  assert.deepEqual(await app.violations({ include: "[role=dialog]" }), []);
  await press(app, "Escape");
  return link;
}

test("a fully scored container layer fits into a short link, and a stranger gets it exactly", async (t) => {
  const app = await open(t);
  const layer = fullyScored();
  assert.equal(layer.techniques.length, 66);
  await app.openFile({ name: "q4.json", text: JSON.stringify(layer) });
  await see(app, /Opened 1 layer/);
  const mine = (await exported(app)).text();
  const link = await linkOf(app);
  assert.ok(link.length < 4_000, `${link.length} characters`);
  const other = await open(t, { server: app.server, path: `#${link.split("#")[1]}` });
  await other.message(/Opened 1 layer from "the link"/);
  assert.equal((await exported(other)).text(), mine);
  assert.deepEqual(await other.locator("[role=tab]").allTextContents(), ["Coverage Q4"]);
  assert.equal(await other.page.evaluate(() => location.hash), "");
});

test("where the browser puts nothing on the clipboard this is said, and the link stays to be copied", async (t) => {
  const app = await open(t);
  await app.run("share.link");
  await app.page.evaluate(() => (navigator.clipboard.writeText = () => Promise.reject(new Error("not allowed"))));
  await app.locator("[data-action=copy-link]").click();
  await app.locator("[role=dialog] [role=alert]").filter({ hasText: "nothing on the clipboard" }).waitFor();
  assert.equal(await app.locator("[data-message]").filter({ hasText: "is on the clipboard" }).count(), 0);
});

// A fully scored layer, in another profile than the one that its link was made in.
async function openedByLink(t, more = "") {
  const app = await open(t);
  await app.openFile({ name: "q4.json", text: JSON.stringify(fullyScored()) });
  await see(app, /Opened 1 layer/);
  const link = await linkOf(app);
  const other = await open(t, { server: app.server, path: `#${link.split("#")[1]}${more}` });
  await see(other, /Opened 1 layer/);
  return other;
}

test("what came by a link is only read until a copy is edited, also after a reload", async (t) => {
  const other = await openedByLink(t);
  const before = (await exported(other)).text();
  const edit = other.locator("[data-command='share.edit-copy']");
  for (const reload of [false, true]) {
    if (reload) {
      await other.locator('[data-saved="saved"]').waitFor();
      await other.page.reload();
      await other.ready();
    }
    await edit.waitFor();
    await choose(other, "T1610");
    await press(other, "7");
    await see(other, /only read/);
    assert.equal((await exported(other)).text(), before);
    await other.run("annotate.replace-in-comments");
    await other.locator("[data-field=find]").fill("seen");
    await other.locator("[data-field=replace-with]").fill("gone");
    await press(other, "Enter");
    await see(other, /only read/);
    assert.equal((await exported(other)).text(), before);
  }
  assert.deepEqual(await other.violations(), []);
  await edit.click();
  await choose(other, "T1610", { tactic: "execution" });
  await press(other, "7");
  await eventually(async () => assert.equal((await exported(other)).json().techniques.find((it) => it.techniqueID === "T1610").score, 7));
  assert.equal(await edit.count(), 0);
  assert.equal(await other.locator("[role=tab]").count(), 1);
});

test("a hostile link gets a message, and nothing else happens", async (t) => {
  const app = await open(t);
  await app.openFile({ name: "q4.json", text: JSON.stringify(fullyScored()) });
  await see(app, /Opened 1 layer/);
  const [, good] = (await linkOf(app)).split("#layer=");
  const bomb = `1${deflateRawSync(Buffer.alloc(40_000_000, " "), { level: 9 }).toString("base64url")}`;
  const markup = `1${deflateRawSync('"<img src=x onerror=alert(1)>"').toString("base64url")}`;
  const cases = [
    ["", /holds no layer/],
    [`9${good.slice(1)}`, /made by a newer Bulkhead/],
    [good.slice(0, good.length / 2), /damaged or was cut off/],
    ["1%3Cscript%3E", /damaged or was cut off/],
    [bomb, /unpacks to more than/],
    [markup, /was not opened/],
  ];
  for (const [fragment, words] of cases) {
    await app.page.evaluate((fragment) => (location.hash = `layer=${fragment}`), fragment);
    await see(app, words);
  }
  assert.deepEqual(await app.locator("[role=tab]").allTextContents(), ["Coverage Q4"]);
});

test("a layer that is too large for a link goes as a file", async (t) => {
  const app = await open(t);
  const layer = fullyScored();
  let seed = 1;
  const noise = () => Array.from({ length: 900 }, () => ((seed = (seed * 48271) % 2147483647) % 36).toString(36)).join("");
  for (const technique of layer.techniques) technique.comment = noise();
  await app.openFile({ name: "q4.json", text: JSON.stringify(layer) });
  await see(app, /Opened 1 layer/);
  await app.run("share.link");
  await app.locator("[role=dialog]").filter({ hasText: "as a file instead" }).waitFor();
  const file = await app.download(() => app.locator("[data-action=file]").click());
  assert.equal(file.json().techniques.length, 66);
});

test("what came by a link is not shown on another bundle either, until a copy is edited", async (t) => {
  const other = await openedByLink(t);
  const shown = () => other.locator(".status .menu-button").first().textContent();
  const before = await shown();
  await other.run("bundle.attack-18");
  await see(other, /only read/);
  assert.equal(await shown(), before);
  await other.locator("[data-command='share.edit-copy']").click();
  await other.run("bundle.attack-18");
  await see(other, /The layer now shows/);
});

test("a link can say which matrices are shown of what is only read", async (t) => {
  const other = await openedByLink(t, "&view=split");
  await eventually(async () => assert.equal(await other.locator("[role=grid]").count(), 2));
  assert.equal(await other.locator("[role=alert]").filter({ hasText: /./ }).count(), 0);
});
