// Ends a browser as a power cut would: every process of it at once, with no chance to store anything more.
//
//   await cutPower(app, profileDir)      app was opened with that profileDir

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";

export async function cutPower(app, profileDir) {
  const closed = new Promise((resolve) => app.context.once("close", resolve));
  const own = await processes(profileDir);
  assert.ok(own.length > 0, `no process with ${profileDir}`);
  for (const id of own) kill(id);
  await closed;
  // Nothing of it may live on and write to the folder that is opened again.
  while ((await processes(profileDir)).length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
}

// The browser's own process, which names the folder, and everything that it has started.
async function processes(profileDir) {
  const { stdout } = await promisify(execFile)("ps", ["-ww", "-A", "-o", "pid=,ppid=,stat=,args="]);
  const all = stdout
    .split("\n")
    .map((line) => line.trim().match(/^(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/))
    .filter((found) => found && !found[3].startsWith("Z"))
    .map(([, id, parent, , command]) => ({ id: Number(id), parent: Number(parent), command }));
  const found = new Set(all.filter(({ command }) => command.includes(profileDir)).map(({ id }) => id));
  for (let grows = true; grows; ) {
    const children = all.filter(({ id, parent }) => found.has(parent) && !found.has(id));
    for (const { id } of children) found.add(id);
    grows = children.length > 0;
  }
  return [...found];
}

function kill(id) {
  try {
    process.kill(id, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}
