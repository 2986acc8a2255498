// LibreOffice, the other program that opens workbooks: it writes what it has read as flat OpenDocument, one XML text.
//
//   noOffice                         why it can't be asked, or false: test("…", { skip: noOffice }, …)
//   await sheetsIn(page, bytes)      the sheets that it shows: [{ name, cells, heights }], cells by name ("B3"):
//                                    { text, number, across, down, fill, ink, bold }; heights by row, in inches
//
// `page` is any page of a browser: its parser reads the XML. `number` is null for what is no number, `across` and `down`
// are how many cells were merged into it. The environment: SOFFICE, the program; without it, the one in the path.

import { execFile, spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { temporaryFolder } from "../harness/browser.mjs";

const program = [process.env.SOFFICE, "soffice", "libreoffice"].find((name) => name && spawnSync(name, ["--version"]).status === 0);

export const noOffice = program ? false : "LibreOffice is not here: a package such as libreoffice-calc-nogui has it";

export async function sheetsIn(page, bytes) {
  const folder = await temporaryFolder();
  const workbook = join(folder, "workbook.xlsx");
  await writeFile(workbook, bytes);
  // A profile of its own: another LibreOffice that runs would be asked instead, and knows nothing of this folder.
  const profile = `-env:UserInstallation=${pathToFileURL(join(folder, "profile"))}`;
  const { stdout, stderr } = await promisify(execFile)(program, [profile, "--headless", "--convert-to", "fods", "--outdir", folder, workbook], { timeout: 120_000 });
  const text = await readFile(join(folder, "workbook.fods"), "utf8").catch(() => {
    throw new Error(`LibreOffice made nothing of the workbook: ${stdout}${stderr}`);
  });
  return page.evaluate(read, text);
}

/** Runs in the page. */
function read(text) {
  const xml = new DOMParser().parseFromString(text, "application/xml");
  const named = (parent, name) => [...parent.getElementsByTagName(name)];
  const looks = new Map();
  for (const style of named(xml, "style:style")) {
    const get = (element, name) => named(style, element)[0]?.getAttribute(name) ?? undefined;
    looks.set(style.getAttribute("style:name"), {
      fill: get("style:table-cell-properties", "fo:background-color"),
      ink: get("style:text-properties", "fo:color"),
      bold: get("style:text-properties", "fo:font-weight") === "bold",
      height: get("style:table-row-properties", "style:row-height"),
    });
  }
  const look = (name) => {
    const { fill, ink, bold } = looks.get(name) ?? {};
    return { fill, ink, bold };
  };
  const letters = (column) => (column < 26 ? "" : letters(Math.floor(column / 26) - 1)) + String.fromCharCode(65 + (column % 26));
  const times = (element, name) => Number(element.getAttribute(name) ?? 1);
  const words = (node) => {
    if (node.nodeName === "text:s") return " ".repeat(times(node, "text:c"));
    if (node.nodeName === "text:line-break") return "\n";
    if (node.nodeName === "text:tab") return "\t";
    return node.nodeType === Node.TEXT_NODE ? node.data : [...node.childNodes].map(words).join("");
  };
  return named(xml, "table:table").map((table) => {
    const cells = {};
    const heights = {};
    // A cell without a look of its own has its column's.
    const columns = named(table, "table:table-column").flatMap((it) => {
      const many = Math.min(times(it, "table:number-columns-repeated"), 1000);
      return Array(many).fill(it.getAttribute("table:default-cell-style-name"));
    });
    let row = 0;
    for (const line of named(table, "table:table-row")) {
      let column = 0;
      heights[row + 1] = Number.parseFloat(looks.get(line.getAttribute("table:style-name"))?.height);
      for (const cell of line.children) {
        const paragraphs = [...cell.children].filter((it) => it.nodeName === "text:p").map(words);
        if (paragraphs.length > 0) {
          const number = cell.getAttribute("office:value");
          cells[`${letters(column)}${row + 1}`] = {
            text: paragraphs.join("\n"),
            number: number === null ? null : Number(number),
            across: times(cell, "table:number-columns-spanned"),
            down: times(cell, "table:number-rows-spanned"),
            ...look(cell.getAttribute("table:style-name") ?? columns[column]),
          };
        }
        column += times(cell, "table:number-columns-repeated");
      }
      row += times(line, "table:number-rows-repeated");
    }
    return { name: table.getAttribute("table:name"), cells, heights };
  });
}
