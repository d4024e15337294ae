// Drives the pages of `plan --format html` as a reviewer does: with a keyboard, links and a printer.
// Fails on any message in the console and on any request other than for the page itself.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [folder, flag, shots] = process.argv.slice(2);
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const browser = await chromium.launch({ executablePath, headless: true, args });

/** Opens a page, lets a test use it, and fails if it complained or reached for anything. */
async function withPage(file, options, use) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints = [];
  const url = pathToFileURL(resolve(folder, file)).href;
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  page.on("request", (request) => {
    const asked = request.url();
    if (asked.split("#")[0] !== url && asked !== "data:,") complaints.push(`request: ${asked}`);
  });
  await page.goto(url + (options.hash || ""));
  await use(page, url);
  assert.deepEqual(complaints, []);
  await context.close();
}

const shown = (page) => page.locator(".row:visible").count();
const status = (page) => page.locator("#status").textContent();
const focused = (page) => page.evaluate(() => document.activeElement.closest(".row")?.id.slice(4));

async function shoot(page, name, options) {
  if (flag === "--screenshots") await page.screenshot({ path: `${shots}/${name}.png`, ...options });
}

const tests = {
  async "the heading tells what will happen"() {
    await withPage("varied.html", {}, async (page) => {
      assert.equal(await page.title(), "Plan for prod");
      assert.match(await page.locator("#verdict").textContent(), /^4 to add, 3 to change, 2 to destroy, 1 blocked\.$/);
      assert.deepEqual(await page.locator("h1").allTextContents(), ["Plan for prod"]);
      await shoot(page, "top");
      assert.match(await page.locator("#command").textContent(), /^apicenter apply --expect-plan p2-[0-9a-f]{32} -t prod$/);
      assert.match(await page.locator("#problems").textContent(), /rset is not a known kind of API/);
    });
  },

  async "a manifest that a warning advises keeps its lines"() {
    await withPage("varied.html", {}, async (page) => {
      const manifest = await page.locator("#problems pre.manifest").textContent();
      assert.equal(
        manifest,
        "apiVersion: apicenter/v1\nkind: Service\nmetadata: {name: contoso}\nspec:\n" +
          "  location: westeurope\n  identity: SystemAssigned",
      );
    });
  },

  async "the command gives the consent that a cascade needs"() {
    await withPage("cascade.html", {}, async (page) => {
      assert.match(await page.locator("#command").textContent(), / -t prod --allow-destroy integration\/apim$/);
      assert.equal(await shown(page), 6);
    });
  },

  async "filters narrow by text, kind and action, and Escape clears them"() {
    await withPage("varied.html", {}, async (page) => {
      const all = await shown(page);
      await page.keyboard.press("/");
      await page.keyboard.type("Orders 2-0-0");
      await page.waitForFunction(() => /^2 of/.test(document.querySelector("#status").textContent));
      assert.equal(await shown(page), 2);
      await page.keyboard.press("Escape");
      assert.equal(await shown(page), all);
      await page.selectOption("#kind", "ApiDefinition");
      assert.equal(await shown(page), 2);
      await page.locator("#actions [data-action=update]").click();
      assert.equal(await shown(page), 1);
      assert.equal(await page.locator("#actions [data-action=update]").getAttribute("aria-pressed"), "true");
      await page.keyboard.press("Escape");
      await page.keyboard.press("d");
      assert.equal(await page.locator('.row:visible:not([data-action="delete"])').count(), 0);
    });
  },

  async "the keyboard walks, opens and closes"() {
    await withPage("varied.html", {}, async (page) => {
      await page.keyboard.press("j");
      const first = await focused(page);
      await page.keyboard.press("j");
      assert.notEqual(await focused(page), first);
      await page.keyboard.press("k");
      assert.equal(await focused(page), first);
      await page.keyboard.press("Enter");
      const open = page.locator(".row details[open]");
      await open.waitFor();
      assert.equal(await open.count(), 1);
      assert.ok((await open.locator("tbody tr").count()) > 0);
      await page.keyboard.press("Enter");
      assert.equal(await open.count(), 0);
      await page.keyboard.press("?");
      assert.ok(await page.locator("#help").isVisible());
      await shoot(page, "help");
      await page.keyboard.press("Escape");
      assert.ok(!(await page.locator("#help").isVisible()));
    });
  },

  async "a link opens its resource with the difference of its document"() {
    const hash = "#api/orders/version/1-0-0/definition/openapi";
    await withPage("varied.html", { hash }, async (page, url) => {
      assert.equal(await focused(page), hash.slice(1));
      await shoot(page, "document");
      assert.deepEqual(await page.locator(".row details[open] .diff .del").allTextContents(), ["-  /legacy: {}\n"]);
      await page.goto(url + "#api%2Fcarts");
      await page.locator('[id="row/api/carts"] tbody').waitFor();
    });
    await withPage("varied.html", { hash: "#api/%zz" }, async (page) => assert.ok((await shown(page)) > 0));
  },

  async "foreign text is text"() {
    await withPage("varied.html", { hash: "#api/hostile" }, async (page) => {
      const title = await page.locator('[id="row/api/hostile"] td.after').first().textContent();
      assert.ok(title.includes("<img src=x onerror=alert(1)>\\u{202e}</script>"), title);
      assert.equal(await page.locator("img").count(), 0);
    });
  },

  async "what is kept and what is dropped though nobody knows it is distinguished"() {
    await withPage("varied.html", { hash: "#api/contacts" }, async (page) => {
      const notes = await page.locator('[id="row/api/contacts"] .body p.faint').allTextContents();
      assert.deepEqual(notes, [
        "Kept, though not known to this program: contacts[1].phone",
        "Dropped together with what holds them, though not known to this program: contacts[0].phone",
      ]);
    });
  },

  async "it prints open and closes again"() {
    await withPage("varied.html", {}, async (page) => {
      const rows = await shown(page);
      await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
      assert.equal(await page.locator(".row details[open] .body").count(), rows);
      await page.emulateMedia({ media: "print" });
      assert.ok(!(await page.locator("#filters").isVisible()));
      await shoot(page, "print", { fullPage: true });
      await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
      assert.equal(await page.locator(".row details[open]").count(), 0);
      assert.ok((await page.pdf()).length > 10_000);
    });
  },

  async "texts stand out from what is behind them"() {
    for (const colorScheme of ["light", "dark"]) {
      await withPage("varied.html", { colorScheme, hash: "#api/orders" }, async (page) => {
        await page.keyboard.press("e");
        assert.deepEqual(await page.evaluate(faintTexts), []);
        await shoot(page, `varied-${colorScheme}`);
        await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
        await shoot(page, `varied-${colorScheme}-end`);
      });
    }
    await withPage("varied.html", { viewport: { width: 420, height: 800 } }, async (page) => {
      await page.keyboard.press("e");
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 420, `${width} wide`);
      await shoot(page, "narrow");
    });
  },

  async "the theme can be chosen"() {
    await withPage("varied.html", { colorScheme: "light" }, async (page) => {
      const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const light = await back();
      await page.keyboard.press("t");
      assert.equal(await back(), light);
      await page.keyboard.press("t");
      assert.notEqual(await back(), light);
      assert.equal(await page.locator("#theme").textContent(), "Dark");
    });
  },

  async "nothing to do and nothing planned are told"() {
    await withPage("empty.html", {}, async (page) => {
      assert.match(await page.locator("#verdict").textContent(), /^No changes\./);
      assert.ok(!(await page.locator("#filters").isVisible()));
    });
    await withPage("failed.html", {}, async (page) => {
      assert.match(await page.locator("#verdict").textContent(), /^No plan/);
      assert.ok(await page.locator("#problems li").isVisible());
      await shoot(page, "failed");
    });
  },

  async "five thousand changes stay quick"() {
    const begin = Date.now();
    await withPage("large.html", {}, async (page) => {
      console.log(`  opened in ${Date.now() - begin} ms`);
      assert.equal(await status(page), "5,000 changes");
      const times = [];
      for (const text of ["0", "00", "team 12", "api-0499", ""]) {
        const time = await page.evaluate((text) => {
          const begin = performance.now();
          document.querySelector("#text").value = text;
          refresh();
          document.body.getBoundingClientRect();
          return performance.now() - begin;
        }, text);
        times.push(Math.round(time));
      }
      console.log(`  filtered in ${times.join(", ")} ms`);
      assert.ok(Math.max(...times) < 400, "filtering is slow");
      await page.fill("#text", "api-04990");
      await page.waitForFunction(() => document.querySelector("#status").textContent === "1 of 5,000 changes");
      await page.fill("#text", "");
      await shoot(page, "large");
      const opening = Date.now();
      await page.keyboard.press("Escape");
      await page.keyboard.press("e");
      await page.waitForFunction(() => document.querySelectorAll(".row .body").length === 5000);
      console.log(`  opened all in ${Date.now() - opening} ms`);
      await page.goto(page.url() + "#api/api-04990");
      assert.equal(await focused(page), "api/api-04990");
      const box = await page.locator('[id="row/api/api-04990"]').boundingBox();
      assert.ok(box.y >= 0 && box.y < 900, `at ${box.y}`);
    });
  },
};

/** Texts whose contrast is below 4.5 (WCAG AA). Runs in the page. */
function faintTexts() {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgb = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const luminance = (color) => {
    const part = (c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(color[0]) + 0.7152 * part(color[1]) + 0.0722 * part(color[2]);
  };
  const backOf = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const color = rgb(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255, 255];
  };
  const faint = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.checkVisibility() || node.closest(".skip")) continue;
    const pair = [luminance(rgb(getComputedStyle(node).color)), luminance(backOf(node))].sort();
    const ratio = (pair[1] + 0.05) / (pair[0] + 0.05);
    if (ratio < 4.5) faint.add(`${node.className || node.tagName}: ${ratio.toFixed(2)}`);
  }
  return [...faint];
}

let failed = 0;
for (const [name, test] of Object.entries(tests)) {
  try {
    await test();
    console.log(`ok ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED ${name}\n${error.stack}`);
  }
}
await browser.close();
process.exit(failed === 0 ? 0 : 1);
