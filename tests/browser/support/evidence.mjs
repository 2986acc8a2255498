// Who was seen using which technique, and what corresponds to what, worked out from the facts and not by the app.
//
//   evidence("19.2")     Map of technique id to { tactics, native: [ids], users: [ids] }: native are those container-native
//                        actors whose use was against containers
//   names("19.2")        Map of actor id to name
//   mapping()            Map of Microsoft's technique id to ATT&CK ids
//   cells(table, of)     ["T1610 execution 4", …]: each cell with the number of actors that `of` takes from its row

import { readShared } from "../harness/facts.mjs";

const facts = (release) => JSON.parse(readShared("attack-containers", `attack-containers-${release}.json`));

export function evidence(release) {
  const { techniques, groups, software, campaigns, container_native_actors: reviewed } = facts(release);
  const table = new Map(techniques.map(({ id, tactics }) => [id, { tactics, native: [], users: [] }]));
  for (const { id, technique_ids } of [...groups, ...software, ...campaigns]) {
    for (const technique of technique_ids) table.get(technique).users.push(id);
  }
  const only = new Set(techniques.filter((it) => it.containers_only).map(({ id }) => id));
  for (const { id, uses } of reviewed.filter(({ tier }) => tier === "native")) {
    for (const { technique_id: technique, mentions_container: named, reviewed: found } of uses) {
      const against = (named === true && (found ?? "victim") === "victim") || only.has(technique);
      if (against && table.has(technique)) table.get(technique).native.push(id);
    }
  }
  return table;
}

export function names(release) {
  const { groups, software, campaigns } = facts(release);
  return new Map([...groups, ...software, ...campaigns].map(({ id, name }) => [id, name]));
}

export function mapping() {
  const { techniques } = JSON.parse(readShared("microsoft-k8s.json"));
  return new Map(techniques.map(({ id, mitre_technique_ids: others }) => [id, others]));
}

export function cells(table, of) {
  const rows = [...table].map(([id, row]) => [id, row.tactics, of(row).length]);
  const all = rows.filter(([, , count]) => count > 0);
  return all.flatMap(([id, tactics, count]) => tactics.map((tactic) => `${id} ${tactic} ${count}`)).sort();
}
