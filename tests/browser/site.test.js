// Drives the pages of `apicenter site` as a reader does: searches, filters, follows links, reads descriptions.
// Fails on any message in the console and on any request that leaves the folder of the site.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [folder, flag, shots] = process.argv.slice(2);
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath, headless: true, args });
const root = pathToFileURL(resolve(folder)).href + "/";
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function shoot(page, name) {
  if (flag === "--screenshots") await page.screenshot({ path: `${shots}/site-${name}.png` });
}

/** What axe-core finds that keeps people from using our part of the page. */
async function barriers(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run({ exclude: [[".viewer"]] }, { preload: false }));
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(", ")}`);
}

async function withPage(hash, options, use) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  page.on("request", (request) => {
    const asked = request.url();
    if (!asked.startsWith(root) && !asked.startsWith("data:")) complaints.push(`request: ${asked}`);
  });
  await page.goto(root + "index.html" + hash);
  await use(page);
  assert.deepEqual(complaints, []);
  await context.close();
}

const status = (page) => page.locator("[role=status]").textContent();
/** Waits until a page has this title, since a browser follows a link after the click. */
const shows = (page, title) => page.getByRole("heading", { level: 2, name: title, exact: true }).waitFor();
const titles = (page) => page.locator(".card a").allTextContents();

const tests = {
  async "a search and filters find APIs, and the address keeps them"() {
    await withPage("", {}, async (page) => {
      assert.match(await status(page), /^\d+ APIs$/);
      await shoot(page, "list");
      await page.getByRole("searchbox").fill("orders");
      assert.ok((await titles(page)).includes("Orders"), String(await titles(page)));
      const all = await page.evaluate(() => catalogue.resources.filter((one) => one.kind === "api"));
      const team = all.find((one) => one.name === "orders").metadata.team;
      await page.getByRole("searchbox").fill("");
      await page.getByLabel("team", { exact: true }).selectOption(team);
      const expected = all.filter((one) => one.metadata?.team === team).length;
      assert.equal((await titles(page)).length, expected);
      assert.equal(await status(page), `${expected} of ${all.length} APIs`);
      await page.reload();
      assert.equal((await titles(page)).length, expected, "the address has the filter");
      assert.deepEqual(await barriers(page), []);
    });
  },

  async "an API has its versions, its deployments and where they run"() {
    await withPage("#/api/orders", {}, async (page) => {
      assert.equal(await page.locator("h2").textContent(), "Orders");
      const text = await page.locator("main").innerText();
      for (const word of ["Versions", "Deployments", "Environment", "Metadata"]) assert.ok(text.includes(word), word);
      await shoot(page, "api");
      assert.deepEqual(await barriers(page), []);
      const environment = page.locator("td a[href^='#/environment/']").first();
      const name = await environment.textContent();
      await environment.click();
      await shows(page, name);
      assert.ok((await page.locator("main").innerText()).includes("Used by"));
      await page.goBack();
      await shows(page, "Orders");
    });
  },

  async "a description in OpenAPI is rendered, without a network"() {
    await withPage("#/api/orders/version/2-0-0/definition/openapi", { offline: true }, async (page) => {
      await page.locator(".viewer .opblock").first().waitFor();
      const operations = await page.locator(".viewer .opblock").count();
      assert.ok(operations > 1, String(operations));
      await page.locator(".viewer .opblock-summary-control").first().click();
      await page.locator(".viewer .opblock.is-open").first().waitFor();
      assert.equal(await page.getByRole("button", { name: "Try it out" }).count(), 0);
      assert.equal(await page.locator(".viewer .errors-wrapper").count(), 0, "references are resolved");
      await shoot(page, "openapi");
      assert.deepEqual(await barriers(page), []);
    });
  },

  async "other descriptions are shown as text"() {
    await withPage("#/api/search/version/1-0-0/definition/graphql", { colorScheme: "dark" }, async (page) => {
      const code = page.locator("pre.document code");
      await code.waitFor();
      assert.match(await code.textContent(), /type Query/);
      await shoot(page, "graphql");
      assert.deepEqual(await barriers(page), []);
    });
  },

  async "an address that nothing has says so"() {
    await withPage("#/api/never", {}, async (page) => {
      assert.match(await page.locator("main").innerText(), /There is no api\/never in this catalogue/);
    });
  },

  async "it can be used on a telephone"() {
    await withPage("", { viewport: { width: 390, height: 844 } }, async (page) => {
      await shoot(page, "telephone");
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 0, `${wide} pixels too wide`);
    });
  },
};

let failed = 0;
for (const [name, test] of Object.entries(tests)) {
  try {
    await test();
    console.log(`ok      ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n${error.stack}`);
  }
}
await browser.close();
process.exit(failed === 0 ? 0 : 1);
