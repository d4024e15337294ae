// Which rows are shown. Rows stay in the page, so that a browser can search and print them.

const filter = { words: [], kind: "", metadata: null, isBreaking: false, actions: new Set() };

/** Values of one name of metadata that are worth a list; others are found by text. */
const MOST_VALUES = 100;

function matches(row) {
  const { change } = row;
  if (filter.kind !== "" && change.kind !== filter.kind) return false;
  if (filter.actions.size > 0 && !filter.actions.has(change.action)) return false;
  if (filter.isBreaking && breaksOf(change) === 0) return false;
  if (filter.metadata) {
    const values = metadataOf(row.index).get(filter.metadata[0]);
    if (!values || !values.has(filter.metadata[1])) return false;
  }
  if (filter.words.length === 0) return true;
  row.haystack = row.haystack || haystackOf(row);
  return filter.words.every((word) => row.haystack.includes(word));
}

const isFiltered = () =>
  filter.words.length > 0 || filter.kind || filter.metadata || filter.isBreaking || filter.actions.size > 0;

function setHidden(node, hidden) {
  if (node.hidden !== hidden) node.hidden = hidden;
}

function refresh() {
  filter.words = byId("text").value.toLowerCase().split(/\s+/).filter(Boolean);
  filter.kind = byId("kind").value;
  filter.metadata = byId("metadata").value ? JSON.parse(byId("metadata").value) : null;
  let shown = 0;
  for (const row of rows) {
    row.isShown = matches(row);
    if (row.isShown) shown += 1;
    setHidden(row.node, !row.isShown);
  }
  const isPart = Boolean(isFiltered());
  for (const block of blocks) showBlock(block, isPart);
  for (const section of sections) {
    const isEmpty = section.blocks.every((block) => block.node.hidden);
    setHidden(section.node, isEmpty);
    setHidden(section.entries, isEmpty);
  }
  byId("none").hidden = shown > 0;
  const all = count(rows.length, "change");
  byId("status").textContent = shown === rows.length ? all : number(shown) + " of " + all;
}

/** A family opens for what was found in it, and closes again with the filter. */
function showBlock(block, isPart) {
  const shown = block.rows.filter((row) => row.isShown).length;
  setHidden(block.node, shown === 0);
  if (block.entry) setHidden(block.entry, shown === 0);
  if (!block.family) return;
  block.family.classList.toggle("part", isPart);
  if (isPart && !block.isFound && shown > 0 && shown <= MOST_OPEN) {
    block.isFound = true;
    block.wasOpen = block.family.open;
    block.family.open = true;
  } else if (!isPart && block.isFound) {
    block.isFound = false;
    block.family.open = block.wasOpen;
  }
}

function pressOnly(action) {
  filter.actions = new Set(action ? [action] : []);
  filter.isBreaking = false;
  showPressed();
  refresh();
}

function pressBreaking() {
  filter.isBreaking = !filter.isBreaking;
  showPressed();
  refresh();
}

function showPressed() {
  for (const button of byId("actions").children) {
    const { action } = button.dataset;
    button.setAttribute("aria-pressed", String(action === "breaking" ? filter.isBreaking : filter.actions.has(action)));
  }
}

function tally(key) {
  const counts = new Map();
  for (const change of plan.changes) counts.set(change[key], (counts.get(change[key]) || 0) + 1);
  return counts;
}

function filterButton(action, words, act) {
  const button = el("button", { type: "button", "data-action": action, "aria-pressed": "false" }, words);
  button.addEventListener("click", act);
  byId("actions").append(button);
}

function makeFilters() {
  byId("kind").append(el("option", { value: "" }, "All kinds"));
  for (const [kind, n] of [...tally("kind")].sort()) {
    byId("kind").append(el("option", { value: kind }, kind + " (" + number(n) + ")"));
  }
  const broken = plan.changes.filter((change) => breaksOf(change) > 0).length;
  if (broken > 0) filterButton("breaking", number(broken) + " breaking", pressBreaking);
  const counts = tally("action");
  for (const action of ["delete", "blocked", "replace", "rename", "update", "create"]) {
    if (!counts.has(action)) continue;
    filterButton(action, SIGNS[action] + " " + number(counts.get(action)) + " " + action, () => {
      if (!filter.actions.delete(action)) filter.actions.add(action);
      showPressed();
      refresh();
    });
  }
  makeMetadata();
  let scheduled = 0;
  byId("text").addEventListener("input", () => {
    cancelAnimationFrame(scheduled);
    scheduled = requestAnimationFrame(refresh);
  });
  byId("kind").addEventListener("change", refresh);
  byId("metadata").addEventListener("change", refresh);
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("expand").addEventListener("click", () => openAll(true));
  byId("collapse").addEventListener("click", () => openAll(false));
  byId("clear").addEventListener("click", clearFilter);
}

/** Each name of metadata with its values and how many changes have them. */
function makeMetadata() {
  const names = new Map();
  plan.changes.forEach((_, index) => {
    for (const [name, values] of metadataOf(index)) {
      if (!names.has(name)) names.set(name, new Map());
      for (const value of values) names.get(name).set(value, (names.get(name).get(value) || 0) + 1);
    }
  });
  const select = byId("metadata");
  select.append(el("option", { value: "" }, "Any metadata"));
  for (const [name, values] of [...names].sort()) {
    if (values.size > MOST_VALUES) continue;
    const options = [...values].sort().map(([value, n]) => {
      const words = visible(name) + ": " + visible(value) + " (" + number(n) + ")";
      return el("option", { value: JSON.stringify([name, value]) }, words);
    });
    select.append(el("optgroup", { label: visible(name) }, ...options));
  }
  select.hidden = select.options.length === 1;
}

function clearFilter() {
  byId("text").value = "";
  byId("kind").value = "";
  byId("metadata").value = "";
  pressOnly(null);
}

const shownRows = () => rows.filter((row) => row.isShown);

function openAll(isOpen) {
  for (const block of blocks) if (block.family && !block.node.hidden) block.family.open = isOpen;
  for (const row of shownRows()) row.details.open = isOpen;
}
