// Builds the readers' and the desk's scripts and styles into the package's static files, which are committed:
// whoever runs a newsroom needs no Node.
import { build, context } from "esbuild";
import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";

const out = "src/onrecord/site/static/onrecord";

/** In the desk, Stimulus is the one that Wagtail has loaded: one application, one copy of the library. */
const wagtailStimulus = {
  name: "wagtail-stimulus",
  setup(esbuild) {
    esbuild.onResolve({ filter: /^@hotwired\/stimulus$/ }, () => ({
      path: "stimulus",
      namespace: "wagtail",
    }));
    esbuild.onLoad({ filter: /.*/, namespace: "wagtail" }, () => ({
      contents: "module.exports = window.StimulusModule;",
      loader: "js",
    }));
  },
};

const common = {
  bundle: true,
  minify: true,
  target: ["es2021", "safari15"],
  format: "iife",
  charset: "utf8",
  legalComments: "none",
  logLevel: "info",
  external: ["*.woff2"],
};

const jobs = [
  { entryPoints: { site: "client/site/index.ts", proof: "client/site/proof-worker.ts" }, outdir: out },
  {
    entryPoints: { desk: "client/desk/index.ts", transcript: "client/desk/transcript/index.ts" },
    outdir: out,
    plugins: [wagtailStimulus],
  },
  {
    entryPoints: {
      site: "client/site/styles/site.css",
      desk: "client/desk/styles/desk.css",
      transcript: "client/desk/styles/transcript.css",
    },
    outdir: out,
  },
].map((job) => ({
  ...common,
  ...job,
  entryPoints: Object.fromEntries(Object.entries(job.entryPoints).filter(([, path]) => existsSync(path))),
}));

const stale = [];
for (const job of jobs) {
  if (Object.keys(job.entryPoints).length === 0) continue;
  if (process.argv.includes("--watch")) await (await context(job)).watch();
  else if (process.argv.includes("--check")) stale.push(...(await differing(job)));
  else await build(job);
}
if (stale.length > 0) {
  console.error(
    `Built files are not what the sources give: ${stale.join(", ")}. Run \`npm run build\` and commit them.`,
  );
  process.exitCode = 1;
}

/** Names of committed files that building now would change. */
async function differing(job) {
  const { outputFiles } = await build({ ...job, write: false, logLevel: "error" });
  return outputFiles
    .filter(({ path, text }) => !existsSync(path) || readFileSync(path, "utf8") !== text)
    .map(({ path }) => relative(".", path));
}
