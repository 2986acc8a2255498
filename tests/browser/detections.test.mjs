// Layers from detection content: files and folders of rules are recognised wherever files are opened, and a dialog shows
// what comes of them before a layer is made.

import { test } from "node:test";
import assert from "node:assert/strict";
import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { open, temporaryFolder } from "./harness/browser.mjs";
import { noSharedData, readShared, sharedFiles, readJson, techniques } from "./harness/facts.mjs";
import { eventually, exported, press, see } from "./support/user.mjs";

const FALCO = "detections/falcosecurity__rules/rules/falco_rules.yaml";

const dialog = (app) => app.locator("[role=dialog]");
const field = (app, name) => dialog(app).locator(`[data-field="${name}"]`);

// What is planned, as the dialog lists it: { T1611: "3", … }
async function planned(app, at = 0) {
  await app.settled();
  return dialog(app).locator("[data-planned]").nth(at).evaluate((section) =>
    Object.fromEntries(
      [...section.querySelectorAll("[data-import-technique]")].map((row) => [
        row.dataset.importTechnique,
        row.querySelector("[data-import-score]").textContent,
      ]),
    ),
  );
}

async function give(app, files) {
  await app.openFile(files);
  await dialog(app).locator("[data-found]").waitFor();
}

async function make(app) {
  await dialog(app).locator('[data-action="make"]').click();
  await see(app, /^Made/);
}

// How many enabled rules of a Falco file name each technique, read line by line.
function plainCounts(text) {
  const counts = {};
  for (const rule of text.split(/^- /m).filter((item) => item.startsWith("rule:"))) {
    if (/^ {2}enabled: false$/m.test(rule)) continue;
    const tags = rule.match(/^ {2}tags: \[(.*)\]$/m)?.[1].split(",") ?? [];
    for (const id of new Set(tags.map((tag) => tag.trim()).filter((tag) => /^T\d{4}/.test(tag)))) counts[id] = (counts[id] ?? 0) + 1;
  }
  return counts;
}

const score = (technique) => Number(technique.score);

// A ZIP archive of { path: text }.
function zip(files) {
  const parts = [];
  const directory = [];
  let at = 0;
  const number = (value, bytes) => {
    const buffer = Buffer.alloc(bytes);
    buffer.writeUIntLE(value, 0, bytes);
    return buffer;
  };
  for (const [path, text] of Object.entries(files)) {
    const name = Buffer.from(path);
    const packed = deflateRawSync(Buffer.from(text));
    const common = Buffer.concat([
      number(20, 2), number(0, 2), number(8, 2), number(0, 4), number(0, 4),
      number(packed.length, 4), number(Buffer.byteLength(text), 4), number(name.length, 2), number(0, 2),
    ]);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, name, packed]);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02"), number(20, 2), common, Buffer.alloc(10), number(at, 4), name]));
    parts.push(local);
    at += local.length;
  }
  const list = Buffer.concat(directory);
  const count = number(directory.length, 2);
  const end = Buffer.concat([Buffer.from("PK\x05\x06"), Buffer.alloc(4), count, count, number(list.length, 4), number(at, 4), number(0, 2)]);
  return Buffer.concat([...parts, list, end]);
}

test("Falco rules become a layer with the number of rules as scores", { skip: noSharedData }, async (t) => {
  const app = await open(t);
  const text = readShared(FALCO).toString();
  await give(app, { name: "falco_rules.yaml", text });
  const expected = plainCounts(text);
  // Ids that ATT&CK has replaced are taken for what replaced them; here as the file has them.
  const replaced = field(app, "import-replaced");
  if (await replaced.count()) await replaced.uncheck();
  const told = await planned(app);
  assert.deepEqual(Object.fromEntries(Object.entries(told).map(([id, count]) => [id, Number(count)])), expected);
  assert.deepEqual(await app.violations(), []);
  await field(app, "import-name").fill("Falco now");
  await make(app);
  assert.equal(await app.locator('[role=tab][aria-selected="true"]').textContent(), "Falco now");
  const file = (await exported(app)).json();
  for (const [id, count] of Object.entries(expected)) {
    const entries = file.techniques.filter(({ techniqueID }) => techniqueID === id);
    assert.ok(entries.length > 0, `${id} is in the layer`);
    for (const entry of entries) {
      assert.equal(score(entry), count, id);
      assert.equal(entry.metadata.filter(({ name }) => name === "Falco rule").length, count, `${id} lists its rules`);
    }
  }
  const known = techniques(readJson("data", "attack-containers-19.2.json"));
  const inBundle = Object.keys(expected).filter((id) => known.some((technique) => technique.id === id));
  for (const id of inBundle) assert.equal(await app.cell(id).first().getAttribute("data-score"), String(expected[id]));
  assert.ok(inBundle.length > 3);
});

test("What could not be mapped is listed with the reason", async (t) => {
  const app = await open(t);
  const text = `
- {rule: Runs a shell, condition: x, output: y, tags: [mitre_execution, T1609]}
- {rule: Only a tactic, condition: x, output: y, tags: [mitre_impact]}
- {rule: Nothing at all, condition: x, output: y, tags: [host]}
- {rule: Switched off, condition: x, output: y, enabled: false, tags: [T1609]}
- {rule: Elsewhere, condition: x, output: y, tags: [T9999]}
`;
  await give(app, { name: "rules.yaml", text });
  await dialog(app).locator("[data-left] > summary").click();
  const reasons = () => dialog(app).locator("[data-import-left]").evaluateAll((all) => all.map((row) => row.dataset.importLeft).sort());
  const outside = (await reasons()).find((reason) => reason.startsWith("T9999"));
  assert.match(outside, /^T9999 is not in ATT&CK/);
  assert.deepEqual(await reasons(), ["Names a tactic only: impact", "Names no technique", "Not enabled", outside]);
  const off = dialog(app).locator('[data-import-left="Not enabled"]');
  await off.locator("summary").click();
  await eventually(async () => assert.match(await off.textContent(), /Switched off/));
  assert.deepEqual(await planned(app), { T1609: "1", T9999: "1" });
  await field(app, "import-off").check();
  await field(app, "import-unknown").uncheck();
  assert.deepEqual(await planned(app), { T1609: "2" });
  await field(app, "import-capped").check();
  await field(app, "import-cap").fill("4");
  assert.deepEqual(await planned(app), { T1609: "50" });
  await press(app, "Escape");
  assert.equal(await app.locator("[role=tab]").count(), 1, "without a yes no layer is made");
});

test("An archive of Sigma rules and a Falco file make one layer, or one each", { skip: noSharedData }, async (t) => {
  const app = await open(t);
  const paths = sharedFiles("detections/SigmaHQ__sigma", ".yml");
  const files = Object.fromEntries(paths.map((path) => [path, readShared(path).toString()]));
  const counts = {};
  for (const text of Object.values(files)) {
    for (const id of new Set(text.match(/(?<=^ {4}- attack\.)t\d{4}(\.\d{3})?/gm))) {
      counts[id.toUpperCase()] = (counts[id.toUpperCase()] ?? 0) + 1;
    }
  }
  const falco = "- {rule: Shell, condition: x, output: y, tags: [T1609]}\n- {rule: Pod, condition: x, output: y, tags: [T1609]}";
  await give(app, [
    { name: "sigma.zip", mimeType: "application/zip", buffer: zip({ "README.md": "T1610", ...files }) },
    { name: "falco.yaml", mimeType: "text/yaml", buffer: Buffer.from(falco) },
  ]);
  const replaced = field(app, "import-replaced");
  if (await replaced.count()) await replaced.uncheck();
  const numbers = async (at) => Object.fromEntries(Object.entries(await planned(app, at)).map(([id, count]) => [id, Number(count)]));
  assert.deepEqual(await numbers(0), { ...counts, T1609: (counts.T1609 ?? 0) + 2 });
  await field(app, "import-apart").check();
  assert.deepEqual(await numbers(0), counts);
  assert.deepEqual(await numbers(1), { T1609: 2 });
  await make(app);
  const tabs = await app.locator("[role=tab]").allTextContents();
  assert.deepEqual(tabs, ["Sigma rules", "Falco rules"], "the blank layer made room");
});

test("How many rules make 100 stays as typed when other choices come to matter", async (t) => {
  const app = await open(t);
  const rules = ["T1609", "T1609", "T1612"].map((id, at) => `- {rule: Rule ${at}, condition: x, output: y, tags: [${id}]}`);
  await give(app, { name: "falco.yaml", text: rules.join("\n") });
  await field(app, "import-capped").check();
  await field(app, "import-cap").fill("4");
  assert.equal((await planned(app)).T1609, "50");
  // Microsoft's matrix has other techniques, so that it can be asked whether to keep these.
  await field(app, "import-bundle").selectOption("microsoft");
  await field(app, "import-unknown").waitFor();
  assert.equal(await field(app, "import-cap").inputValue(), "4");
});

test("A matrix that can't be had is not left chosen", async (t) => {
  const app = await open(t, { allow: [/ERR_/] });
  await app.page.route("**/data/microsoft-kubernetes.json", (route) => route.abort());
  await give(app, { name: "falco.yaml", text: "- {rule: Shell, condition: x, output: y, tags: [T1609]}" });
  await field(app, "import-bundle").selectOption("microsoft");
  await app.locator("[role=alert][data-message]").waitFor();
  assert.equal(await field(app, "import-bundle").inputValue(), "attack-19");
});

test("A folder that is dropped is read for its rules", async (t) => {
  const app = await open(t);
  const rule = (id) => `title: ${id}\ntags: [attack.${id.toLowerCase()}]\ndetection: {condition: x}\n`;
  await app.page.evaluate(async (files) => {
    // A folder as the browser hands it over: a page can't make one.
    const file = ([path, text]) => ({
      isFile: true, isDirectory: false, fullPath: `/${path}`, file: (came) => came(new File([text], path.split("/").pop())),
    });
    const lots = [Object.entries(files).map(file), []];
    const createReader = () => ({ readEntries: (came) => came(lots.shift() ?? []) });
    const folder = { isFile: false, isDirectory: true, fullPath: "/rules", createReader };
    const dropped = { items: { length: 1, 0: { webkitGetAsEntry: () => folder } }, files: [] };
    const event = new DragEvent("drop", { bubbles: true, cancelable: true });
    Object.defineProperty(event, "dataTransfer", { value: dropped });
    window.dispatchEvent(event);
  }, { "rules/a.yml": rule("T1609"), "rules/deep/b.yml": rule("T1610"), "rules/README.md": "T1611", "rules/.git/c.yml": rule("T1612") });
  await dialog(app).locator("[data-found]").waitFor();
  assert.deepEqual(await planned(app), { T1609: "1", T1610: "1" });
});

test("The columns of a table are guessed, shown and changed", async (t) => {
  const app = await open(t);
  const text = 'Rule;Technique;Score;Notes\n"Shell; or so";T1609;80;first\nPod;T1610;20;"two\nlines"\nPod again;T1610;60;\nNothing;;10;\n';
  await give(app, { name: "our plan.csv", text });
  const columns = field(app, "import-column");
  assert.deepEqual(await columns.evaluateAll((all) => all.map(({ value }) => value)), ["name", "technique", "score", "comment"]);
  assert.deepEqual(await planned(app), { T1609: "80", T1610: "40" });
  assert.deepEqual(await app.violations(), []);
  await field(app, "import-averaging").selectOption("highest");
  assert.deepEqual(await planned(app), { T1609: "80", T1610: "60" });
  await columns.nth(2).selectOption("nothing");
  assert.deepEqual(await planned(app), { T1610: "2", T1609: "1" });
  await columns.nth(1).selectOption("nothing");
  assert.ok(await dialog(app).getByText("Say which column has the technique ids.").isVisible());
  assert.ok(await dialog(app).locator('[data-action="make"]').isDisabled());
  await columns.nth(1).selectOption("technique");
  await columns.nth(2).selectOption("score");
  await make(app);
  const file = (await exported(app)).json();
  assert.equal(file.name, "our plan");
  const pod = file.techniques.find(({ techniqueID }) => techniqueID === "T1610");
  assert.equal(pod.score, 60);
  assert.equal(pod.comment, "two\nlines");
});

test("DeTT&CT's technique administration becomes a layer of detection and one of visibility", async (t) => {
  const app = await open(t);
  const text = `
version: 1.2
file_type: technique-administration
techniques:
- technique_id: T1610
  detection: {applicable_to: [all], score_logbook: [{date: 2024-01-01, score: 3, comment: good}]}
  visibility: {applicable_to: [all], score_logbook: [{date: 2024-01-01, score: 2}]}
- technique_id: T1611
  detection: {applicable_to: [all], score_logbook: [{date: , score: -1}]}
  visibility: {applicable_to: [all], score_logbook: [{date: 2024-01-01, score: 1}]}
`;
  await give(app, { name: "techniques.yaml", text });
  assert.deepEqual([await planned(app, 0), await planned(app, 1)], [{ T1610: "3" }, { T1610: "2", T1611: "1" }]);
  await make(app);
  assert.deepEqual(await app.locator("[role=tab]").allTextContents(), ["DeTT&CT detection", "DeTT&CT visibility"]);
});

test("Hostile and useless files get a message, and nothing is lost", async (t) => {
  const app = await open(t);
  const bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let level = 1; level < 12; level++) bomb.push(`a${level}: &a${level} [${Array(10).fill(`*a${level - 1}`).join(", ")}]`);
  const cases = [
    ["bomb.yaml", bomb.join("\n"), /says so by aliases/],
    ["deep.yaml", "[".repeat(100_000), /deeper|no YAML/],
    ["broken.yaml", "a: [1, 2\nb: 3", /no YAML: .* in line \d/],
    ["bomb.zip", zip({ "bomb.yaml": "a".repeat(33_000_000) }), /larger than 32 MB/],
    ["broken.zip", "PK\x03\x04 and nothing", /no whole ZIP archive/],
    ["prose.txt", "Nothing of use here.", /no technique ids/],
    ["program.bin", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0]), /no text/],
  ];
  for (const [name, content, message] of cases) {
    await app.openFile({ name, mimeType: "application/octet-stream", buffer: Buffer.from(content) });
    await eventually(async () => assert.match(await app.message(/./), message));
    await app.locator("[data-message]").getByRole("button", { name: "Dismiss" }).click();
    assert.equal(await dialog(app).count(), 0, name);
  }
  const large = join(await temporaryFolder(), "large.yaml");
  await writeFile(large, "");
  await truncate(large, 100_000_001);
  await app.openFile(large);
  await app.message(/larger than 100 MB/);
  assert.equal(await app.locator("[role=tab]").count(), 1);
});

test("Any text with technique ids becomes a layer of what it mentions", async (t) => {
  const app = await open(t);
  await give(app, { name: "report.md", text: "They deployed a container (T1610), then T1611.\nAgain T1610: https://attack.mitre.org/techniques/T1053/007/\n" });
  assert.deepEqual(await planned(app), { T1610: "2", "T1053.007": "1", T1611: "1" });
});
