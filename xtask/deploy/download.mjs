// Downloads files, for xtask/src/live.rs: `node download.mjs LIST`, where LIST is a JSON file with pairs of URL and path. Prints the
// URLs that were not answered with 200 and the reasons, as JSON.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Time limit of a download, in milliseconds. */
const TIMEOUT_MS = 60_000;
const PARALLEL_DOWNLOADS = 8;

const files = JSON.parse(await readFile(process.argv[2], "utf8"));
const failures = [];

async function download(url, path) {
  const response = await fetch(url, {
    headers: { "cache-control": "no-cache" },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.status !== 200) throw new Error(`status ${response.status}`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, new Uint8Array(await response.arrayBuffer()));
}

async function downloadRest() {
  for (let file = files.shift(); file; file = files.shift()) {
    const [url, path] = file;
    try {
      await download(url, path);
    } catch (error) {
      // The message of an error of the network is only "fetch failed"; its cause says why.
      const { cause } = error;
      failures.push([url, String(cause?.code || cause?.message || error.message)]);
    }
  }
}

await Promise.all(Array.from({ length: PARALLEL_DOWNLOADS }, downloadRest));
console.log(JSON.stringify(failures));
