// One row per change. What is inside is made when a row is opened for the first time.

const SIGNS = { create: "+", update: "~", replace: "±", delete: "−", blocked: "!" };

const diffs = new Map();
for (const diff of carried.diffs) diffs.set(diff.change + "/" + diff.field, diff);

/** The topmost resource of an address, and how many changes each has. */
const rootOf = (address) => address.split("/").slice(0, 2).join("/");
const families = new Map();
for (const { address } of plan.changes) families.set(rootOf(address), (families.get(rootOf(address)) || 0) + 1);

function hintOf(change) {
  if (change.blockedBy) return change.blockedBy;
  if (change.action !== "update" || change.fields.length === 0) return change.reason;
  const nameOf = (field) => (field.path === "source" ? "its document" : field.path);
  const names = change.fields.slice(0, 4).map(nameOf);
  if (change.fields.length > 4) names.push(number(change.fields.length - 4) + " more");
  return names.join(", ");
}

function makeRow(change, index) {
  const summary = el(
    "summary",
    {},
    el("span", { class: "action" }, (SIGNS[change.action] || "?") + " " + change.action),
    addressOf(change),
    el("span", { class: "hint" }, visible(hintOf(change)).replaceAll("`", "")),
  );
  const details = el("details", {}, summary);
  const node = el("li", { class: "row", id: "row/" + change.address, "data-action": change.action }, details);
  const row = { change, index, node, details, summary, isFilled: false, haystack: haystackOf(change) };
  details.addEventListener("toggle", () => details.open && fill(row));
  return row;
}

/** The address, with a mark where callers of the API break. */
function addressOf(change) {
  const address = el("code", { class: "address" }, visible(change.address));
  if (!change.breaking) return address;
  return el("span", {}, address, " ", el("span", { class: "badge" }, number(change.breaking.length) + " breaking"));
}

function haystackOf(change) {
  const parts = [change.address, change.kind, change.action, change.reason, change.blockedBy || ""];
  if (change.source) parts.push(change.source.file);
  if (change.breaking) parts.push("breaking");
  for (const found of change.breaking || []) parts.push(found.place, found.message);
  for (const field of change.fields) {
    parts.push(field.path);
    if (field.before !== null) parts.push(JSON.stringify(field.before));
    if (field.after !== null) parts.push(JSON.stringify(field.after));
  }
  return parts.join("\n").toLowerCase();
}

function fill(row) {
  if (row.isFilled) return;
  row.isFilled = true;
  const { change } = row;
  const facts = el("div", { class: "facts" }, el("span", {}, ...prose(change.reason)));
  if (change.blockedBy) facts.append(el("span", { class: "rule" }, "Blocked: ", ...prose(change.blockedBy)));
  if (change.source) facts.append(el("span", { class: "mono faint" }, place(change.source)));
  facts.append(el("a", { href: "#" + encodeURIComponent(change.address) }, "Link"));
  const root = rootOf(change.address);
  if (families.get(root) > 1) {
    const all = el("button", { type: "button" }, "All of " + visible(root));
    all.addEventListener("click", () => showOnly(root));
    facts.append(all);
  }
  const body = el("div", { class: "body" }, facts);
  if (change.unmodelled && change.unmodelled.length > 0) {
    const dropped = change.unmodelledDropped || [];
    const kept = change.unmodelled.filter((path) => !dropped.includes(path));
    const note = (words, paths) => {
      if (paths.length > 0) body.append(el("p", { class: "faint" }, words + visible(paths.join(", "))));
    };
    const verb = change.action === "delete" ? "Lost" : "Kept";
    note(verb + ", though not known to this program: ", kept);
    note("Dropped together with what holds them, though not known to this program: ", dropped);
  }
  body.append(...foundList(change.breaking, "Breaks callers", "breaks"));
  body.append(...foundList(change.cautions, "Callers may notice", "cautions"));
  if (change.steps) body.append(...stepList(change));
  if (change.fields.length > 0) body.append(fieldTable(row));
  row.details.append(body);
}

/** What a changed document breaks. */
function foundList(found, words, name) {
  if (!found) return [];
  const item = ({ place, message }) => el("li", {}, el("code", {}, visible(place)), ": ", ...prose(message));
  return [el("p", {}, words + ":"), el("ul", { class: name }, ...found.map(item))];
}

/** Who uses a metadata schema, and the steps in which it changes. */
function stepList(change) {
  const users = change.usedBy || [];
  const more = users.length > 10 ? " and " + number(users.length - 10) + " more" : "";
  const words = users.length > 0 ? "In use by " + users.slice(0, 10).join(", ") + more + ", so in steps:" : "In steps:";
  const items = change.steps.map((step) => el("li", {}, visible(step.description)));
  return [el("p", {}, visible(words)), el("ol", { class: "steps" }, ...items)];
}

const HEADINGS = { field: "Field", before: "Before", after: "After", place: "Declared at" };

function fieldTable(row) {
  const { change } = row;
  const hasSide = (side) => change.action === "update" || change.fields.some((field) => field[side] !== null);
  const sides = ["before", "after"].filter(hasSide);
  const isDeclared = change.fields.some((field) => field.source);
  const names = ["field", ...sides, ...(isDeclared ? ["place"] : [])];
  const head = el("tr", {}, ...names.map((name) => el("th", { scope: "col", class: name }, HEADINGS[name])));
  const rows = el("tbody", {});
  change.fields.forEach((field, i) => {
    const name = el("th", { scope: "row" }, el("code", {}, visible(field.path)));
    const diff = diffs.get(row.index + "/" + i);
    const cells = diff
      ? [el("td", { class: "tally", colspan: sides.length }, tallyOf(diff))]
      : sides.map((side) => cell(side, field[side]));
    const where = el("td", { class: "place" }, el("span", { class: "where mono" }, place(field.source)));
    rows.append(el("tr", {}, name, ...cells, ...(isDeclared ? [where] : [])));
    if (diff) rows.append(el("tr", {}, el("td", { class: "diffed", colspan: names.length }, textDiff(diff, field))));
  });
  const columns = names.map((name) => el("col", { class: name }));
  return el("table", {}, el("colgroup", {}, ...columns), el("thead", {}, head), rows);
}

function cell(side, value) {
  if (value === null) return el("td", { class: "absent" }, "none");
  const text = typeof value === "object" ? JSON.stringify(value, null, 2) : JSON.stringify(value);
  return el("td", { class: side }, el("code", {}, visible(text)));
}

const CLASSES = { "+": "add", "-": "del", "@": "hunk", "\\": "hunk" };

const tallyOf = (diff) => "+" + number(diff.added) + " −" + number(diff.removed) + " lines";

function textDiff(diff, field) {
  const name = field.path === "source" ? "the document" : field.path;
  const lines = el("pre", { class: "diff", tabindex: 0, role: "region", "aria-label": "Difference of " + name });
  for (const line of diff.lines) {
    lines.append(el("span", { class: CLASSES[line[0]] || "same" }, visible(line) + "\n"));
  }
  if (diff.omitted > 0) lines.append(el("span", { class: "more" }, "… and " + count(diff.omitted, "more line")));
  return lines;
}
