// Drives the pages of `plan --format html` as a reviewer does: with a keyboard, links and a printer.
// Fails on any message in the console and on any request other than for the page itself.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [folder, flag, shots] = process.argv.slice(2);
/** Part of the names of the tests that run; all without it. */
const only = process.env.ONLY ?? "";
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
const total = async (page) => String(await page.evaluate(() => plan.changes.length));
const status = (page) => page.locator("#status").textContent();
const focused = (page) => page.evaluate(() => document.activeElement.closest(".row")?.id.slice(4));

async function shoot(page, name, options) {
  if (flag === "--screenshots") await page.screenshot({ path: `${shots}/${name}.png`, ...options });
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds that keeps people from using the page. */
async function barriers(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run());
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(", ")}`);
}

/** The pages on paper of A4. */
async function sheets(page, name) {
  const path = flag === "--screenshots" ? `${shots}/${name}.pdf` : undefined;
  const pdf = await page.pdf({ format: "A4", path });
  return [...pdf.toString("latin1").matchAll(/\/Type\s*\/Page\b/g)].length;
}

const tests = {
  async "the heading tells what will happen"() {
    await withPage("varied.html", {}, async (page) => {
      assert.equal(await page.title(), "Plan for prod");
      const verdict = await page.locator("#verdict").textContent();
      assert.equal(verdict, "4 to add, 5 to change, 2 to destroy, 1 blocked. 1 breaking change");
      assert.deepEqual(await page.locator("h1").allTextContents(), ["Plan for prod"]);
      await shoot(page, "top");
      assert.match(await page.locator("#command").textContent(), /^apicenter apply --expect-plan p2-[0-9a-f]{32} -t prod$/);
      assert.match(await page.locator("#problems").textContent(), /rset is not a known kind of API/);
    });
  },

  async "the page says what it is about, with links to the forge"() {
    await withPage("varied.html", {}, async (page) => {
      const facts = await page.locator("#origin div").allTextContents();
      const expected = ["Projectcontoso", "Servicecontoso in rg-apis", "Repositorycontoso/apis", "Pull request#7"];
      for (const fact of expected) assert.ok(facts.includes(fact), facts.join("; "));
      const links = await page.locator("#origin a").evaluateAll((all) => all.map((link) => link.href));
      assert.ok(links.includes("https://github.com/contoso/apis/pull/7"), links.join(" "));
      const place = await page.locator("#problems a").first().getAttribute("href");
      assert.match(place, /^https:\/\/github\.com\/contoso\/apis\/blob\/[0-9a-f]{40}\/catalogue\/apis\/orders\.yaml#L\d+$/);
    });
    await withPage("large.html", {}, async (page) => assert.equal(await page.locator("#origin a").count(), 0));
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
      assert.match(await page.locator("#list h3").first().textContent(), /^integration\/apim/);
      const words = await page.locator(".family .counts").first().textContent();
      assert.equal(words, "takes with it 2 versions, 2 APIs");
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
      assert.equal(await shown(page), 3);
      await page.locator("#actions [data-action=update]").click();
      assert.equal(await shown(page), 2);
      assert.equal(await page.locator("#actions [data-action=update]").getAttribute("aria-pressed"), "true");
      await page.keyboard.press("Escape");
      await page.keyboard.press("d");
      assert.equal(await page.locator('.row:visible:not([data-action="delete"])').count(), 0);
    });
  },

  async "values of metadata, old and new ones, find all below an API"() {
    await withPage("varied.html", {}, async (page) => {
      const groups = await page.locator("#metadata optgroup").evaluateAll((all) => all.map((group) => group.label));
      assert.deepEqual(groups, ["owner", "regulations", "team"]);
      await page.selectOption("#metadata", { label: "team: checkout (2)" });
      assert.equal(await status(page), `2 of ${await total(page)} changes`);
      assert.equal(await shown(page), 2);
      await page.keyboard.press("Escape");
      await page.fill("#text", "team:platform");
      await page.waitForFunction(() => /^2 of/.test(document.querySelector("#status").textContent));
      await page.fill("#text", "nothing has this text");
      await page.locator("#clear").click();
      assert.ok((await shown(page)) > 10);
    });
  },

  async "a first plan is one line for each new API"() {
    await withPage("contoso.html", { viewport: { width: 1440, height: 1000 } }, async (page) => {
      assert.match(await page.locator("#list h2").first().textContent(), /^New APIs \(12\)$/);
      const orders = page.locator(".family > summary", { hasText: "api/orders" });
      assert.match(await orders.textContent(), /api\/orders "Orders"2 versions, 2 definitions, 2 deployments$/);
      assert.equal(await shown(page), 0 + (await page.locator(".block:not(:has(.family)) .row").count()));
      await shoot(page, "contoso");
      await orders.click();
      await page.locator('[id="row/api/orders"] > details > summary').click();
      assert.match(await page.locator('[id="row/api/orders"] table').textContent(), /lifecycleStage|title|kind/);
      await shoot(page, "contoso-open");
    });
    await withPage("contoso.html", { viewport: { width: 390, height: 844 } }, (page) => shoot(page, "contoso-phone"));
    await withPage("contoso.html", { colorScheme: "dark" }, (page) => shoot(page, "contoso-dark"));
    await withPage("contoso.html", {}, async (page) => assert.ok((await sheets(page, "contoso")) <= 5));
  },

  async "what breaks callers is named on top and has a filter"() {
    await withPage("varied.html", {}, async (page) => {
      const reasons = await page.locator("#breaking li").allTextContents();
      const address = "api/payments/version/3-0-0/definition/openapi";
      assert.deepEqual(reasons, [`DELETE /payments/{id}: operation removed — ${address}`]);
      await page.keyboard.press("b");
      assert.equal(await shown(page), 1);
      assert.equal(await page.locator("#actions [data-action=breaking]").getAttribute("aria-pressed"), "true");
      await page.keyboard.press("b");
      await page.locator("#breaking a").click();
      // The page follows a link when the browser says that the address changed, which is after the click.
      await page.waitForFunction(() => document.activeElement !== document.body && !document.activeElement.matches("#breaking a"));
      assert.equal(await focused(page), address);
    });
  },

  async "contents lead to what they name"() {
    await withPage("varied.html", {}, async (page) => {
      const sections = await page.locator("#contents nav summary").allTextContents();
      assert.deepEqual(sections, ["Deleted (1)", "Changed (4)", "New APIs (2)"]);
      await page.locator("#contents a", { hasText: "Order API" }).click();
      assert.match(await page.evaluate(() => document.activeElement.textContent), /api\/orders/);
      await page.keyboard.press("d");
      assert.deepEqual(await page.locator("#contents li:visible").allTextContents(), ["Legacy −2"]);
    });
  },

  async "differences are side by side or unified, with numbers and marked words"() {
    const hash = "#api/payments/version/3-0-0/definition/openapi";
    await withPage("varied.html", { hash, viewport: { width: 1440, height: 900 } }, async (page) => {
      const diff = page.locator(`[id="row/${hash.slice(1)}"] .diff`);
      assert.match(await diff.locator(".note").textContent(), /shown as YAML in one layout/);
      const changed = diff.locator("tr", { hasText: "One payment." });
      assert.equal(await changed.locator("td").count(), 4);
      assert.deepEqual(await changed.locator("del").allTextContents(), ["One"]);
      assert.deepEqual(await changed.locator("ins").allTextContents(), ["A"]);
      const [old, now] = await changed.locator(".n").allTextContents();
      assert.ok(old === now && Number(old) > 5, `${old} ${now}`);
      await shoot(page, "split");
      await page.keyboard.press("u");
      assert.equal(await page.locator("#layout").getAttribute("aria-pressed"), "false");
      const removed = diff.locator("tr", { hasText: "One payment." });
      assert.deepEqual(await removed.locator(".n").allTextContents(), [old, ""]);
      assert.equal(await diff.locator("tr", { hasText: "A payment." }).locator(".sign").textContent(), "+");
      await shoot(page, "unified");
      // A sentence needs no lines.
      const summary = page.locator('[id="row/api/payments"] tr', { hasText: "summary" });
      assert.deepEqual(await summary.locator("ins").allTextContents(), [" at Contoso"]);
    });
  },

  async "what breaks is at its line, and the finding leads there"() {
    const address = "api/payments/version/3-0-0/definition/openapi";
    await withPage("varied.html", { hash: "#" + address, viewport: { width: 1440, height: 900 } }, async (page) => {
      const row = page.locator(`[id="row/${address}"]`);
      const found = row.locator("tr[data-found]");
      for (const layout of ["true", "false"]) {
        assert.equal(await page.locator("#layout").getAttribute("aria-pressed"), layout);
        assert.deepEqual(await found.allTextContents(), ["breaking DELETE /payments/{id}: operation removed"]);
        const line = row.locator(".diff tr", { has: page.locator(".marked") });
        assert.match(await line.locator(".marked").textContent(), /^−\s+delete:$/);
        const next = await line.evaluate((line) => line.nextElementSibling.dataset.found);
        assert.equal(next, "breaking/0");
        const link = row.locator("ul.breaking a");
        assert.equal(await link.textContent(), "removed line " + (await line.locator(".n.del").first().textContent()));
        await link.click();
        assert.equal(await page.evaluate(() => document.activeElement.dataset.found), "breaking/0");
        assert.deepEqual(await barriers(page), []);
        await shoot(page, "breaking-line-" + layout);
        await page.keyboard.press("u");
      }
    });
  },

  async "an API leads to its page in the portal, where the target is Azure"() {
    await withPage("varied.html", { hash: "#api/payments/version/3-0-0/definition/openapi" }, async (page) => {
      const link = page.locator('[id="row/api/payments/version/3-0-0/definition/openapi"] a.portal');
      assert.match(await link.getAttribute("href"), /^https:\/\/portal\.azure\.com\/.*\/apis\/payments$/);
      const service = page.locator("#origin a", { hasText: /^contoso$/ });
      assert.match(await service.getAttribute("href"), /\/services\/contoso$/);
    });
    await withPage("many.html", {}, async (page) => {
      await page.locator(".row summary").first().click();
      assert.equal(await page.locator("a.portal").count(), 0);
    });
  },

  async "dates are as people read them, and addresses are links"() {
    await withPage("values.html", { hash: "#api/orders" }, async (page) => {
      const row = (name) => page.locator('[id="row/api/orders"] tr').filter({ hasText: name });
      const cells = (name) => row(name).locator("td.before, td.after").allTextContents();
      const same = " (the same time, written differently)";
      await row("customProperties.launched").waitFor();
      assert.deepEqual(await cells("customProperties.launched"), ["2026-03-01", "2026-04-01"]);
      assert.deepEqual(await cells("customProperties.reviewed"), ["2026-03-01 12:00 +02:00", "2026-03-01 10:00 UTC" + same]);
      assert.deepEqual(await cells("customProperties.sunset"), ["2027-01-01", "2027-01-01T00:00:00Z" + same]);
      const links = (row) => row.locator("td a:not(.where)").evaluateAll((all) => all.map((link) => [link.textContent, link.href]));
      const terms = (n) => ["https://contoso.com/terms/v" + n, "https://contoso.com/terms/v" + n];
      assert.deepEqual(await links(row("termsOfService.url")), [terms(1), terms(2)]);
      await page.keyboard.press("e");
      const summary = page.locator('[id="row/api/carts"] tr', { has: page.locator('th code:text-is("summary")') });
      await summary.waitFor();
      assert.deepEqual(await links(summary), [["https://docs.contoso.com/carts", "https://docs.contoso.com/carts"]]);
      assert.deepEqual(await barriers(page), []);
      await shoot(page, "values");
    });
  },

  async "warnings about files that the branch does not change are counted"() {
    await withPage("empty.html", {}, async (page) => {
      assert.equal(await page.locator("#problems-title").textContent(), "Warnings elsewhere");
      assert.deepEqual(await page.locator("#problems li").allTextContents(), [
        "60 warnings about files that this branch does not change; validate lists them",
      ]);
    });
  },

  async "what is alike is one group that names what it has in common"() {
    await withPage("alike.html", {}, async (page) => {
      const headings = await page.locator("#list h3").allTextContents();
      const groups = ["189 API versions change alike", "189 APIs change alike", "189 deployments change alike"];
      assert.deepEqual(headings.sort(), groups);
      const common = await page.locator(".block", { hasText: "189 APIs" }).locator(".common .pair").allTextContents();
      assert.ok(common.includes("customProperties.team checkout → platform"), common.join("; "));
      assert.ok(common.includes('summary each ends with " (moved to platform team)" from now on'), common.join("; "));
      await shoot(page, "alike");
      await page.fill("#text", "service-17");
      await page.waitForFunction(() => !document.querySelector("#status").textContent.startsWith("567"));
      assert.ok((await shown(page)) >= 3);
      await page.keyboard.press("Escape");
      assert.equal(await shown(page), 0);
    });
  },

  async "what is copied is what the program takes"() {
    const permissions = ["clipboard-read", "clipboard-write"];
    await withPage("varied.html", { permissions }, async (page) => {
      const copied = async (button) => {
        await button.click();
        await page.waitForFunction(() => document.querySelector("#said").textContent.startsWith("Copied"));
        return page.evaluate(() => navigator.clipboard.readText());
      };
      const command = await copied(page.locator("#next .copy"));
      assert.match(command, /^apicenter apply --expect-plan p2-[0-9a-f]{32} -t prod$/);
      assert.equal(await copied(page.locator('[aria-label="Copy the commit"]')), "0123456789abcdef0123456789abcdef01234567");
      const address = page.locator('[id="row/api/payments"] [aria-label="Copy the address"]');
      assert.equal(await copied(address), "api/payments");
    });
  },

  async "nothing keeps people from using the page"() {
    for (const file of ["varied.html", "alike.html", "contoso.html", "cascade.html", "empty.html", "failed.html"]) {
      for (const colorScheme of ["light", "dark"]) {
        await withPage(file, { colorScheme }, async (page) => {
          const isSmall = file !== "contoso.html" && file !== "alike.html";
          if (isSmall && (await page.locator("#changes").isVisible())) await page.keyboard.press("e");
          assert.deepEqual(await barriers(page), [], file);
        });
      }
    }
    // The first plan of the example with everything open.
    for (const colorScheme of ["light", "dark"]) {
      await withPage("contoso.html", { colorScheme }, async (page) => {
        await page.keyboard.press("e");
        const closed = await page.locator(".row:visible details:not([open])").count();
        assert.ok(closed === 0 && (await page.locator(".row:visible").count()) > 70, `${closed} are closed`);
        assert.deepEqual(await barriers(page), []);
        await shoot(page, `contoso-expanded-${colorScheme}`, { fullPage: true });
      });
    }
    await withPage("varied.html", { viewport: { width: 390, height: 844 } }, async (page) => {
      assert.deepEqual(await barriers(page), []);
      await page.keyboard.press("?");
      assert.deepEqual(await barriers(page), []);
    });
  },

  async "the keyboard walks, opens and closes"() {
    await withPage("varied.html", {}, async (page) => {
      await page.keyboard.press("c");
      await page.locator(".family > summary").first().focus();
      await page.keyboard.press("Enter");
      await page.keyboard.press("j");
      const first = await focused(page);
      await page.keyboard.press("j");
      assert.notEqual(await focused(page), first);
      await page.keyboard.press("k");
      assert.equal(await focused(page), first);
      await page.keyboard.press("Enter");
      const open = page.locator(".row details[open]:visible");
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
      const row = page.locator(`[id="row/${hash.slice(1)}"]`);
      assert.deepEqual(await row.locator(".diff .code.del").allTextContents(), ["−  /legacy: {}"]);
      await page.goto(url + "#api%2Fcarts");
      await page.locator('[id="row/api/carts"] tbody').waitFor();
    });
    await withPage("varied.html", { hash: "#api/%zz" }, async (page) => assert.ok((await shown(page)) > 0));
  },

  async "foreign text is text"() {
    await withPage("varied.html", { hash: "#api/hostile" }, async (page) => {
      const title = await page.locator('[id="row/api/hostile"] td.value').first().textContent();
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

  async "it prints everything that is shown, and nothing else of the page"() {
    await withPage("varied.html", {}, async (page) => {
      await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
      await page.emulateMedia({ media: "print" });
      for (const id of ["#filters", "#changes", "#theme", "#next"]) assert.ok(!(await page.locator(id).isVisible()), id);
      const text = await page.locator("#print").textContent();
      for (const words of ["~ api/payments", "customProperties.team checkout → platform", "blocked: ", "+  /orders/{id}: {}"]) {
        assert.ok(text.includes(words), `${words} in ${text}`);
      }
      await shoot(page, "print", { fullPage: true });
      await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
      assert.equal(await page.locator("#print > *").count(), 0);
      await page.emulateMedia({ media: "screen" });
      await page.keyboard.press("b");
      await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
      const filtered = await page.locator("#print").textContent();
      assert.ok(filtered.includes("Filtered: 1 of") && !filtered.includes("api/legacy"), filtered);
    });
  },

  async "plans of 567 changes print on twenty sheets at most"() {
    for (const file of ["many", "alike", "contracts"]) {
      await withPage(`${file}.html`, {}, async (page) => {
        const n = await sheets(page, file);
        console.log(`  ${file}: ${n} sheets`);
        assert.ok(n > 0 && n <= 20, `${file}: ${n} sheets`);
        // Whatever is left out, every change is named.
        await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
        const missing = await page.evaluate(() => {
          const text = document.querySelector("#print").textContent;
          return plan.changes.map((change) => change.address).filter((address) => !text.includes(address));
        });
        assert.deepEqual(missing, []);
      });
    }
  },

  async "texts stand out from what is behind them"() {
    for (const colorScheme of ["light", "dark"]) {
      await withPage("varied.html", { colorScheme, hash: "#api/orders" }, async (page) => {
        await page.keyboard.press("e");
        await page.evaluate(() => document.querySelector("#metadata").focus());
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

  // A figure, not a check: it depends on the machine.
  async "the time of the processor for five thousand changes is measured"() {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    // Other programs on the machine make no difference to the time of the thread.
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    await page.goto(pathToFileURL(resolve(folder, "large.html")).href);
    await page.evaluate(() => document.body.getBoundingClientRect());
    const { metrics } = await session.send("Performance.getMetrics");
    const seconds = metrics.find(({ name }) => name === "TaskDuration").value;
    assert.ok(Number.isFinite(seconds));
    console.log(`  ${seconds.toFixed(2)} s`);
    await context.close();
  },

  async "five thousand changes can be filtered, opened and reached"() {
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
  if (!name.includes(only)) continue;
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
