// axe finds nothing wrong with any screen, in either theme; above all, every text can be read on every colour.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness/browser.mjs";
import { faults } from "./support/axe.mjs";
import { fromBundle, placements } from "./support/knowledge.mjs";
import { said, selected } from "./support/matrix.mjs";
import { choose, eventually, press, see, show } from "./support/user.mjs";

const THEMES = ["light", "dark"];
const PLACES = placements(fromBundle("attack-containers-19.2.json"));
const HAND_COLORS = [
  "#000000", "#ffffff", "#808080", "#777777", "#e60d0d", "#fc6b6b", "#fce93b", "#8ec843", "#31a354", "#66b1ff",
  "#3182bd", "#756bb1", "#fd8d3c", "#bdbdbd", "#ff00ff", "#0000ff", "#00ff0080", "#ff000040",
];

async function opened(t, colorScheme) {
  const app = await open(t, { context: { colorScheme, viewport: { width: 1280, height: 800 } } });
  assert.equal(await app.page.evaluate(() => document.documentElement.dataset.theme), colorScheme);
  return app;
}

const check = async (app, screen) => assert.deepEqual(await faults(app), [], screen);

// A layer that says something of every technique in every tactic.
async function openLayer(app, say, metadata = []) {
  const techniques = PLACES.map((place, at) => ({ techniqueID: place.technique, tactic: place.tactic, ...say(at, place) }));
  const versions = { attack: "19", navigator: "5.1.0", layer: "4.5" };
  const layer = { name: "Every cell", versions, domain: "enterprise-attack", metadata, techniques };
  await app.openFile({ name: "every.json", text: JSON.stringify(layer) });
  await see(app, /Opened 1 layer/);
}

async function inEveryRepresentation(app, screen) {
  for (const [key, words] of [["u", "unified"], ["s", "split"]]) {
    await show(app, key);
    await check(app, `${screen}, ${words}`);
  }
}

for (const theme of THEMES) {
  test(`${theme}: the first visit, a technique, several, and none`, async (t) => {
    const app = await opened(t, theme);
    await inEveryRepresentation(app, "first visit");
    await show(app, "u");
    for (const id of ["T1610", "T1078.001", "T1611"]) {
      await choose(app, id);
      await check(app, `${id} chosen`);
    }
    await press(app, "Control+a");
    await eventually(async () => assert.equal((await selected(app)).length, PLACES.length));
    await check(app, "all chosen");
    await press(app, "i");
    await app.locator("aside").waitFor({ state: "detached" });
    await check(app, "without inspector");
  });

  for (const scores of [[0, 3, 25, 50, 75, 100], Array.from({ length: 101 }, (_, score) => score)]) {
    test(`${theme}: cells with ${scores.length} different scores`, async (t) => {
      const app = await opened(t, theme);

      for (let from = 0; from < scores.length; from += PLACES.length) {
        await openLayer(app, (at) => ({ score: scores[(from + at) % scores.length], comment: at % 3 ? "" : "Said." }));
        await inEveryRepresentation(app, `scores from ${scores[from]}`);
      }
    });
  }

  test(`${theme}: cells coloured by hand, disabled, with marks`, async (t) => {
    const app = await opened(t, theme);
    const links = [{ label: "Runbook", url: "https://example.org" }];
    const metadata = [{ name: "owner", value: "platform team" }];
    await openLayer(app, (at) => ({ color: HAND_COLORS[at % HAND_COLORS.length], score: at, comment: "Said.", links, metadata }));
    await inEveryRepresentation(app, "coloured");
    await choose(app, "T1610", { matrix: "container" });
    await check(app, "coloured, one chosen");
    await openLayer(app, (at) => ({ enabled: at % 2 === 0, score: at, comment: "Said.", links }));
    await inEveryRepresentation(app, "disabled");
  });

  test(`${theme}: tiers scored apart`, async (t) => {
    const app = await opened(t, theme);
    const row = (name, value) => ({ name: `bulkhead:${name}`, value: String(value) });
    const say = (at, { tiers }) => {
      const [one, other] = [(at * 7) % 101, (at * 13 + 50) % 101];
      if (tiers.length < 2 || one === other) return { score: one };
      const metadata = [row("orchestration:score", one), row("container:score", other)];
      return { score: Math.min(one, other), metadata };
    };
    await openLayer(app, say, [row("tiers", "separately, weakest")]);
    assert.ok((await said(app)).some((line) => /orchestration \d+, container \d+/.test(line)));
    await inEveryRepresentation(app, "apart");
    await show(app, "u");
    await choose(app, "T1610");
    await check(app, "both tiers' fields");
  });

  test(`${theme}: headings, hidden names, sub-techniques closed, another bundle`, async (t) => {
    const app = await opened(t, theme);
    await app.run("bundle.attack-18");
    await see(app, /v18\.1/);
    await inEveryRepresentation(app, "v18.1");
    await app.run("bundle.microsoft");
    await see(app, /Kubernetes/);
    await inEveryRepresentation(app, "Microsoft");
    await press(app, "Shift+E");
    await app.run("bundle.attack-19");
    await see(app, /v19\.2/);
    await eventually(async () => assert.equal(await app.locator("[data-parent]").count(), 0));
    await check(app, "closed");
    for (const command of ["view.show-names", "view.show-ids"]) {
      await app.run(command);
      await app.locator("[role=dialog]").waitFor({ state: "detached" });
      await check(app, command);
    }
  });

  test(`${theme}: every dialog and every message`, async (t) => {
    const app = await opened(t, theme);
    const dialog = async (screen, appear) => {
      await appear();
      await app.locator("[role=dialog]").waitFor();
      await check(app, screen);
      await press(app, "Escape");
      await app.locator("[role=dialog]").waitFor({ state: "detached" });
    };
    await dialog("palette", () => press(app, "Control+k"));
    for (const words of ["combine", "T16", "nothing has such words"]) {
      await dialog(`palette, ${words}`, async () => {
        await press(app, "Control+k");
        await app.locator('[data-field="search"]').fill(words);
      });
    }
    await dialog("shortcuts", () => press(app, "?"));
    await dialog("about", () => app.locator('[data-command="help.about"]').first().click());
    await dialog("layer", () => press(app, "F2"));
    await show(app, "s");
    await dialog("export", () => press(app, "Control+s"));
    const unknown = '{"name":"x","versions":{"layer":"4.9"},"domain":"enterprise-attack","techniques":[{"techniqueID":"T9999","score":1}]}';
    await app.openFile({ name: "notes.json", text: unknown });
    await app.message(/Opened 1 layer/);
    await check(app, "a message");
    await dialog("notes", () => app.locator("[data-message]").getByRole("button", { name: /note/ }).click());
    await app.openFile({ name: "broken.json", text: "{" });
    await app.message(/"broken.json" was not opened/);
    await check(app, "a message of what went wrong");
    await app.run("layer.new");
    await app.run("layer.close");
    await app.message(/Closed/);
    await check(app, "a closed layer");
  });

  test(`${theme}: every menu`, async (t) => {
    const app = await opened(t, theme);
    await choose(app, "T1610");
    const openers = await app.locator("[aria-haspopup=menu]").all();
    assert.ok(openers.length >= 6, `${openers.length} menus`);
    for (const opener of openers) {
      await opener.click();
      await app.locator("[role=menu]").waitFor();
      await check(app, `menu ${await opener.textContent()}`);
      await press(app, "Escape");
      await app.locator("[role=menu]").waitFor({ state: "detached" });
    }
  });
}
