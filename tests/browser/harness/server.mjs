// A static web server for the built app, as a host would be: gzip, right MIME types, any base path, and a count of every
// byte that went over the wire. It knows nothing of the app.
//
//   const server = await serve(dist, { base: "/some/where/" });
//   server.url                     the app's address, with a slash at the end
//   server.requests                [{ path, status, bytes }], in order; bytes with the response's headers
//   server.bytes()                 the sum of them
//   server.put("layers/a.json", text, { type, status, headers })
//                                  serves one more file under the base, from memory; returns its address. Instead of
//                                  a text it may be a function (request, response) that answers itself
//   await server.close()

import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};
const PACKED_ALREADY = new Set([".png", ".woff2", ".gz"]);

export async function serve(folder, { base = "/" } = {}) {
  const requests = [];
  const put = new Map();
  const packed = new Map();

  async function answer(request, response) {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    if (path === base.slice(0, -1)) return response.writeHead(308, { Location: base }).end();
    if (!path.startsWith(base)) return response.writeHead(404).end();
    const name = path.slice(base.length);
    if (put.has(name)) {
      if (typeof put.get(name) === "function") return put.get(name)(request, response);
      const { body, type, status, headers } = put.get(name);
      return response.writeHead(status, { "Content-Type": type, "Content-Length": body.length, ...headers }).end(body);
    }
    const file = normalize(join(folder, name.endsWith("/") || name === "" ? `${name}index.html` : name));
    if (!file.startsWith(normalize(folder) + sep)) return response.writeHead(404).end();
    const found = await stat(file).catch(() => null);
    if (!found?.isFile()) return response.writeHead(404).end();
    const extension = extname(file);
    const headers = { "Content-Type": TYPES[extension] ?? "application/octet-stream", "Cache-Control": "no-cache" };
    if (PACKED_ALREADY.has(extension) || !/\bgzip\b/.test(request.headers["accept-encoding"] ?? "")) {
      response.writeHead(200, { ...headers, "Content-Length": found.size });
      return createReadStream(file).pipe(response);
    }
    const key = `${file} ${found.mtimeMs}`;
    if (!packed.has(key)) packed.set(key, promisify(gzip)(await readFile(file)));
    const body = await packed.get(key);
    response.writeHead(200, { ...headers, "Content-Encoding": "gzip", "Content-Length": body.length, Vary: "Accept-Encoding" });
    response.end(body);
  }

  const server = createServer((request, response) => {
    const { socket } = request;
    const before = socket.bytesWritten;
    const entry = { path: request.url, status: 0, bytes: 0 };
    requests.push(entry);
    const count = () => Object.assign(entry, { status: response.statusCode, bytes: socket.bytesWritten - before });
    response.on("finish", count);
    response.on("close", count);
    answer(request, response).catch(() => response.headersSent || response.writeHead(500).end());
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}${base}`;

  return {
    url,
    requests,
    bytes: () => requests.reduce((sum, { bytes }) => sum + bytes, 0),
    put(name, body, { type = TYPES[extname(name)] ?? "application/octet-stream", status = 200, headers = {} } = {}) {
      put.set(name, typeof body === "function" ? body : { body: Buffer.from(body), type, status, headers });
      return url + name;
    },
    close() {
      server.closeAllConnections();
      // Closing it twice is no error: the callback comes either way.
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
