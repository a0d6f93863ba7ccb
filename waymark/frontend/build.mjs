// Builds build/waymark/: site.css, editor.css (for Wagtail's admin), site.js, choose.js (for pages with a long select), the mark and the fonts. Prints what each weighs on the wire.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "build", "waymark");
const modules = join(here, "node_modules");

// A font of each weight for Western languages, and one that browsers fetch only for letters such as ł or ğ.
const FONTS = ["latin-400", "latin-700", "latin-ext-400", "latin-ext-700"];

rmSync(join(here, "build"), { recursive: true, force: true });
mkdirSync(join(out, "fonts"), { recursive: true });

for (const sheet of ["site", "editor"]) {
  const css = sass.compile(join(here, `${sheet}.scss`), {
    loadPaths: [modules],
    style: "compressed",
    quietDeps: true,
    sourceMap: false,
  });
  const tidy = await esbuild.transform(css.css, { loader: "css", minify: true, target: ["chrome100", "safari15", "firefox100"] });
  writeFileSync(join(out, `${sheet}.css`), tidy.code);
}

await esbuild.build({
  entryPoints: [join(here, "site.js"), join(here, "choose.js")],
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome100", "safari15", "firefox100"],
  legalComments: "none",
  banner: {
    js: "/* Waymark; contains govuk-frontend or accessible-autocomplete, MIT licences, Crown copyright */",
  },
  outdir: out,
});

const family = join(modules, "@fontsource", "atkinson-hyperlegible");
for (const font of FONTS) {
  cpSync(join(family, "files", `atkinson-hyperlegible-${font}-normal.woff2`), join(out, "fonts", `${font}.woff2`));
}
cpSync(join(family, "LICENSE"), join(out, "fonts", "OFL.txt"));
cpSync(join(here, "images"), out, { recursive: true });

for (const name of readdirSync(out, { recursive: true })) {
  const path = join(out, name);
  if (statSync(path).isDirectory()) continue;
  const bytes = readFileSync(path);
  const wire = /\.(css|js|svg|txt)$/.test(name) ? gzipSync(bytes, { level: 9 }).length : bytes.length;
  console.log(`${name.padEnd(28)} ${String(bytes.length).padStart(7)} bytes, ${String(wire).padStart(6)} on the wire`);
}
