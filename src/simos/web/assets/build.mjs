// Builds the committed files under ../static/web from the sources beside this file. Run by `make assets`; nobody
// needs Node to run or test SiMOS. It must not fetch anything: packages come from package-lock.json.
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { compile } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static", "web");
const packages = join(here, "..", "..", "..", "..", "node_modules");
const font = join(packages, "@fontsource", "atkinson-hyperlegible-next");
const browsers = ["chrome100", "firefox100", "safari15.4"];

const limits = { "web.css": 66_000, "forms.css": 40_000, "page.js": 14_000, "live.js": 6_000, "forms.js": 9_000, "counts.js": 14_000, "tables.css": 6_000, "htmx.js": 64_000, "map.css": 100_000, "map.js": 1_300_000, "map-worker.js": 560_000 };

async function write(name, text) {
  const size = Buffer.byteLength(text);
  if (size > limits[name]) throw new Error(`${name} has ${size} bytes; the limit is ${limits[name]}`);
  const packed = gzipSync(text, { level: 9 }); // what WhiteNoise sends to browsers that take it
  await writeFile(join(out, name), text);
  await writeFile(join(out, `${name}.gz`), packed);
  console.log(`${name} ${size}, packed ${packed.length}`);
}

// Variants of GOV.UK Frontend's parts that no page uses, and hacks for browsers that are gone.
const unused = new RegExp(
  [
    "--(block|interruption|inverse|no-border|no-actions|start|no-underline|no-visited-state|image|extra-letter-spacing)\\b",
    "govuk-(body-m|body-xs|link-image|link--muted|section-break|main-wrapper|grid-column-\\w+-from-desktop|list--spaced-)",
    "govuk-(input|select|textarea)--width-(3|30)\\b|::-moz-focus-inner|::-ms-|\\[href\\^=|govuk-label--xl|govuk-list--number|data-tracking|govuk-notification-banner--success|govuk-file-upload-button|govuk-drop-zone",
  ].join("|"),
);

function pruned(css) {
  return css
    .replace(/, \(-ms-high-contrast: active\)/g, "")
    .replace(/@media[^{]*(-ms-high-contrast|screen[^\w\s{])[^{]*\{(\s*[^{}]+\{[^{}]*\})*\s*\}/g, "")
    .replace(/([^{};]+)\{([^{}]*)\}/g, (rule, selectors, body) => {
      if (selectors.includes("@")) return rule;
      const kept = selectors.split(/,(?![^(]*\))/).filter((selector) => !unused.test(selector));
      return kept.length ? `${kept.join(",")}{${body}}` : "";
    });
}

async function style(name) {
  const { css } = compile(join(here, "scss", `${name}.scss`), { loadPaths: [packages], quietDeps: true });
  // Every token is set on :root and the font on the body: what GOV.UK Frontend repeats of both in each rule is dropped.
  const lean = pruned(css)
    .replace(/var\((--govuk-[a-z-]+-colour), [^()]+\)/g, "var($1)")
    .replace(/\n\s*(font-family: inherit|-webkit-font-smoothing: antialiased|-moz-osx-font-smoothing: grayscale);/g, "")
    .replace(/rgb\((\d+), (\d+), (\d+)\)/g, (_, ...rgb) => "#" + rgb.slice(0, 3).map((n) => Number(n).toString(16).padStart(2, "0")).join(""));
  // Tokens are set by web.css alone, else light ones would come after the dark.
  const own = name === "web" ? lean : lean.replace(/:root \{[^{}]*\}/g, "");
  const before = name === "map" ? await readFile(join(packages, "maplibre-gl", "dist", "maplibre-gl.css"), "utf8") : "";
  const { code } = await transform(before + own, { loader: "css", minify: true, target: browsers });
  await write(`${name}.css`, code);
}

async function scripts() {
  for (const name of ["page", "forms", "counts", "live", "htmx", "map"]) {
    const { outputFiles } = await build({
      entryPoints: [join(here, "js", `${name}.js`)],
      nodePaths: [packages],
      bundle: true,
      format: "esm",
      minify: true,
      legalComments: "none",
      target: browsers,
      write: false,
    });
    await write(`${name}.js`, outputFiles[0].text);
  }
}

// The map's worker is a file of its own: the content security policy lets no script be made from text.
async function worker() {
  const from = join(packages, "maplibre-gl", "dist", "maplibre-gl-worker.mjs");
  await write("map-worker.js", (await readFile(from, "utf8")).replace(/\n\/\/# sourceMappingURL=.*/, ""));
}

async function fonts() {
  await rm(join(out, "fonts"), { recursive: true, force: true });
  await mkdir(join(out, "fonts"), { recursive: true });
  for (const subset of ["latin", "latin-ext"]) {
    for (const weight of [400, 700]) {
      const from = join(font, "files", `atkinson-hyperlegible-next-${subset}-${weight}-normal.woff2`);
      await copyFile(from, join(out, "fonts", `atkinson-${subset}-${weight}.woff2`));
    }
  }
  await copyFile(join(font, "LICENSE"), join(out, "fonts", "OFL.txt"));
}

await mkdir(out, { recursive: true });
await fonts();
for (const name of ["icon.svg", "LICENCES.txt"]) await copyFile(join(here, name), join(out, name));
await style("web");
await style("forms");
await style("tables");
await style("map");
await scripts();
await worker();
