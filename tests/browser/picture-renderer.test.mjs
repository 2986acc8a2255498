// Pictures look the same in another renderer than the browser's: librsvg, where it is installed (`apt-get install librsvg2-bin`).

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { open, temporaryFolder } from "./harness/browser.mjs";
import { press, score, show } from "./support/user.mjs";

const noRenderer = (() => {
  try {
    execFileSync("rsvg-convert", ["--version"]);
    return false;
  } catch {
    return "rsvg-convert is not here";
  }
})();

for (const [key, dark] of [["u", false], ["s", true]]) {
  test(`librsvg draws what the browser draws (${key})`, { skip: noRenderer }, async (t) => {
    const app = await open(t, { context: { colorScheme: dark ? "dark" : "light" } });
    await score(app, "T1610", "95");
    await press(app, "Control+a", "4", "0");
    await show(app, key);
    const picture = await app.download(() => app.run("export.svg"));
    const folder = await temporaryFolder();
    const [svg, png] = [join(folder, "a.svg"), join(folder, "a.png")];
    await writeFile(svg, picture.bytes);
    await promisify(execFile)("rsvg-convert", ["--output", png, svg]);
    const drawn = await app.page.evaluate(
      async ([browsers, others]) => {
        const pixels = async (kind, base64) => {
          const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
          const image = new Image();
          image.src = URL.createObjectURL(new Blob([bytes], { type: kind }));
          await image.decode();
          // Smaller, so that letters that stand half a pixel aside are the same.
          const scale = 4;
          const canvas = new OffscreenCanvas(480, 240);
          const context = canvas.getContext("2d");
          context.drawImage(image, 0, 0, image.naturalWidth / scale, image.naturalHeight / scale);
          return { size: [image.naturalWidth, image.naturalHeight], data: context.getImageData(0, 0, canvas.width, canvas.height).data };
        };
        const one = await pixels("image/svg+xml", browsers);
        const other = await pixels("image/png", others);
        let [sum, far] = [0, 0];
        for (const [at, value] of one.data.entries()) {
          const differs = Math.abs(value - other.data[at]);
          sum += differs;
          if (differs > 90) far += 1;
        }
        return { sizes: [one.size, other.size], mean: sum / one.data.length, far: far / one.data.length };
      },
      [picture.bytes.toString("base64"), (await readFile(png)).toString("base64")],
    );
    const [browser, other] = drawn.sizes;
    assert.ok(browser[0] === other[0] && Math.abs(browser[1] - other[1]) <= 1, JSON.stringify(drawn.sizes));
    assert.ok(drawn.mean < 6 && drawn.far < 0.02, JSON.stringify(drawn));
  });
}
