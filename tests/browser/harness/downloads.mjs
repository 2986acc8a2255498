// What the browser is given to store.
//
//   const given = await downloads(context, page);    before the page is opened
//   await given.next()                               the next file: { name, bytes }
//
// Chromium tells of downloads. Firefox, as it is driven here, doesn't: there the page is watched while it hands them over.

import { readFile } from "node:fs/promises";
import { isFirefox } from "./browsers.mjs";
import { handedOver } from "./firefox.mjs";

const PATIENCE = 15_000;

export async function downloads(context, page) {
  if (isFirefox) return handedOver(context, PATIENCE);
  const next = async () => {
    const download = await page.waitForEvent("download", { timeout: PATIENCE });
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  };
  return { next };
}
