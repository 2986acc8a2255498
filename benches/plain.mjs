// What the browser itself needs: the cells of the shown matrix, made once more by a plain script with the same elements, attributes and
// texts, under the same style sheets.

import { median } from "./figures.mjs";

const RUNS = 5;

export async function plainly(tab, rows) {
  const times = [];
  for (let run = 0; run < RUNS; run += 1) times.push(await tab.evaluate(build));
  const cells = await tab.evaluate(() => window.__measure.cells());
  rows.push({ what: `a plain script: the same ${cells} cells made and painted`, value: median(times), unit: "ms", basis: "no limit; what the browser needs of it" });
}

function build() {
  const grid = document.querySelector(".matrices");
  const describe = (element) => ({
    tag: element.localName,
    attributes: [...element.attributes].map(({ name, value }) => [name, value]),
    children: [...element.childNodes].map((child) => (child.nodeType === Node.TEXT_NODE ? child.data : describe(child))),
  });
  const described = describe(grid);
  const make = ({ tag, attributes, children }) => {
    const element = document.createElement(tag);
    for (const [name, value] of attributes) {
      // The policy allows styles by script, and not in attributes.
      if (name === "style") element.style.cssText = value;
      else element.setAttribute(name, value);
    }
    element.append(...children.map((child) => (typeof child === "string" ? child : make(child))));
    return element;
  };
  return new Promise((resolve) => {
    const began = performance.now();
    const made = make(described);
    grid.replaceWith(made);
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        const taken = performance.now() - began;
        made.replaceWith(grid);
        requestAnimationFrame(() => setTimeout(() => resolve(taken), 100));
      };
      port2.postMessage(null);
    });
  });
}
