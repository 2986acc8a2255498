// What is true about techniques, read from the files themselves and not from the app: tests compare the two.
//
//   repository                       the checkout's folder
//   bundleNames()                    ["attack-containers-19.2.json", …]: what stands in data/, newest release last
//   readJson("data", name)           a file of the repository, parsed
//   techniques(bundle)               [{ id, name, tactics, parent, platforms }] of a STIX bundle, without revoked and
//                                    deprecated ones; parent is an id or undefined
//   sharedData                       the folder with facts and real files beside the checkout, or undefined; tests that
//                                    need it skip: test("…", { skip: noSharedData }, …)
//   readShared("layers", …)          a file of it as bytes, unpacked if its name ends in .gz
//   sharedFiles("layers", ".json")   paths of all files of a folder of it, for readShared

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");

const beside = process.env.BULKHEAD_FACTS ?? resolve(repository, "../shared/data");
export const sharedData = existsSync(beside) ? beside : undefined;
export const noSharedData = sharedData ? false : "the folder ../shared/data is not here";

export function readJson(...path) {
  return JSON.parse(readFileSync(join(repository, ...path), "utf8"));
}

export function bundleNames() {
  const order = new Intl.Collator("en", { numeric: true });
  return readdirSync(join(repository, "data"))
    .filter((name) => /^attack-containers-[\d.]+\.json$/.test(name))
    .sort(order.compare);
}

export function techniques(bundle) {
  return bundle.objects
    .filter((object) => object.type === "attack-pattern" && !object.revoked && !object.x_mitre_deprecated)
    .map((object) => {
      const id = object.external_references.find(({ external_id }) => /^T\d{4}/.test(external_id ?? "")).external_id;
      return {
        id,
        name: object.name,
        tactics: object.kill_chain_phases.map(({ phase_name }) => phase_name),
        parent: id.includes(".") ? id.split(".")[0] : undefined,
        platforms: object.x_mitre_platforms ?? [],
      };
    });
}

export function readShared(...path) {
  const bytes = readFileSync(join(sharedData, ...path));
  return path.at(-1).endsWith(".gz") ? gunzipSync(bytes) : bytes;
}

export function sharedFiles(folder, ending = "") {
  if (!sharedData) return [];
  const walk = (at) =>
    readdirSync(at, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? walk(join(at, entry.name)) : [join(at, entry.name)],
    );
  return walk(join(sharedData, folder))
    .filter((path) => path.endsWith(ending))
    .map((path) => relative(sharedData, path))
    .sort();
}
