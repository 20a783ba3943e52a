// Runs the tests of what needs no browser: every client/**/*.test.ts, bundled and given to Node's test runner.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const tests = readdirSync("client", { recursive: true })
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => join("client", name));
const outdir = mkdtempSync(join(tmpdir(), "onrecord-client-"));
try {
  await build({
    entryPoints: tests,
    bundle: true,
    platform: "node",
    format: "esm",
    outdir,
    outExtension: { ".js": ".mjs" },
    logLevel: "error",
  });
  const files = readdirSync(outdir, { recursive: true })
    .filter((name) => name.endsWith(".mjs"))
    .map((name) => join(outdir, name));
  process.exitCode = spawnSync(process.execPath, ["--test", ...files], { stdio: "inherit" }).status ?? 1;
} finally {
  rmSync(outdir, { recursive: true });
}
