// The page: what stands around the rows, the keyboard, links, colours and printing.

function makeHeading() {
  const { target, summary } = plan;
  const name = visible(target.name);
  // A project file that is wrong names no target.
  if (name !== "") {
    document.title = "Plan for " + name;
    byId("title").replaceChildren("Plan for ", el("code", {}, name));
  }
  if (plan.planId === null) {
    byId("verdict").textContent = "No plan: the manifests have errors. Nothing was compared.";
    return;
  }
  byId("target").append("Service ", el("code", {}, visible(target.service)));
  if (target.subscriptionId === "") {
    byId("target").append(" in the embedded emulator");
  } else {
    byId("target").append(" in resource group ", el("code", {}, visible(target.resourceGroup)));
    byId("target").append(", subscription ", el("code", {}, visible(target.subscriptionId)));
  }
  byId("target").append(" · Plan ID ", el("code", {}, visible(plan.planId)));
  if (plan.changes.length === 0) {
    const words = count(summary.unchanged, "resource");
    byId("verdict").textContent = "No changes. The service is as declared (" + words + ").";
    return;
  }
  const words = [
    number(summary.create) + " to add",
    number(summary.update + summary.replace) + " to change",
    number(summary.delete + summary.replace) + " to destroy",
  ];
  if (summary.blocked > 0) words.push(number(summary.blocked) + " blocked");
  byId("verdict").append(el("strong", {}, words.join(", ")), ".");
  const breaks = plan.changes.reduce((sum, change) => sum + (change.breaking || []).length, 0);
  if (breaks > 0) byId("verdict").append(" ", el("strong", { class: "badge" }, count(breaks, "breaking change")));
}

function makeNotices() {
  byId("refusals").hidden = plan.refusals.length === 0;
  for (const refusal of plan.refusals) {
    const item = el("li", {}, el("strong", {}, ...prose(refusal.message)));
    if (refusal.source) item.append(" ", el("span", { class: "mono faint" }, place(refusal.source)));
    item.append(el("div", {}, ...help(refusal.help)));
    byId("refusals").querySelector("ul").append(item);
  }
  const problems = plan.diagnostics;
  byId("problems").hidden = problems.length === 0;
  const isError = problems.some((problem) => problem.severity === "error");
  byId("problems-title").textContent = count(problems.length, isError ? "problem" : "warning");
  byId("problems").querySelector("details").open = isError || problems.length <= 3;
  for (const problem of problems) {
    const item = el("li", {}, el("strong", {}, problem.severity), " ", el("code", {}, problem.code), ": ");
    item.append(...prose(problem.message));
    if (problem.source) item.append(" ", el("span", { class: "mono faint" }, place(problem.source)));
    if (problem.help) item.append(el("div", { class: "faint" }, ...help(problem.help)));
    byId("problems").querySelector("ul").append(item);
  }
}

function makeExempted() {
  const findings = plan.exempted || [];
  byId("exempted").hidden = findings.length === 0;
  byId("exempted-title").textContent = count(findings.length, "finding") + " exempted";
  for (const finding of findings) {
    const item = el("li", {}, el("code", {}, finding.code), ": ", ...prose(finding.message));
    if (finding.source) item.append(" ", el("span", { class: "mono faint" }, place(finding.source)));
    const words = [finding.reason];
    if (finding.by) words.push("by " + finding.by);
    if (finding.until) words.push("until " + finding.until);
    item.append(el("div", { class: "faint" }, ...help(words.join(", "))));
    byId("exempted").querySelector("ul").append(item);
  }
}

function makeList(id, addresses, words) {
  byId(id).hidden = addresses.length === 0;
  byId(id + "-title").textContent = count(addresses.length, "resource") + " " + words;
  const items = addresses.map((address) => el("li", {}, el("code", {}, visible(address))));
  byId(id).querySelector("ul").append(...items);
}

function makeCommand() {
  const isApplicable = plan.changes.some((change) => change.action !== "blocked");
  byId("next").hidden = !isApplicable || plan.refusals.length > 0;
  const quoted = (word) => (/^[\w.\/:-]+$/.test(word) ? word : "'" + word.replaceAll("'", "'\\''") + "'");
  const words = ["apicenter", "apply", "--expect-plan", plan.planId];
  if (plan.target.name) words.push("-t", quoted(plan.target.name));
  for (const only of plan.options.only) words.push("--only", quoted(only));
  if (plan.options.prune) words.push("--prune");
  const isCascade = (change) => change.action === "delete" && change.kind === "Integration";
  for (const cascade of plan.changes.filter(isCascade)) words.push("--allow-destroy", quoted(cascade.address));
  byId("command").textContent = visible(words.join(" "));
}

/** Opens the change that the address of the page names, and goes there. */
function followLink() {
  let wanted = location.hash.slice(1);
  try {
    wanted = decodeURIComponent(wanted);
  } catch {
    return;
  }
  const row = rows.find((candidate) => candidate.change.address === wanted);
  if (!row) return;
  row.node.hidden = false;
  row.details.open = true;
  fill(row);
  row.summary.focus({ preventScroll: true });
  row.node.scrollIntoView({ block: "start" });
}

function step(by) {
  const shown = shownRows();
  if (shown.length === 0) return;
  const current = shown.findIndex((row) => row.node.contains(document.activeElement));
  const next = current < 0 ? (by > 0 ? 0 : shown.length - 1) : current + by;
  const row = shown[Math.max(0, Math.min(shown.length - 1, next))];
  row.summary.focus({ preventScroll: true });
  row.node.scrollIntoView({ block: "nearest" });
}

const THEMES = ["auto", "light", "dark"];

function setTheme(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  byId("theme").textContent = theme[0].toUpperCase() + theme.slice(1);
  byId("theme").setAttribute("aria-label", "Colours: " + theme);
}

function nextTheme() {
  const now = document.documentElement.dataset.theme || "auto";
  setTheme(THEMES[(THEMES.indexOf(now) + 1) % THEMES.length]);
}

function clearFilter() {
  byId("text").value = "";
  byId("kind").value = "";
  pressOnly(null);
}

const KEYS = {
  "/": () => {
    byId("text").focus();
    byId("text").select();
  },
  j: () => step(1),
  k: () => step(-1),
  e: () => openAll(true),
  c: () => openAll(false),
  d: () => pressOnly(filter.actions.has("delete") ? null : "delete"),
  t: nextTheme,
  "?": () => byId("help").showModal(),
  Escape: clearFilter,
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
  const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
  if (isTyping && event.key === "Enter" && event.target.id === "text") {
    event.preventDefault();
    return step(1);
  }
  if (isTyping && event.key !== "Escape") return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  if (isTyping) event.target.blur();
  act();
}

let openedForPrint = [];

function start() {
  makeHeading();
  makeNotices();
  makeExempted();
  makeList("unmanaged", plan.unmanaged, "unmanaged (in the service, not in the manifests; not changed)");
  makeList("unchanged", plan.unchanged || [], "as declared");
  makeCommand();
  makeFilters();
  rows = plan.changes.map(makeRow);
  byId("rows").append(...rows.map((row) => row.node));
  byId("changes").hidden = rows.length === 0;
  refresh();
  setTheme("auto");
  byId("theme").addEventListener("click", nextTheme);
  byId("help-button").addEventListener("click", () => byId("help").showModal());
  document.addEventListener("keydown", onKey);
  window.addEventListener("hashchange", followLink);
  window.addEventListener("beforeprint", () => {
    openedForPrint = [...document.querySelectorAll("details:not([open])")];
    for (const row of shownRows()) fill(row);
    for (const details of openedForPrint) details.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const details of openedForPrint) details.open = false;
    openedForPrint = [];
  });
  followLink();
}

start();
