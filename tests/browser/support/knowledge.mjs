// Where every technique must stand, worked out from facts and not by the app: from the bundles in data/, and from the
// facts that they were made of, where those are here. The rules are those of docs and design, written down a second time.
//
//   fromBundle("attack-containers-19.2.json")    knowledge: { tactics, techniques }, of a bundle in data/
//   fromAttackFacts("19.2")                      the same, of ../shared/data
//   fromMicrosoftFacts()
//   layOut(knowledge, kinds, { primaryOnly })    columns for each of "unified", "orchestration", "container", as
//                                                matrix.mjs reads them off the page
//   placements(knowledge)                        [{ technique, tactic, tiers }]

import { readJson, readShared } from "../harness/facts.mjs";

const TIERS = ["orchestration", "container"];

const inOrder = (tiers) => TIERS.filter((tier) => tiers?.includes(tier));

// An extension of ours: it stands under an id that doesn't matter here.
const extension = (object, key) => Object.values(object.extensions ?? {}).find((it) => key in it);

export function fromBundle(name) {
  const { objects } = readJson("data", name);
  const byId = new Map(objects.map((object) => [object.id, object]));
  const matrix = objects.find(({ type }) => type === "x-mitre-matrix");
  const { platform } = extension(objects.find(({ type }) => type === "x-mitre-collection"), "platform");
  const live = objects.filter(({ type, revoked, x_mitre_deprecated: old }) => type === "attack-pattern" && !revoked && !old);
  const techniques = live.map((object) => {
    const id = object.external_references[0].external_id;
    const assignment = extension(object, "tiers");
    return {
      id,
      name: object.name,
      tactics: object.kill_chain_phases.map(({ phase_name }) => phase_name),
      parent: object.x_mitre_is_subtechnique ? id.split(".")[0] : undefined,
      tiers: inOrder(assignment?.tiers),
      primary: assignment?.primary_tier,
      inScope: object.x_mitre_platforms.includes(platform),
    };
  });
  const tactics = matrix.tactic_refs.map((ref) => byId.get(ref));
  return { tactics: tactics.map(({ x_mitre_shortname: short, name }) => ({ short, name })), techniques };
}

export function fromAttackFacts(release) {
  const facts = JSON.parse(readShared("attack-containers", `attack-containers-${release}.json`));
  const tiers = assignments("attack");
  const techniques = facts.techniques.map(({ id, name, tactics, parent_id }) => {
    const parent = parent_id ?? undefined;
    return { id, name, tactics, parent, ...tiers(id), inScope: true };
  });
  // A parent that is no container technique gives its name to a heading.
  for (const { parent_id: id, parent_name: name } of facts.techniques.filter((it) => it.parent_id)) {
    if (!techniques.some((it) => it.id === id)) techniques.push({ id, name, tactics: [], tiers: [], inScope: false });
  }
  const tactics = facts.tactics.map(({ shortname: short, name }) => ({ short, name }));
  return { tactics, techniques };
}

export function fromMicrosoftFacts() {
  const facts = JSON.parse(readShared("microsoft-k8s.json"));
  const tiers = assignments("microsoft");
  const short = (name) => name.toLowerCase().replaceAll(" ", "-");
  const byKey = new Map(facts.tactics.map(({ key, name }) => [key, short(name)]));
  const techniques = facts.techniques.map(({ id, name, tactics }) => {
    return { id, name, tactics: tactics.map((key) => byKey.get(key)), ...tiers(id), inScope: true };
  });
  const ordered = [...facts.tactics].sort((a, b) => a.order - b.order);
  return { tactics: ordered.map(({ name }) => ({ short: short(name), name })), techniques };
}

function assignments(catalogue) {
  const all = new Map(JSON.parse(readShared("tiers.json"))[catalogue].map((it) => [it.id, it]));
  return (id) => ({ tiers: inOrder(all.get(id)?.tiers), primary: all.get(id)?.primary });
}

export function placements({ techniques }) {
  const inScope = techniques.filter((technique) => technique.inScope);
  return inScope.flatMap(({ id, tactics, tiers }) => tactics.map((tactic) => ({ technique: id, tactic, tiers })));
}

export function layOut(knowledge, kinds, { primaryOnly = false } = {}) {
  const matrices = kinds.map((kind) => knowledge.tactics.map((tactic) => column(knowledge, tactic, kind, primaryOnly)));
  // A tactic goes where it is empty in all of them, so that the columns of a split stay aligned.
  const used = (at) => matrices.some((columns) => columns[at].cells.length > 0);
  return matrices.map((columns, at) => ({ matrix: kinds[at], columns: columns.filter((_, column) => used(column)) }));
}

function column({ techniques }, { short, name }, kind, primaryOnly) {
  const byId = new Map(techniques.map((technique) => [technique.id, technique]));
  const isInTier = ({ tiers, primary }) =>
    kind === "unified" || tiers.length === 0 || (primaryOnly ? primary === kind : tiers.includes(kind));
  const stands = (technique) => technique.inScope && technique.tactics.includes(short) && isInTier(technique);
  const place = ({ tiers, primary }) =>
    kind === "unified" || tiers.length === 0 || primary === kind ? undefined : "secondary";
  const cell = (technique, parent) => ({
    technique: technique.id,
    name: technique.name,
    tier: technique.tiers.join(" ") || undefined,
    parent,
    place: stands(technique) ? place(technique) : "heading",
  });
  const families = new Map();
  for (const technique of techniques.filter(stands)) {
    const top = byId.get(technique.parent) ?? technique;
    if (!families.has(top)) families.set(top, []);
    if (top !== technique) families.get(top).push(technique);
  }
  const cells = [...families].sort(([a], [b]) => byName(a, b)).flatMap(([top, children]) => [
    cell(top, undefined),
    ...children.sort(byName).map((child) => cell(child, top.id)),
  ]);
  return { tactic: short, name, cells };
}

function byName(a, b) {
  const [one, other] = [a.name.toLowerCase(), b.name.toLowerCase()];
  if (one !== other) return one < other ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
