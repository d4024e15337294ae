// Writes pictures of everything that shows a plan to `target/pictures`, for people to look at: the page, the comment in
// the styles of three forges, and the terminal. Says how high the comments are: two screens are 1,800 points.
//
//     npm ci --prefix tests/browser && node tests/browser/pictures.mjs

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import Ansi from "ansi-to-html";
import { marked } from "marked";
import { chromium } from "playwright-core";

const root = resolve(import.meta.dirname, "../..");
const target = resolve(root, process.env.CARGO_TARGET_DIR ?? "target");
const pictures = join(target, "pictures");
const TWO_SCREENS = 1800;

function cargo(...args) {
  const options = { cwd: root, encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] };
  return execFileSync("cargo", args, { ...options, env: { ...process.env, COLUMNS: "100" } });
}

/** The inputs: made plans, and the first plan of the example against an emulator that nobody has used. */
function prepare() {
  cargo("test", "--quiet", "--test", "integration", "for_the_browser");
  const example = mkdtempSync(join(tmpdir(), "apicenter-pictures-"));
  try {
    cpSync(join(root, "examples/contoso"), example, { recursive: true });
    rmSync(join(example, ".apicenter"), { recursive: true, force: true });
    const plan = (...args) => cargo("run", "--quiet", "--", "-C", example, "--color", "always", "plan", ...args);
    writeFileSync(join(target, "tmp/pages/contoso.html"), plan("--format", "html"));
    writeFileSync(join(target, "tmp/comments/contoso.md"), plan("--format", "markdown"));
    writeFileSync(join(target, "tmp/terminals/contoso.ansi"), plan());
  } finally {
    rmSync(example, { recursive: true });
  }
}

/** How forges show a comment: approximations, of which only that of GitHub is its own. */
const forges = {
  github: {
    css: readFileSync(createRequire(import.meta.url).resolve("github-markdown-css/github-markdown-light.css"), "utf8"),
    width: 800,
    breaks: true,
  },
  gitlab: {
    css: `body { font: 14px/20px "GitLab Sans", "Noto Sans", sans-serif; color: #333238 }
      p, ul, ol, table, pre, details { margin: 0 0 16px } ul { padding-left: 24px } li { line-height: 1.6 }
      h2 { font-size: 24px; line-height: 1.3; margin: 24px 0 16px; padding-bottom: 5px; border-bottom: 1px solid #dcdcde }
      h3 { font-size: 20px; line-height: 1.3; margin: 24px 0 16px }
      table { border-collapse: collapse; width: 100% } th, td { border: 1px solid #dcdcde; padding: 10px 16px; vertical-align: top }
      th { border-bottom: 2px solid #bfbfc3 }
      code { font: 12.6px "GitLab Mono", "Liberation Mono", monospace; background: #ececef; color: #18171d; padding: 2px 4px; border-radius: 4px; overflow-wrap: break-word; word-break: break-word }
      pre { background: #fbfafd; border: 1px solid #dcdcde; border-radius: 4px; padding: 8px 12px; overflow: auto } pre code { background: none; padding: 0 }
      a { color: #0b5cad; text-decoration: none }`,
    width: 880,
  },
  azure: {
    css: `body { font: 14px/1.5 "Segoe UI", "Liberation Sans", sans-serif; color: #212121 }
      p, ul, ol, table, pre, details { margin: 0 0 12px } ul { padding-left: 32px }
      h2 { font-size: 20px; margin: 16px 0 8px } h3 { font-size: 17px; margin: 16px 0 8px }
      table { border-collapse: collapse; display: block; overflow: auto } th, td { border: 1px solid #d6d6d6; padding: 6px 13px }
      code { font: 13px Menlo, Consolas, "Liberation Mono", monospace; background: #f4f4f4; padding: 1px 4px; border-radius: 3px }
      pre { background: #f8f8f8; padding: 12px; overflow: auto } pre code { background: none; padding: 0 }
      a { color: #0078d4; text-decoration: none }`,
    width: 700,
    breaks: true,
  },
};

function comment(forge, markdown) {
  const body = marked.parse(markdown, { gfm: true, breaks: forge.breaks ?? false });
  return `<!doctype html><meta charset="utf-8"><style>${forge.css}
    html, body { margin: 0; background: #fff } main { width: ${forge.width}px; padding: 16px } main > :first-child { margin-top: 0 }</style>
    <main class="markdown-body">${body}</main>`;
}

/** A terminal of 100 columns. The library does not know faint text: it is grey. */
function terminal(text) {
  const colors = { 1: "#f14c4c", 2: "#23d18b", 3: "#e5e510", 4: "#3b8eea", 5: "#d670d6", 6: "#29b8db", 8: "#8a8a8a" };
  const ansi = new Ansi({ fg: "#d4d4d4", bg: "#1e1e1e", escapeXML: true, colors });
  const html = ansi.toHtml(text.replaceAll("\x1b[2m", "\x1b[90m"));
  return `<!doctype html><meta charset="utf-8"><style>body { margin: 0; background: #1e1e1e; color: #d4d4d4 }
    pre { font: 14px/1.3 "DejaVu Sans Mono", monospace; width: 100.5ch; padding: 12px; margin: 0; white-space: pre-wrap;
      word-break: break-all }</style><pre>${html}</pre>`;
}

rmSync(pictures, { recursive: true, force: true });
mkdirSync(pictures, { recursive: true });
prepare();
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
const browser = await chromium.launch({ executablePath, headless: true, args: ["--no-sandbox", "--disable-gpu"] });

async function withPage(options, use) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  await use(await context.newPage());
  await context.close();
}

const shoot = (page, name, options) => page.screenshot({ path: join(pictures, `${name}.png`), ...options });

for (const name of ["contoso", "many"]) {
  const url = pathToFileURL(join(target, `tmp/pages/${name}.html`)).href;
  const looks = {
    desktop: {},
    dark: { colorScheme: "dark" },
    phone: { viewport: { width: 390, height: 844 }, isMobile: true, deviceScaleFactor: 2 },
  };
  for (const [look, options] of Object.entries(looks)) {
    await withPage(options, async (page) => {
      await page.goto(url);
      await shoot(page, `page-${name}-${look}`);
    });
  }
  // The paper as a document, and the same as a picture of the width of A4 without its margins.
  await withPage({ viewport: { width: 718, height: 1000 } }, async (page) => {
    await page.goto(url);
    await page.pdf({ format: "A4", path: join(pictures, `page-${name}-print.pdf`) });
    await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
    await page.emulateMedia({ media: "print" });
    await shoot(page, `page-${name}-print`, { clip: { x: 0, y: 0, width: 718, height: 2000 }, fullPage: true });
  });
}

/** Comments that have pictures; of the others, only the height is said. */
const shown = ["contoso", "day-linked", "many-linked"];
let tooHigh = 0;
for (const file of readdirSync(join(target, "tmp/comments")).sort()) {
  const name = file.replace(/\.md$/, "");
  const markdown = readFileSync(join(target, "tmp/comments", file), "utf8");
  for (const [forgeName, forge] of Object.entries(forges)) {
    if (forgeName !== "github" && !shown.includes(name)) continue;
    await withPage({ viewport: { width: forge.width + 32, height: 900 } }, async (page) => {
      await page.setContent(comment(forge, markdown));
      const height = await page.evaluate(() => document.querySelector("main").offsetHeight - 32);
      console.log(`${name} in the style of ${forgeName}: ${height} points`);
      if (forgeName === "github" && height > TWO_SCREENS) tooHigh += 1;
      if (shown.includes(name)) await shoot(page, `comment-${name}-${forgeName}`, { fullPage: true });
    });
  }
}

for (const file of readdirSync(join(target, "tmp/terminals"))) {
  await withPage({ viewport: { width: 880, height: 600 } }, async (page) => {
    await page.setContent(terminal(readFileSync(join(target, "tmp/terminals", file), "utf8")));
    await shoot(page, `terminal-${file.replace(/\.ansi$/, "")}`, { fullPage: true });
  });
}
await browser.close();
if (tooHigh > 0) {
  console.error(`${tooHigh} comments are higher than two screens (${TWO_SCREENS} points) in the style of GitHub`);
  process.exitCode = 1;
}
