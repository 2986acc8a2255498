// What the page shows of matrices, read off it as the DOM contract says. (Only names stand in no attribute: they are
// read from .cell-name and .tactic-name.) All but heard() wait until the page has settled.
//
//   await matrices(app)      [{ matrix, columns: [{ tactic, name, cells: [{ technique, name, tier, parent, place }] }] }]
//   await said(app)          what every cell says of the layer: ["unified execution T1610: score 40, disabled", …]
//   await scores(app)        the scores of whole numbers in what is shown: { T1610: "40", … }
//   await selected(app)      ["execution T1610", …]: selected cells, once for both matrices of a split
//   await focused(app)       the focused element's technique, tactic and matrix
//   await heard(app)         each grid as the browser gives it to a screen reader: { name, headers, rows: [[names]] }

export async function matrices(app) {
  await app.settled();
  return app.page.$$eval("[role=grid][data-matrix]", (grids) =>
    grids.map((grid) => {
      const headers = [...grid.querySelectorAll("[role=columnheader]")];
      const columns = headers.map((header) => ({
        tactic: header.dataset.tactic,
        name: header.querySelector(".tactic-name").textContent,
        cells: [],
      }));
      for (const cell of grid.querySelectorAll("[role=gridcell]")) {
        const { technique, tactic, tier, parent, place } = cell.dataset;
        const column = columns[Number(cell.getAttribute("aria-colindex")) - 1];
        if (column?.tactic !== tactic) throw new Error(`${technique} of ${tactic} stands under ${column?.tactic}`);
        column.cells.push({ technique, name: cell.querySelector(".cell-name").textContent, tier, parent, place });
      }
      return { matrix: grid.dataset.matrix, columns };
    }),
  );
}

export async function scores(app) {
  return Object.fromEntries((await said(app)).map((line) => line.match(/(T[\d.]+): score (\d+)/).slice(1)));
}

export async function said(app) {
  await app.settled();
  return app.page.$$eval("[role=grid][data-matrix]", (grids) =>
    grids.flatMap((grid) =>
      [...grid.querySelectorAll("[role=gridcell]")].flatMap((cell) => {
        const { technique, tactic, score, scoreOrchestration, scoreContainer, enabled } = cell.dataset;
        const parts = [
          score !== undefined && `score ${score}`,
          scoreOrchestration !== undefined && `orchestration ${scoreOrchestration}`,
          scoreContainer !== undefined && `container ${scoreContainer}`,
          enabled === "false" && "disabled",
        ].filter(Boolean);
        return parts.length ? [`${grid.dataset.matrix} ${tactic} ${technique}: ${parts.join(", ")}`] : [];
      }),
    ),
  );
}

export async function selected(app) {
  await app.settled();
  const all = await app.page.$$eval('[role=gridcell][aria-selected="true"]', (cells) =>
    cells.map(({ dataset: { tactic, technique } }) => `${tactic} ${technique}`),
  );
  return [...new Set(all)].sort();
}

export async function focused(app) {
  await app.settled();
  return app.page.evaluate(() => {
    const { technique, tactic } = document.activeElement.dataset;
    return { technique, tactic, matrix: document.activeElement.closest("[data-matrix]")?.dataset.matrix };
  });
}

export async function heard(app) {
  const session = await app.context.newCDPSession(app.page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const role = (node) => node.role?.value;
  const under = (node, wanted) =>
    (node.childIds ?? [])
      .map((id) => byId.get(id))
      .filter(Boolean)
      .flatMap((child) => (role(child) === wanted && !child.ignored ? [child] : under(child, wanted)));
  const name = (node) => node.name?.value ?? "";
  return nodes
    .filter((node) => role(node) === "grid" && !node.ignored)
    .map((grid) => ({
      name: name(grid),
      headers: under(grid, "columnheader").map(name),
      rows: under(grid, "row")
        .map((row) => under(row, "gridcell").map(name))
        .filter((cells) => cells.length > 0),
    }));
}
