// Bundles of others: official ones by file, by address and from a collection index, kept in the browser and deleted there;
// what comes from the web and is no bundle, or too much of one; and several things that are opened at once.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { open, temporaryFolder } from "./harness/browser.mjs";
import { noSharedData, readJson, readShared } from "./harness/facts.mjs";
import { matrices } from "./support/matrix.mjs";
import { choose, eventually, press, score, see } from "./support/user.mjs";

const ics = () => readShared("stix", "ics-attack-18.1.json.gz");

// A bundle of one technique in each of two matrices, as a Workbench may export it.
function custom() {
  const tactic = (number, short) => ({
    type: "x-mitre-tactic", id: `x-mitre-tactic--${number}`, name: `Tactic ${number}`, x_mitre_shortname: short,
    external_references: [{ source_name: "ours", external_id: `OT${number}` }],
  });
  const technique = (number, short) => ({
    type: "attack-pattern", id: `attack-pattern--${number}`, name: `Own Technique ${number}`, x_mitre_platforms: ["Mainframe"],
    kill_chain_phases: [{ kill_chain_name: "ours", phase_name: short }],
    external_references: [{ source_name: "ours", external_id: `OUR-${number}` }],
  });
  const matrix = (number) => ({ type: "x-mitre-matrix", id: `x-mitre-matrix--${number}`, name: `Matrix ${number}`, tactic_refs: [`x-mitre-tactic--${number}`] });
  const objects = [
    { type: "x-mitre-collection", id: "x-mitre-collection--1", name: "Our own", x_mitre_version: "3.0" },
    matrix(1), matrix(2), tactic(1, "first"), tactic(2, "second"), technique(1, "first"), technique(2, "second"),
  ];
  return JSON.stringify({ type: "bundle", id: "bundle--1", spec_version: "2.1", objects });
}

async function openFromWeb(app, address) {
  await app.run("layer.open-address");
  const field = app.locator('[data-field="address"]:focus');
  await field.waitFor();
  await field.fill(address);
  await field.press("Enter");
}

const bundles = (app) =>
  app.page.$$eval(".bundle-line", (all) => all.map((it) => [it.dataset.bundle, it.querySelector(".muted").textContent]));

const untouched = async (app) => {
  assert.equal(await app.locator("[role=gridcell]").count(), 66, "what was open is still there");
  assert.equal(await app.cell("T1610").first().getAttribute("data-score"), "40");
};

test("from a collection index a domain and version are chosen, and the bundle opens", { skip: noSharedData }, async (t) => {
  const index = JSON.parse(readShared("stix", "collection-index.json"));
  const app = await open(t, { base: "/some/where/" });
  const bundle = app.server.put("stix/ics-18.1.json", ics());
  // The official index, but for where its bundles are: beside it.
  for (const { versions } of index.collections) {
    for (const version of versions) version.url = version.url.endsWith("/ics-attack-18.1.json") ? "ics-18.1.json" : "nowhere.json";
  }
  await openFromWeb(app, app.server.put("stix/index.json", JSON.stringify(index)));
  const dialog = app.locator("[role=dialog]");
  await dialog.locator(".collection").first().waitFor();
  assert.deepEqual(
    await dialog.locator(".collection").evaluateAll((all) => all.map((it) => [it.dataset.collection, it.querySelectorAll(".version").length])),
    index.collections.map(({ name, versions }) => [name, versions.length]),
  );
  assert.deepEqual(await app.violations(), []);
  await dialog.getByRole("button", { name: /^18\.1 .*: open ICS ATT&CK$/ }).click();
  await app.message(/Opened ICS ATT&CK v18\.1: 83 techniques/);
  assert.ok(app.server.requests.some(({ path }) => bundle.endsWith(path)));
  const [{ columns }] = await matrices(app);
  assert.equal(columns.length, 12);
  assert.equal(columns.reduce((sum, { cells }) => sum + cells.length, 0), 94);
});

test("an index opens as a file too, and one that offers nothing says so", async (t) => {
  const app = await open(t);
  const text = JSON.stringify({ name: "Ours", collections: [{ name: "Own", versions: [{ version: "1.0", url: `${app.server.url}own.json` }] }] });
  app.server.put("own.json", custom());
  await app.openFile({ name: "index.json", text: JSON.stringify({ collections: [] }) });
  await see(app, /"index.json" was not opened: .*without a single version/);
  await app.openFile({ name: "index.json", text });
  await app.locator("[role=dialog]").getByRole("button", { name: "1.0 : open Own" }).click();
  await app.message(/Opened Our own v3\.0: 2 techniques/);
  const [{ columns }] = await matrices(app);
  const told = columns.map(({ tactic, cells }) => `${tactic} ${cells.map(({ technique }) => technique)}`);
  assert.deepEqual(told, ["first OUR-1", "second OUR-2"], "both matrices");
});

test("a layer opens by address as well; what is no address is told in the dialog", async (t) => {
  const app = await open(t);
  const layer = JSON.stringify({ name: "From the web", versions: { layer: "4.5" }, domain: "enterprise-attack", techniques: [{ techniqueID: "T1610", score: 3 }] });
  const address = app.server.put("layer.json", layer);
  await app.run("layer.open-address");
  const field = app.locator('[data-field="address"]');
  for (const wrong of ["javascript://alert(1)", "two words", "file:///etc/passwd", "https://"]) {
    await field.fill(wrong);
    await field.press("Enter");
    assert.match(await app.locator("#address-error").textContent(), /no web address/, wrong);
  }
  assert.deepEqual(await app.violations(), []);
  await field.fill(address);
  await field.press("Enter");
  await app.message(/Opened 1 layer/);
  assert.equal(await app.cell("T1610").first().getAttribute("data-score"), "3");
});

test("what is broken, missing, too large or endless is refused, and nothing is lost", { timeout: 120_000 }, async (t) => {
  const app = await open(t, { allow: [/404/, /ERR_/] });
  await score(app, "T1610", "40");
  const whole = JSON.stringify(readJson("data", "attack-containers-19.2.json"));
  const cases = [
    ["cut.json", whole.slice(0, 50_000), {}, /cut\.json" was not opened: .*cut off/],
    ["not.json", "<html>nothing</html>", {}, /not\.json" was not opened/],
    ["empty.json", "", {}, /empty\.json" was not opened/],
    ["other.json", JSON.stringify({ type: "bundle", objects: [] }), {}, /other\.json" was not opened: .*no matrix/],
    ["gone.json", "no", { status: 404 }, /gone\.json answered "404/],
    ["index.json", '{"collections": [', {}, /index\.json" was not opened: .*not JSON/],
  ];
  for (const [name, text, options, words] of cases) {
    await openFromWeb(app, app.server.put(name, text, options));
    await see(app, words);
    await untouched(app);
  }
  // It says that it is too large: nothing of it is taken.
  const huge = app.server.put("huge.json", (_, response) => response.writeHead(200, { "Content-Length": 300_000_000 }).write("{"));
  await openFromWeb(app, huge);
  await see(app, /larger than 268 MB/);
  // It doesn't say so, and never ends.
  let closed = false;
  const block = Buffer.alloc(1 << 20, " ");
  const flood = (response) => {
    while (!response.destroyed && response.write(block));
    response.once("drain", () => flood(response));
  };
  await openFromWeb(app, app.server.put("flood.json", (_, response) => flood(response.writeHead(200).once("close", () => (closed = true)))));
  await eventually(async () => assert.ok(await app.locator("[data-message]").filter({ hasText: "larger than 268 MB" }).count()));
  await eventually(async () => assert.ok(closed, "the connection is closed"));
  await untouched(app);
});

test("what comes slowly shows how much has come, and can be stopped", async (t) => {
  const app = await open(t, { allow: [/ERR_/] });
  await score(app, "T1610", "40");
  let closed = false;
  const slow = (_, response) => {
    response.writeHead(200, { "Content-Length": 40_000_000 });
    const timer = setInterval(() => response.write(Buffer.alloc(500_000, " ")), 50);
    response.once("close", () => {
      clearInterval(timer);
      closed = true;
    });
  };
  await openFromWeb(app, app.server.put("slow.json", slow));
  await eventually(async () => assert.match(await app.locator(".message-progress").textContent(), /^\d\.\d of 40\.0 MB$/));
  await app.locator('[data-command="bundle.stop-reading"]').click();
  await app.message(/slow\.json" was not opened: you stopped it/);
  await eventually(async () => assert.ok(closed, "the connection is closed"));
  await untouched(app);
});

test("opened bundles are listed with what they take, deleted, and brought back", { skip: noSharedData }, async (t) => {
  const profileDir = await temporaryFolder();
  let app = await open(t, { profileDir });
  const path = join(profileDir, "ics.json");
  writeFileSync(path, ics());
  await app.openFile(path);
  await app.message(/Opened ICS/);
  await app.run("bundle.manage");
  const name = "ics-attack 18.1 (ICS ATT&CK)";
  const megabytes = (ics().length / 1_000_000).toFixed(1);
  await eventually(async () => {
    const [, , , opened] = await bundles(app);
    assert.equal(opened[0], name);
    assert.ok(opened[1].startsWith(`${megabytes} MB, and `) && opened[1].includes("83 techniques"), opened[1]);
  });
  assert.deepEqual(await app.violations(), []);
  // By keys: the list is made anew, and the focus stays in its line.
  await app.locator('.bundle-line [data-action="delete"]').focus();
  await press(app, "Enter");
  await app.locator('.bundle-line [data-action="bring-back"]:focus').waitFor();
  await press(app, "Enter");
  await app.locator('.bundle-line:has([data-action="delete"]) [data-action="use"]:focus').waitFor();
  await app.locator('[data-saved="saved"]').waitFor();
  await app.close();
  app = await open(t, { server: app.server, profileDir });
  assert.equal(await app.locator("[role=gridcell]").count(), 94, "it is there again without a network");
  await app.run("bundle.manage");
  await app.locator('.bundle-line [data-action="delete"]').click();
  await app.locator('.bundle-line [data-action="bring-back"]').waitFor();
  await press(app, "Escape");
  await app.close();
  app = await open(t, { server: app.server, profileDir });
  await app.run("bundle.manage");
  await eventually(async () => assert.equal((await bundles(app)).length, 3));
});

test("container techniques of the official Enterprise bundle have our tiers and evidence; others stand in no tier", { skip: noSharedData }, async (t) => {
  const app = await open(t);
  const path = join(await temporaryFolder(), "enterprise.json");
  writeFileSync(path, readShared("stix", "enterprise-attack-18.1.json.gz"));
  await app.openFile(path);
  await app.message(/691 techniques/);
  const tier = (id) => app.cell(id).first().getAttribute("data-tier");
  const own = new Map(readJson("data", "attack-containers-18.1.json").objects.flatMap((object) => {
    const tiers = Object.values(object.extensions ?? {}).find((extension) => extension.tiers)?.tiers;
    return tiers ? [[object.external_references[0].external_id, tiers]] : [];
  }));
  for (const id of ["T1610", "T1611", "T1612", "T1562.001", "T1078.001"]) {
    const expected = ["orchestration", "container"].filter((it) => own.get(id).includes(it)).join(" ");
    assert.equal(await tier(id), expected, id);
  }
  await app.run("T1059.001");
  await app.locator(".inspector").getByText("no tier assigned").waitFor();
  await app.run("T1610");
  const seen = app.locator('[data-section="evidence"] .tag:has(.cell-wild)');
  await eventually(async () => assert.ok((await seen.allTextContents()).includes("TeamTNT")));
});

test("a layer that names the address of its own bundle is shown on it when the user says so", async (t) => {
  const app = await open(t);
  const bundle = readJson("data", "attack-containers-18.1.json");
  bundle.objects.find(({ type }) => type === "x-mitre-collection").name = "Ours";
  const url = app.server.put("own/bundle.json", JSON.stringify(bundle));
  const layer = { name: "Own", versions: { attack: "18", layer: "4.5" }, domain: "custom", customDataURL: url, techniques: [{ techniqueID: "T1610", tactic: "execution", score: 4 }] };
  await app.openFile({ name: "own.json", text: JSON.stringify(layer) });
  await app.message(/Opened 1 layer/);
  assert.ok(!app.server.requests.some(({ path }) => path.includes("own/")), "nothing is fetched unasked");
  await app.locator("[data-message]").getByRole("button", { name: "Fetch its bundle" }).click();
  await app.message(/Opened Ours/);
  await app.locator(".status", { hasText: "Ours" }).waitFor();
  assert.deepEqual(await app.locator("[role=tab]").allTextContents(), ["Own"]);
  assert.equal(await app.cell("T1610", { tactic: "execution" }).getAttribute("data-score"), "4");
});

test("what a bundle writes in Markdown is read as it is meant, and leads to the techniques that it names", async (t) => {
  const app = await open(t);
  const bundle = readJson("data", "attack-containers-18.1.json");
  const attack = (id) => bundle.objects.find((it) => it.type === "attack-pattern" && it.external_references[0].external_id === id);
  bundle.objects.find(({ type }) => type === "x-mitre-collection").name = "Ours";
  attack("T1610").description = [
    `**Before** [Escape to Host](${attack("T1611").external_references[0].url}) comes <code>docker run C:\\*</code>.`,
    "* [elsewhere](https://elsewhere.example/)\n* [nowhere](javascript:alert(1)) <b>",
  ].join("\n\n");
  await app.openFile({ name: "ours.json", text: JSON.stringify(bundle) });
  await app.message(/Opened Ours/);
  await choose(app, "T1610");
  const prose = app.locator(".inspector .prose").first();
  await prose.locator("code").waitFor();
  assert.deepEqual(await prose.locator("> *").allTextContents(), [
    "Before Escape to Host comes docker run C:\\*.", "• elsewhere", "• nowhere <b>",
  ]);
  assert.deepEqual(await prose.locator("a").evaluateAll((all) => all.map(({ href, rel }) => [href, rel])), [
    [attack("T1611").external_references[0].url, "noopener noreferrer"],
    ["https://elsewhere.example/", "noopener noreferrer"],
  ]);
  await prose.getByRole("link", { name: "Escape to Host" }).press("Enter");
  await app.locator(".inspector h2", { hasText: "Escape to Host" }).waitFor();
});

test("several addresses open a layer each, and one that is missing keeps no other from opening", async (t) => {
  const text = (name, score) => JSON.stringify({ name, versions: { layer: "4.5" }, domain: "enterprise-attack", techniques: [{ techniqueID: "T1610", score }] });
  const before = (_, app) => {
    app.server.put("a.json", text("First", 11));
    app.server.put("b.json", text("Second", 22));
  };
  const app = await open(t, { allow: [/404/], before, path: "#layerURL=a.json&layerURL=missing.json&layerURL=b.json" });
  const tabs = app.locator("[role=tab]");
  await tabs.filter({ hasText: "Second" }).waitFor();
  await tabs.filter({ hasText: "First" }).waitFor();
  assert.match(await app.message(/missing\.json answered "404/), /2 notes/);
  for (const [name, score] of [["First", "11"], ["Second", "22"]]) {
    await tabs.filter({ hasText: name }).click();
    await app.page.waitForFunction((score) => document.querySelector('[data-technique="T1610"]').dataset.score === score, score);
  }
  assert.deepEqual(await tabs.allTextContents(), ["First", "Second"]);
});

test("of several files each is told of, and what failed first", async (t) => {
  const app = await open(t);
  const file = (name, text) => ({ name, text });
  const layer = JSON.stringify({ name: "Good", versions: { layer: "4.5" }, domain: "enterprise-attack", techniques: [] });
  await app.openFile([file("good.json", layer), file("broken.json", '{"techniques": ['), file("also-good.json", layer)]);
  await app.message(/"broken\.json" was not opened/);
  await app.locator("[data-message]").getByRole("button", { name: "2 notes" }).click();
  const notes = await app.locator("[role=dialog] li").allTextContents();
  assert.deepEqual(notes, ['Opened 1 layer from "good.json".', 'Opened 1 layer from "also-good.json".']);
  await press(app, "Escape");
  assert.equal(await app.locator("[role=tab]").count(), 2);
  await see(app, /broken/);
  await app.openFile([file("one.json", "{"), file("good.json", layer), file("two.json", "{")]);
  await app.message(/2 of 3 could not be opened/);
});
