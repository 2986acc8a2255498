// What the browser is given to store.
//
//   const given = await downloads(context, page);    before the page is opened
//   await given.next()                               the next file: { name, bytes }
//
// Chromium tells of downloads. Firefox, as it is driven here, doesn't: there the page is watched while it hands them over.

import { readFile } from "node:fs/promises";
import { isFirefox } from "./browsers.mjs";

const PATIENCE = 15_000;

export async function downloads(context, page) {
  if (isFirefox) return handedOver(context);
  const next = async () => {
    const download = await page.waitForEvent("download", { timeout: PATIENCE });
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  };
  return { next };
}

async function handedOver(context) {
  let waiting = null;
  await context.exposeBinding("__handedOver", (_, { name, base64 }) => waiting?.({ name, bytes: Buffer.from(base64, "base64") }));
  await context.addInitScript(() => {
    const blobs = new Map();
    const make = URL.createObjectURL;
    URL.createObjectURL = (blob) => {
      const url = make.call(URL, blob);
      blobs.set(url, blob);
      return url;
    };
    const click = HTMLAnchorElement.prototype.click;
    HTMLAnchorElement.prototype.click = function () {
      const blob = this.download && blobs.get(this.href);
      if (!blob) return click.call(this);
      const reader = new FileReader();
      reader.onload = () => window.__handedOver({ name: this.download, base64: reader.result.split(",")[1] ?? "" });
      reader.readAsDataURL(blob);
    };
  });
  const next = () =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`nothing was handed over in ${PATIENCE / 1000} s`)), PATIENCE);
      waiting = (file) => {
        clearTimeout(late);
        resolve(file);
      };
    });
  return { next };
}
