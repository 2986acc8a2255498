// mitreattack-python, the other program that reads layers: with its strict validation it refuses a layer of which it
// dislikes a single value.
//
//   noMitreattack            why it can't be asked, or false: test("…", { skip: noMitreattack }, …)
//   await readStrictly(text) the techniques that it has read: [{ techniqueID, tactic, score, comment, enabled, color }]
//
// The environment: BULKHEAD_PYTHON, a Python that has it; without it, the one that `cargo xtask test` installed.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { temporaryFolder } from "../harness/browser.mjs";

const SCRIPT = `
import json, sys
from mitreattack.navlayers import Layer

layer = Layer(strict=True)
layer.from_file(sys.argv[1])
if isinstance(layer.layer, str) or layer.layer is None:
    sys.exit("the layer was refused")
fields = ["techniqueID", "tactic", "score", "comment", "enabled", "color"]
techniques = [{field: getattr(it, field) for field in fields} for it in layer.layer.techniques or []]
print("\\n" + json.dumps({"name": layer.layer.name, "domain": layer.layer.domain, "techniques": techniques}))
`;

const python = process.env.BULKHEAD_PYTHON || installed();

export const noMitreattack = python ? false : "mitreattack-python is not here: `cargo xtask test` installs it";

export async function readStrictly(text) {
  const path = join(await temporaryFolder(), "layer.json");
  await writeFile(path, text);
  const { stdout, stderr } = await promisify(execFile)(python, ["-c", SCRIPT, path], { encoding: "utf8" });
  const said = stdout.trim().split("\n");
  assert.equal(said.length, 1, `${stdout}${stderr}`);
  return JSON.parse(said[0]);
}

function installed() {
  const { BULKHEAD_TOOLS, XDG_CACHE_HOME } = process.env;
  const tools = BULKHEAD_TOOLS || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "bulkhead/tools");
  if (!existsSync(tools)) return undefined;
  const homes = readdirSync(tools).filter((name) => name.startsWith("mitreattack-"));
  const whole = homes.map((name) => join(tools, name)).find((home) => existsSync(join(home, "installed")));
  return whole && [join(whole, "bin/python"), join(whole, "Scripts/python.exe")].find((path) => existsSync(path));
}
