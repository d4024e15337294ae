// Which rows are shown. Rows stay in the page, so that a browser can search and print them.

const filter = { words: [], kind: "", actions: new Set() };
let rows = [];

function matches(row) {
  const { change } = row;
  return (
    (filter.kind === "" || change.kind === filter.kind) &&
    (filter.actions.size === 0 || filter.actions.has(change.action)) &&
    filter.words.every((word) => row.haystack.includes(word))
  );
}

function refresh() {
  filter.words = byId("text").value.toLowerCase().split(/\s+/).filter(Boolean);
  filter.kind = byId("kind").value;
  let shown = 0;
  for (const row of rows) {
    const isShown = matches(row);
    if (isShown) shown += 1;
    if (row.node.hidden === isShown) row.node.hidden = !isShown;
  }
  byId("rows").hidden = shown === 0;
  const all = count(rows.length, "change");
  byId("status").textContent = shown === rows.length ? all : number(shown) + " of " + all;
}

/** Shows exactly the changes in which a text stands. */
function showOnly(text) {
  byId("text").value = text;
  byId("kind").value = "";
  pressOnly(null);
  byId("text").focus();
}

function pressOnly(action) {
  filter.actions = new Set(action ? [action] : []);
  for (const button of byId("actions").children) {
    button.setAttribute("aria-pressed", String(filter.actions.has(button.dataset.action)));
  }
  refresh();
}

function tally(key) {
  const counts = new Map();
  for (const change of plan.changes) counts.set(change[key], (counts.get(change[key]) || 0) + 1);
  return counts;
}

function makeFilters() {
  byId("kind").append(el("option", { value: "" }, "All kinds"));
  for (const [kind, n] of [...tally("kind")].sort()) {
    byId("kind").append(el("option", { value: kind }, kind + " (" + number(n) + ")"));
  }
  const counts = tally("action");
  for (const action of ["delete", "blocked", "replace", "update", "create"]) {
    if (!counts.has(action)) continue;
    const words = SIGNS[action] + " " + number(counts.get(action)) + " " + action;
    const button = el("button", { type: "button", "data-action": action, "aria-pressed": "false" }, words);
    button.addEventListener("click", () => {
      if (!filter.actions.delete(action)) filter.actions.add(action);
      button.setAttribute("aria-pressed", String(filter.actions.has(action)));
      refresh();
    });
    byId("actions").append(button);
  }
  let scheduled = 0;
  byId("text").addEventListener("input", () => {
    cancelAnimationFrame(scheduled);
    scheduled = requestAnimationFrame(refresh);
  });
  byId("kind").addEventListener("change", refresh);
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("expand").addEventListener("click", () => openAll(true));
  byId("collapse").addEventListener("click", () => openAll(false));
}

const shownRows = () => rows.filter((row) => !row.node.hidden);

function openAll(isOpen) {
  for (const row of shownRows()) row.details.open = isOpen;
}
