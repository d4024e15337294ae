// The page: what stands around the rows, the keyboard, links, colours and printing.

function makeHeading() {
  const { target } = plan;
  const name = visible(target.name);
  // A project file that is wrong names no target.
  if (name !== "") {
    const from = plan.from && visible(plan.from.name);
    document.title = from ? "From " + from + " to " + name : "Plan for " + name;
    const start = from ? ["From ", el("code", {}, from), " to "] : ["Plan for "];
    byId("title").replaceChildren(...start, el("code", {}, name));
  }
  makeVerdict();
  makeAuthors();
  makeScope();
  makeOrigin();
}

/** What the service is like where nothing changes. */
function unchangedWords(resources) {
  if (plan.from) return visible(plan.target.name) + " is as " + visible(plan.from.name) + " (" + resources + ").";
  if (!plan.scope) return "The service is as declared (" + resources + ").";
  const { addresses, removed } = plan.scope;
  if (addresses.length + removed.length === 0) return "The service was not read, because there is nothing to compare.";
  return "What was compared is as declared (" + resources + ").";
}

/** What was compared, where not everything was. */
function makeScope() {
  if (!plan.scope) return;
  const { message, commandForAll } = plan.scope;
  byId("scope").hidden = false;
  byId("scope").append(visible(message), " ", copyButton("Copy", "the command for all", () => commandForAll));
}

/** Who made the differences, where that is known. */
function makeAuthors() {
  byId("authors").hidden = !carried.authors;
  byId("authors").textContent = visible(carried.authors || "");
}

function makeVerdict() {
  const { summary } = plan;
  if (plan.planId === null) {
    const isRefused = plan.refusals.length > 0;
    byId("verdict").textContent = isRefused ? "No plan." : "No plan: the manifests have errors. Nothing was compared.";
    return;
  }
  if (plan.changes.length === 0) {
    const words = count(summary.unchanged, "resource");
    byId("verdict").textContent = "No changes. " + unchangedWords(words);
    return;
  }
  const words = [
    number(summary.create) + " to add",
    number(summary.update + summary.replace) + " to change",
    number(summary.delete + summary.replace) + " to destroy",
  ];
  if (summary.rename) words.push(number(summary.rename) + " to rename");
  if (summary.blocked > 0) words.push(number(summary.blocked) + " blocked");
  byId("verdict").append(el("strong", {}, words.join(", ")), ".");
  const breaks = plan.changes.reduce((sum, change) => sum + breaksOf(change), 0);
  if (breaks > 0) byId("verdict").append(" ", el("strong", { class: "badge" }, count(breaks, "breaking change")));
}

/** What the plan is about: facts with names. */
function makeOrigin() {
  const { target } = plan;
  const fact = (name, ...value) => {
    byId("origin").append(el("div", {}, el("dt", {}, name), el("dd", {}, ...value)));
  };
  const link = ({ name, url }, text) => linked(visible(text || name), url);
  if (origin.project) fact("Project", visible(origin.project));
  if (target.service) {
    const emulated = target.subscriptionId === "";
    const where = emulated ? " in the embedded emulator" : " in " + visible(target.resourceGroup);
    fact("Service", linked(visible(target.service), carried.portal), el("span", { class: "faint" }, where));
    if (!emulated) fact("Subscription", visible(target.subscriptionId));
  }
  if (origin.repository) fact("Repository", link(origin.repository));
  if (origin.pullRequest) fact("Pull request", link(origin.pullRequest));
  if (origin.branch) fact("Branch", link(origin.branch));
  if (origin.commit) {
    const { name } = origin.commit;
    fact("Commit", link(origin.commit, name.slice(0, 8)), " ", copyButton("Copy", "the commit", () => name));
  }
  if (plan.planId) {
    fact("Plan", el("code", {}, visible(plan.planId.slice(0, 11)) + "…"), " ", copyButton("Copy", "the plan ID", () => plan.planId));
  }
  if (origin.program) fact("Made by", "apicenter " + visible(origin.program));
}

function makeNotices() {
  byId("refusals").hidden = plan.refusals.length === 0;
  for (const refusal of plan.refusals) {
    const item = el("li", {}, el("strong", {}, ...prose(refusal.message)));
    if (refusal.source) item.append(" ", place(refusal.source));
    item.append(el("div", {}, ...help(refusal.help)));
    byId("refusals").querySelector("ul").append(item);
  }
  const problems = plan.diagnostics;
  byId("problems").hidden = problems.length === 0 && !carried.elsewhere;
  const isError = problems.some((problem) => problem.severity === "error");
  byId("problems-title").textContent = count(problems.length, isError ? "problem" : "warning");
  byId("problems").querySelector("details").open = isError || plan.changes.length === 0;
  for (const problem of problems) {
    const item = el("li", {}, el("strong", {}, problem.severity), " ", el("code", {}, problem.code), ": ");
    item.append(...prose(problem.message));
    if (problem.source) item.append(" ", place(problem.source));
    if (problem.help) item.append(el("div", { class: "faint" }, ...help(problem.help)));
    byId("problems").querySelector("ul").append(item);
  }
  // What is about files that the branch does not change is only counted.
  if (!carried.elsewhere) return;
  byId("problems").querySelector("ul").append(el("li", { class: "faint" }, ...prose(carried.elsewhere)));
  if (problems.length === 0) byId("problems-title").textContent = "Warnings elsewhere";
}

/** Why callers break: the same reason in many definitions once. */
function makeBreaking() {
  const reasons = carried.reasons || [];
  byId("breaking").hidden = reasons.length === 0;
  for (const { place, message, changes } of reasons) {
    const item = el("li", {}, el("code", {}, visible(place)), ": ", ...prose(message), " — ");
    changes.slice(0, 5).forEach((index, i) => {
      const { address } = plan.changes[index];
      item.append(i > 0 ? ", " : "", el("a", { href: "#" + encodeURIComponent(address) }, visible(address)));
    });
    if (changes.length > 5) item.append(" and " + number(changes.length - 5) + " more");
    byId("breaking").querySelector("ul").append(item);
  }
}

function makeExempted() {
  const findings = plan.exempted || [];
  byId("exempted").hidden = findings.length === 0;
  byId("exempted-title").textContent = count(findings.length, "finding") + " exempted";
  for (const finding of findings) {
    const item = el("li", {}, el("code", {}, finding.code), ": ", ...prose(finding.message));
    if (finding.source) item.append(" ", place(finding.source));
    const words = [finding.reason];
    if (finding.by) words.push("by " + finding.by);
    if (finding.until) words.push("until " + finding.until);
    item.append(el("div", { class: "faint" }, ...help(words.join(", "))));
    byId("exempted").querySelector("ul").append(item);
  }
}

const ACTIONS = ["create", "update", "replace", "rename", "delete", "blocked"];

function makeCounts() {
  const kinds = carried.counts || [];
  byId("counts").hidden = kinds.length < 2;
  const actions = ACTIONS.filter((action) => kinds.some(({ counts }) => counts[action]));
  const head = ["Kind", ...actions].map((name) => el("th", { scope: "col" }, name));
  const row = ({ noun, counts }) => {
    const cells = actions.map((action) => el("td", {}, counts[action] ? number(counts[action]) : ""));
    return el("tr", {}, el("th", { scope: "row" }, noun), ...cells);
  };
  const body = el("tbody", {}, ...kinds.map(row));
  const table = el("table", { class: "tally-table" }, el("thead", {}, el("tr", {}, ...head)), body);
  byId("counts").querySelector("details").append(table);
}

function makeList(id, addresses, words) {
  byId(id).hidden = addresses.length === 0;
  byId(id + "-title").textContent = count(addresses.length, "resource") + " " + words;
  const items = addresses.map((address) => el("li", {}, el("code", {}, visible(address))));
  byId(id).querySelector("ul").append(...items);
}

function makeCommand() {
  const { command } = carried;
  byId("next").hidden = !command;
  if (!command) return;
  byId("command").textContent = visible(command);
  byId("next").querySelector(".command").append(copyButton("Copy", "the command", () => command));
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
  if (!row.isShown) clearFilter();
  if (row.block.family) row.block.family.open = true;
  row.details.open = true;
  fill(row);
  row.summary.focus({ preventScroll: true });
  row.node.scrollIntoView({ block: "start" });
}

/** What the keyboard walks along: the headings of families, and the rows that can be seen. */
function stops() {
  return blocks.flatMap((block) => {
    if (block.node.hidden) return [];
    const shown = block.rows.filter((row) => row.isShown).map((row) => row.summary);
    if (!block.family) return shown;
    return [block.family.querySelector("summary"), ...(block.family.open ? shown : [])];
  });
}

function step(by) {
  const all = stops();
  if (all.length === 0) return;
  const holder = document.activeElement.closest("details");
  const current = holder ? all.indexOf(holder.querySelector("summary")) : -1;
  const next = current < 0 ? (by > 0 ? 0 : all.length - 1) : current + by;
  const summary = all[Math.max(0, Math.min(all.length - 1, next))];
  summary.focus({ preventScroll: true });
  summary.scrollIntoView({ block: "nearest" });
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

const KEYS = {
  "/": () => {
    byId("text").focus();
    byId("text").select();
  },
  j: () => step(1),
  k: () => step(-1),
  e: () => openAll(true),
  c: () => openAll(false),
  b: pressBreaking,
  d: () => pressOnly(filter.actions.has("delete") ? null : "delete"),
  u: () => setLayout(!isSplit),
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

function start() {
  makeHeading();
  makeNotices();
  makeBreaking();
  makeExempted();
  makeList("left-alone", plan.leftAlone || [], "left as live (--theirs)");
  makeList("unmanaged", plan.unmanaged, "unmanaged (in the service, not in the manifests; not changed)");
  makeList("unchanged", plan.unchanged || [], plan.from ? "the same" : "as declared");
  makeCounts();
  makeCommand();
  isSplit = matchMedia("(min-width: 80rem)").matches;
  byId("layout").setAttribute("aria-pressed", String(isSplit));
  if (plan.changes.length > 0) {
    makeBlocks();
    makeContents();
    makeFilters();
    refresh();
  }
  byId("changes").hidden = rows.length === 0;
  byId("side").hidden = rows.length === 0;
  byId("contents").open = matchMedia("(min-width: 60rem)").matches;
  setTheme("auto");
  byId("theme").addEventListener("click", nextTheme);
  byId("layout").addEventListener("click", () => setLayout(!isSplit));
  byId("help-button").addEventListener("click", () => byId("help").showModal());
  document.addEventListener("keydown", onKey);
  window.addEventListener("hashchange", followLink);
  window.addEventListener("beforeprint", makePrint);
  window.addEventListener("afterprint", dropPrint);
  followLink();
}

start();
