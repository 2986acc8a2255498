// The pages of help that come with the app: they are there, lead to each other and nowhere else, and can be read by everyone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness/browser.mjs";

test("the guide opens from the app, and every page, picture and anchor that help leads to is there", { timeout: 120_000 }, async (t) => {
  const app = await open(t);
  const [guide] = await Promise.all([app.context.waitForEvent("page"), app.run("help.guide")]);
  await guide.waitForLoadState();
  assert.match(await guide.title(), /Bulkhead/);
  const seen = new Set();
  const missing = [];
  const [wanted, there] = [new Set(), new Set()];
  for (const next = [guide.url()]; next.length > 0; ) {
    const url = next.pop();
    if (seen.has(url)) continue;
    seen.add(url);
    const response = await guide.goto(url);
    if (response.status() !== 200) {
      missing.push(url);
      continue;
    }
    const { links, broken, ids } = await guide.evaluate(() => ({
      links: [...document.links].map(({ href }) => href),
      broken: [...document.images].filter((image) => !image.complete || image.naturalWidth === 0).map(({ src }) => src),
      ids: [...document.querySelectorAll("[id]")].map(({ id }) => id),
    }));
    missing.push(...broken);
    for (const id of ids) there.add(`${url}#${id}`);
    for (const link of links) {
      const { origin, pathname, hash } = new URL(link);
      if (origin !== new URL(url).origin || !pathname.includes("/help/")) continue;
      const page = link.split("#")[0];
      next.push(page);
      if (hash.length > 1) wanted.add(`${page}${decodeURIComponent(hash)}`);
    }
  }
  missing.push(...[...wanted].filter((anchor) => !there.has(anchor)));
  assert.deepEqual(missing, []);
  assert.ok(wanted.size > 0, "no anchor was led to");
  assert.ok(seen.size >= 10, [...seen].join("\n"));
});

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing wrong with a page of help (${colorScheme})`, async (t) => {
    const app = await open(t, { context: { colorScheme } });
    await app.page.goto(new URL("help/guide/planning.html", app.server.url).href);
    assert.deepEqual(await app.violations(), []);
  });
}
