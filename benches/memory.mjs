// What the app keeps in memory: after a large bundle, with many layers, and after many edits.

const EDITS = 1_000;

// JS heap after a collection, and the main thread's wasm memory, in bytes.
async function counter(tab, context) {
  const session = await context.newCDPSession(tab);
  await session.send("Performance.enable");
  return async () => {
    await session.send("HeapProfiler.collectGarbage");
    const { metrics } = await session.send("Performance.getMetrics");
    const heap = metrics.find(({ name }) => name === "JSHeapUsedSize").value;
    return { heap, wasm: await tab.evaluate(() => window.__measure.wasmBytes()) };
  };
}

export async function memory(tab, context, rows) {
  const count = await counter(tab, context);
  const used = async () => {
    const { heap, wasm } = await count();
    return (heap + wasm) / 1e6;
  };
  const one = await used();
  rows.push({ what: "memory: Enterprise and one layer", value: one, unit: "MB", limit: 60, basis: "JS heap after collection + wasm memory" });
  const tabs = () => tab.locator("[role=tab][data-layer]").count();
  const before = await tabs();
  for (let layer = 0; layer < 10; layer += 1) {
    await tab.keyboard.press("Control+k");
    await tab.locator('[data-field="search"]:focus').fill("layer.new", { timeout: 5000 }).catch(() => {});
    await tab.keyboard.press("Enter");
    await tab.waitForTimeout(200);
  }
  const what = "memory: ten more layers";
  const more = (await tabs()) - before;
  rows.push(more === 10 ? { what, value: (await used()) - one, unit: "MB", limit: 20 } : { what, missing: `layer.new made ${more} layers of 10` });
}

// A leak shows in what is left of the heap; the wasm memory has the history of the edits, which undo needs.
export async function afterManyEdits(tab, context, rows) {
  const count = await counter(tab, context);
  const score = async (times) => {
    for (let edit = 0; edit < times; edit += 1) {
      // Another cell each time, so that each digit is an edit of its own.
      await tab.keyboard.press(edit % 2 === 0 ? "ArrowDown" : "ArrowUp");
      await tab.keyboard.press(String((edit % 9) + 1));
    }
    await tab.locator('[data-saved="saved"]').waitFor();
  };
  await tab.locator("[role=gridcell][data-technique]:visible").first().click({ position: { x: 12, y: 12 }, timeout: 5000 });
  // What is made once, at the first of them, is no leak.
  await score(EDITS / 10);
  const before = await count();
  await score(EDITS);
  const after = await count();
  const basis = `JS heap after collection: ${(before.heap / 1e6).toFixed(1)} → ${(after.heap / 1e6).toFixed(1)} MB`;
  rows.push({ what: "memory: after a thousand edits, of what it was", value: after.heap / before.heap, unit: "×", limit: 1.1, basis });
  rows.push({ what: "memory: a thousand edits that can be undone", value: (after.wasm - before.wasm) / 1e6, unit: "MB", basis: "no limit; wasm memory" });
}
