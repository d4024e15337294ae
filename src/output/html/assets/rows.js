// One row per change. What is inside is made when a row is opened for the first time.

const SIGNS = { create: "+", update: "~", replace: "±", rename: ">", delete: "−", blocked: "!" };

const diffs = new Map();
for (const diff of carried.diffs) diffs.set(diff.change + "/" + diff.field, diff);

const about = carried.about || [];
const roots = carried.roots || [];

/** The rows by the position of their change. */
const rows = [];

const breaksOf = (change) => (change.breaking || []).length;

/** An address without that of the resource above it. */
function labelOf(address, above) {
  const isBelow = above && address !== above && address.startsWith(above + "/");
  return isBelow ? address.slice(above.length + 1) : address;
}

const chip = (action) => el("span", { class: "action", "data-action": action }, (SIGNS[action] || "?") + " " + action);

/** The field that stands for the document of a definition. */
const isDocument = (field) =>
  [field.before, field.after].some((value) => typeof value === "string" && /^sha256:[0-9a-f]{64}$/.test(value));

/** What a change is about, on one line. */
function hintOf(change, index) {
  if (change.blockedBy) return [visible(change.blockedBy).replaceAll("`", "")];
  if (change.action === "create") return [];
  if (change.action === "delete" || change.fields.length === 0) return [visible(change.reason).replaceAll("`", "")];
  const parts = change.was ? ["was " + visible(change.was) + "; "] : [];
  change.fields.slice(0, 3).forEach((field, i) => {
    if (i > 0) parts.push("; ");
    parts.push(...previewOf(field, diffs.get(index + "/" + i)));
  });
  if (change.fields.length > 3) parts.push("; " + count(change.fields.length - 3, "more field"));
  return parts;
}

function previewOf(field, diff) {
  if (isDocument(field)) return ["document ", diff ? tallyOf(diff) : field.after === null ? "removed" : "imported"];
  const name = el("span", { class: "key" }, visible(fieldLabel(field)) + " ");
  if (diff && !isOneLine(field, diff)) return [name, tallyOf(diff)];
  const { before, after } = sidesOf(field);
  const side = (value) => visible(brief(value, 40));
  if (before === null) return [name, "+ " + side(after)];
  if (after === null) return [name, "− " + side(before)];
  return [name, side(before) + " → " + side(after)];
}

const tallyOf = (diff) => "+" + number(diff.added) + " −" + number(diff.removed) + " lines";

function breakBadge(n) {
  return el("span", { class: "badge" }, number(n) + " breaking");
}

/** The address and the title of a resource. */
function nameOf(label, title) {
  const name = el("span", { class: "name" }, el("code", { class: "address" }, visible(label)));
  if (title) name.append(" ", el("span", { class: "title" }, visible(title)));
  return name;
}

function makeRow(index, above, depth) {
  const change = plan.changes[index];
  const name = nameOf(labelOf(change.address, above), about[index].title);
  if (breaksOf(change) > 0) name.append(" ", breakBadge(breaksOf(change)));
  const hint = el("span", { class: "hint" }, ...hintOf(change, index));
  const summary = el("summary", {}, chip(change.action), name, hint);
  const details = el("details", {}, summary);
  const id = "row/" + change.address;
  const classes = "row d" + Math.min(depth, 4);
  const node = el("li", { class: classes, id, "data-action": change.action }, details);
  const row = { change, index, node, details, summary, isFilled: false, haystack: null, isShown: true };
  details.addEventListener("toggle", () => details.open && fill(row));
  rows[index] = row;
  return row;
}

/** The metadata by which a change is found: its own, and that of the topmost resource above it. */
function metadataOf(index) {
  const own = about[index].metadata || {};
  const above = roots[about[index].root].metadata || {};
  const all = new Map(Object.entries(above).map(([name, values]) => [name, new Set(values)]));
  for (const [name, values] of Object.entries(own)) all.set(name, new Set([...(all.get(name) || []), ...values]));
  return all;
}

function haystackOf({ change, index }) {
  const parts = [change.address, change.kind, change.action, change.reason, change.blockedBy || "", change.was || ""];
  parts.push(about[index].title || "", roots[about[index].root].title || "");
  if (change.source) parts.push(change.source.file);
  if (change.breaking) parts.push("breaking");
  for (const found of change.breaking || []) parts.push(found.place, found.message);
  for (const field of change.fields) {
    parts.push(field.path);
    if (field.before !== null) parts.push(JSON.stringify(field.before));
    if (field.after !== null) parts.push(JSON.stringify(field.after));
  }
  for (const [name, values] of metadataOf(index)) for (const value of values) parts.push(name + ":" + value);
  return parts.join("\n").toLowerCase();
}

function fill(row) {
  if (row.isFilled) return;
  row.isFilled = true;
  const { change } = row;
  const facts = el("div", { class: "facts" }, el("span", {}, ...prose(change.reason)));
  if (change.blockedBy) facts.append(el("span", { class: "rule" }, "Blocked: ", ...prose(change.blockedBy)));
  if (change.source) facts.append(place(change.source));
  const { portal } = roots[about[row.index].root];
  if (portal) facts.append(linked("Open in the portal", portal, "portal"));
  facts.append(el("a", { href: "#" + encodeURIComponent(change.address) }, "Link to this change"));
  facts.append(copyButton("Copy address", "the address", () => change.address));
  const body = el("div", { class: "body" }, facts);
  body.append(...unmodelledNotes(change));
  body.append(...foundList(row, "breaking", "Breaks callers"));
  body.append(...foundList(row, "cautions", "Callers may notice"));
  if (change.steps) body.append(...stepList(change));
  if (change.fields.length > 0) body.append(...fieldList(row));
  row.details.append(body);
}

function unmodelledNotes(change) {
  const all = change.unmodelled || [];
  const dropped = change.unmodelledDropped || [];
  const kept = all.filter((path) => !dropped.includes(path));
  const verb = change.action === "delete" ? "Lost" : "Kept";
  const note = (words, paths) =>
    paths.length === 0 ? [] : [el("p", { class: "faint" }, words + visible(paths.join(", ")))];
  return [
    ...note(verb + ", though not known to this program: ", kept),
    ...note("Dropped together with what holds them, though not known to this program: ", dropped),
  ];
}

/** What a changed document breaks, with links to the lines of its difference. */
function foundList(row, list, words) {
  const all = row.change[list];
  if (!all) return [];
  const items = all.map(({ place, message }, i) => {
    const item = el("li", {}, el("code", {}, visible(place)), ": ", ...prose(message));
    const line = markOf(row, list, i);
    if (line) item.append(" ", lineLink(row, foundKey(list, i), line));
    return item;
  });
  return [el("p", { class: "lead" }, words + ":"), el("ul", { class: list }, ...items)];
}

/** The line of a difference at which a finding is, as `{sign, old, now}`. */
function markOf(row, list, finding) {
  for (const [i] of row.change.fields.entries()) {
    const diff = diffs.get(row.index + "/" + i);
    const mark = diff && (diff.marks || []).find((mark) => mark.list === list && mark.finding === finding);
    if (mark) return numbered(diff.lines)[mark.line];
  }
  return null;
}

/** A link from a finding to its line. */
function lineLink(row, key, { sign, old, now }) {
  const words = sign === "-" ? "removed line " + old : "line " + now;
  const link = el("a", { class: "line", href: "#" + encodeURIComponent(row.change.address) }, words);
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const target = row.details.querySelector('[data-found="' + key + '"]');
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "center" });
  });
  return link;
}

/** The findings of a document by the position of their line in its difference. */
function foundByLine(change, marks) {
  const found = new Map();
  for (const { line, list, finding } of marks || []) {
    const { place, message } = change[list][finding];
    const words = [el("code", {}, visible(place)), ": ", ...prose(message)];
    if (!found.has(line)) found.set(line, []);
    found.get(line).push({ key: foundKey(list, finding), list, words });
  }
  return found;
}

/** Who uses a metadata schema, and the steps in which it changes. */
function stepList(change) {
  const users = change.usedBy || [];
  const more = users.length > 10 ? " and " + number(users.length - 10) + " more" : "";
  const words = users.length > 0 ? "In use by " + users.slice(0, 10).join(", ") + more + ", so in steps:" : "In steps:";
  const items = change.steps.map((step) => el("li", {}, visible(step.description)));
  return [el("p", { class: "lead" }, visible(words)), el("ol", { class: "steps" }, ...items)];
}

/** A path that breaks behind its dots. */
const breakable = (path) => path.split(".").flatMap((step, i) => (i === 0 ? [step] : [".", el("wbr"), step]));

const HEADINGS = { field: "Field", before: "Before", after: "After", place: "Declared at" };

/** The fields: a table of short values, and below it a frame for each difference of lines. */
function fieldList(row) {
  const { change } = row;
  const hasSide = (side) => ["update", "rename"].includes(change.action) || change.fields.some((field) => field[side] !== null);
  const sides = ["before", "after"].filter(hasSide);
  const isDeclared = change.fields.some((field) => field.source);
  const names = ["field", ...sides, ...(isDeclared ? ["place"] : [])];
  const heading = (name) => (sides.length === 1 && sides[0] === name ? "Value" : HEADINGS[name]);
  const head = el("tr", {}, ...names.map((name) => el("th", { scope: "col", class: name }, heading(name))));
  const body = el("tbody", {});
  const columns = names.map((name) => el("col", { class: name }));
  const table = el("table", { class: "fields" }, el("colgroup", {}, ...columns), el("thead", {}, head), body);
  change.fields.forEach((field, i) => body.append(...fieldRows(row, field, i, sides, isDeclared)));
  return [table];
}

function fieldRows(row, field, i, sides, isDeclared) {
  const label = isDocument(field) ? "document" : fieldLabel(field);
  const name = el("th", { scope: "row" }, el("code", {}, ...breakable(visible(label))));
  const where = el("td", { class: "place" }, place(field.source, row.change.source));
  const frame = frameOf(row, field, i);
  const width = 1 + sides.length + (isDeclared ? 1 : 0);
  const cells = frame ? [el("td", { class: "tally", colspan: sides.length }, frame.words)] : valueCells(field, sides);
  const first = el("tr", {}, name, ...cells, ...(isDeclared ? [where] : []));
  if (!frame) return [first];
  return [first, el("tr", {}, el("td", { class: "framed", colspan: width }, frame.node))];
}

/** Whether both texts are one line, which reads better as a sentence with marks. */
function isOneLine({ before, after }, diff) {
  return diff.lines.length === 3 && diff.lines[1] === "-" + before && diff.lines[2] === "+" + after;
}

/** A difference of lines, where that reads better than two values. */
function frameOf(row, field, i) {
  const diff = diffs.get(row.index + "/" + i);
  const name = (isDocument(field) ? "the document" : fieldName(field.path)) + " of " + row.change.address;
  if (diff && isOneLine(field, diff)) return null;
  if (diff) {
    const found = foundByLine(row.change, diff.marks);
    return { words: tallyOf(diff), node: diffFrame(diff.lines, name, diff.omitted, found) };
  }
  if (!isStructure(field.before) || !isStructure(field.after)) return null;
  const sides = sidesOf(field);
  const lines = valueDiff(valueText(sides.before, true), valueText(sides.after, true));
  const sign = (sign) => lines.filter((line) => line[0] === sign).length;
  return { words: tallyOf({ added: sign("+"), removed: sign("-") }), node: diffFrame(lines, name, 0) };
}

function valueCells(field, sides) {
  if (isDocument(field) && (field.before === null || field.after === null)) {
    const words = field.before === null ? "a new document " : "the document is removed ";
    const digest = (field.after || field.before).slice(0, 19) + "…";
    return [el("td", { colspan: sides.length }, words, el("code", { class: "faint" }, digest))];
  }
  const { before, after, note } = sidesOf(field);
  const values = [before, after];
  const isText = values.every((value) => typeof value === "string");
  const texts = values.map((value) => (value === null ? "" : valueText(value, false)));
  const parts = isText ? marked(texts[0], texts[1]) : texts.map((text) => [visible(text)]);
  return sides.map((side) => {
    const at = side === "before" ? 0 : 1;
    if (values[at] === null) return el("td", { class: "absent" }, "none");
    const classes = sides.length === 1 && side === "after" ? "value" : side;
    const remark = note && side === "after" ? [el("span", { class: "remark" }, " (" + note + ")")] : [];
    return el("td", { class: classes }, el("code", {}, ...withLinks(values[at], parts[at])), ...remark);
  });
}
