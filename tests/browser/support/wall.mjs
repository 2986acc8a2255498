// What a slide looks like on a wall: what is too small, cut, over something else or out of the picture.
//
//   await present(app)                      starts a presentation and waits until its slide is there
//   await wall(app)                         { text, faults }: size of the smallest technique's name in pixels, and what is wrong
//   await step(app, key)                    presses a key and waits until another step is there

import assert from "node:assert/strict";
import { isFirefox } from "../harness/browsers.mjs";
import { eventually } from "./user.mjs";

export async function present(app) {
  await app.run("present.start");
  await app.locator(".present .frame .cell").first().waitFor();
  await settled(app);
}

export async function step(app, key) {
  const before = await app.locator(".present .slide-progress").textContent();
  await app.page.keyboard.press(key);
  await eventually(async () => assert.notEqual(await app.locator(".present .slide-progress").textContent(), before));
  await settled(app);
}

// Until the text has its size, and nothing fades any more.
async function settled(app) {
  await eventually(async () => assert.notEqual(await app.locator(".present .frame .matrices").evaluate((host) => host.style.getPropertyValue("--t")), ""));
  await app.page.waitForFunction(() => document.getAnimations().every((animation) => animation.playState !== "running"));
}

export function wall(app, root = ".present") {
  // Firefox breaks after a slash as well as after a hyphen.
  const breaks = isFirefox ? "[\\s/-]+" : "[\\s-]+";
  return app.page.evaluate(([root, breaks]) => {
    const faults = [];
    const slide = document.querySelector(`${root} .slide-inside`).getBoundingClientRect();
    const stage = document.querySelector(`${root} .slide-stage`).getBoundingClientRect();
    const inside = (box, frame) => box.left >= frame.left - 0.6 && box.right <= frame.right + 0.6 && box.top >= frame.top - 0.6 && box.bottom <= frame.bottom + 0.6;
    const over = (a, b) => a.left < b.right - 0.6 && b.left < a.right - 0.6 && a.top < b.bottom - 0.6 && b.top < a.bottom - 0.6;
    const words = (element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      return [...range.getClientRects()];
    };
    const cells = [...document.querySelectorAll(`${root} [role=gridcell]`)];
    const boxes = cells.map((cell) => [cell.dataset.technique, cell.getBoundingClientRect()]);
    for (const [id, box] of boxes) if (!inside(box, stage)) faults.push(`${id} is out of the picture`);
    for (const [at, [id, box]] of boxes.entries()) {
      for (const [other, second] of boxes.slice(at + 1)) if (over(box, second)) faults.push(`${id} is over ${other}`);
    }
    let text = Infinity;
    for (const cell of cells) {
      const box = cell.getBoundingClientRect();
      for (const part of cell.querySelectorAll(".cell-id, .cell-name, .cell-score")) {
        for (const line of words(part)) if (line.width > 0 && !inside(line, box)) faults.push(`${part.className} of ${cell.dataset.technique} leaves its cell`);
      }
      const name = cell.querySelector(".cell-name");
      text = Math.min(text, parseFloat(getComputedStyle(name).fontSize));
      const lines = words(name).length;
      const broken = [...name.textContent.split(new RegExp(breaks))].filter((word) => {
        const range = document.createRange();
        const from = name.textContent.indexOf(word);
        range.setStart(name.firstChild, from);
        range.setEnd(name.firstChild, from + word.length);
        return new Set([...range.getClientRects()].map((line) => Math.round(line.top))).size > 1;
      });
      if (lines > 0 && broken.length > 0) faults.push(`${broken} of ${cell.dataset.technique} is broken`);
    }
    const parts = ["slide-head", "slide-stage", "slide-foot"].map((name) => document.querySelector(`${root} .${name}`));
    for (const part of parts) if (!inside(part.getBoundingClientRect(), slide)) faults.push(`${part.className} is out of the picture`);
    const headers = [...document.querySelectorAll(`${root} .matrix:first-child .tactic-name`)].map((name) => [name.textContent, name.getBoundingClientRect()]);
    for (const [at, [name, box]] of headers.entries()) {
      for (const [other, second] of headers.slice(at + 1)) if (over(box, second)) faults.push(`${name} is over ${other}`);
    }
    const { scrollWidth, scrollHeight, clientWidth, clientHeight } = document.documentElement;
    if (scrollWidth > clientWidth || scrollHeight > clientHeight) faults.push("the page scrolls");
    return { text, faults, cells: cells.length };
  }, [root, breaks]);
}
