// Bundles scripts/ and charts/ (one bundle a file at their top) and styles/ into chassis/pages/static,
// each named by its content, with manifest.json saying which name stands for which.
import { globSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "chassis", "pages", "static");
const fresh = `${target}.${process.pid}`;

const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: globSync(["scripts/*.js", "charts/*.js", "styles/*.css"], { cwd: here }),
  entryNames: "[name]-[hash]",
  outdir: fresh,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome100", "firefox100", "safari15"],
  metafile: true,
  logLevel: "warning",
});

const manifest = {};
for (const [file, output] of Object.entries(metafile.outputs)) {
  if (output.entryPoint) manifest[basename(output.entryPoint)] = basename(file);
}
mkdirSync(fresh, { recursive: true });
writeFileSync(join(fresh, "manifest.json"), JSON.stringify(manifest, null, 1));

// A service that reads the folder meanwhile finds the old one or the new one, never half of either.
const old = `${target}.${process.pid}.old`;
try {
  renameSync(target, old);
} catch {
  // The first build has nothing to replace.
}
renameSync(fresh, target);
rmSync(old, { recursive: true, force: true });
