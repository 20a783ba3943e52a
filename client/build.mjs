// Builds the readers' and the desk's scripts and styles into the package's static files, which are committed:
// whoever runs a newsroom needs no Node.
import { build, context } from "esbuild";
import { existsSync } from "node:fs";

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
  { entryPoints: { desk: "client/desk/index.ts" }, outdir: out, plugins: [wagtailStimulus] },
  { entryPoints: { site: "client/site/styles/site.css", desk: "client/desk/styles/desk.css" }, outdir: out },
].map((job) => ({
  ...common,
  ...job,
  entryPoints: Object.fromEntries(Object.entries(job.entryPoints).filter(([, path]) => existsSync(path))),
}));

for (const job of jobs) {
  if (Object.keys(job.entryPoints).length === 0) continue;
  if (process.argv.includes("--watch")) await (await context(job)).watch();
  else await build(job);
}
