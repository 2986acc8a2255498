// What a first visit needs before its first matrix is painted.
//
//   const { painted, needed, later } = await untilTheMatrix(page, requests);
//                                                    when it was painted, which of the server's requests it needed, and the
//                                                    paths of those that the page made afterwards

// The bundle that is shown first; the rest of what it says comes after the matrix, and a worker reads it.
export const LATEST = "attack-containers-19.2.json";

// `requests` gives them, all from the beginning of the visit.
export async function untilTheMatrix(page, requests) {
  // The page lists a request once it is answered.
  await page.waitForLoadState("networkidle");
  const { painted, later } = await page.evaluate(() => {
    const painted = performance.getEntriesByName("matrix-painted")[0]?.startTime ?? null;
    const after = performance.getEntriesByType("resource").filter(({ startTime }) => startTime > painted);
    return { painted, later: after.map(({ name }) => new URL(name).pathname) };
  });
  const made = requests();
  // What a worker asks for is no request of the page's: it comes after the bundle that the worker is to read, or counts.
  const bundle = made.findIndex(({ path }) => path === `/data/${LATEST}`);
  const isWorkers = (path, at) => path.startsWith("/reader") && at > bundle;
  return { painted, later, needed: made.filter(({ path }, at) => !later.includes(path) && !isWorkers(path, at)) };
}
