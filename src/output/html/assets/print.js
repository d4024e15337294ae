// What is printed: a table of contents, then what is shown, as tight as paper allows.

/** Characters of a value that are printed; of a new resource, for which there is the manifest, fewer of fewer. */
const MOST_PRINTED = 300;
const MOST_OF_NEW = 60;
const MOST_FIELDS = 6;

/** Lines of all differences together, besides at least a few of each. */
const DIFF_LINES = 700;
const FEWEST_LINES = 6;

const inline = (field, index, i, most) => {
  const name = el("b", {}, visible(fieldLabel(field)) + " ");
  const diff = diffs.get(index + "/" + i);
  if (isDocument(field)) return [diff ? "document " + tallyOf(diff) : "document"];
  if (diff && !isOneLine(field, diff)) return [name, tallyOf(diff)];
  const { before, after, note } = sidesOf(field);
  const side = (value) => visible(brief(value, most));
  if (before === null) return [name, side(after)];
  if (after === null) return [name, "removed, was ", side(before)];
  return [name, side(before), " → ", side(after), note && " (" + note + ")"];
};

function printedRow(row, above, depth, linesOf) {
  const { change, index } = row;
  const head = [el("b", { class: "tint", "data-action": change.action }, (SIGNS[change.action] || "?") + " ")];
  head.push(el("code", {}, visible(labelOf(change.address, above))));
  if (about[index].title) head.push(" " + visible(about[index].title));
  if (change.blockedBy) head.push(" blocked: " + visible(change.blockedBy));
  if (change.action === "delete") head.push(" " + visible(change.reason));
  const line = el("p", { class: "p d" + Math.min(depth, 4) }, ...head);
  const out = [line];
  if (change.action === "delete") return out;
  const fields = change.action === "create" ? change.fields.filter((field) => !isDocument(field)) : change.fields;
  const most = change.action === "create" ? MOST_OF_NEW : MOST_PRINTED;
  const shown = change.action === "create" ? fields.slice(0, MOST_FIELDS) : fields;
  const parts = shown.flatMap((field, i) => {
    const own = inline(field, index, change.fields.indexOf(field), most);
    return i === 0 ? own : ["; ", ...own];
  });
  if (shown.length < fields.length) parts.push("; " + count(fields.length - shown.length, "more field"));
  if (parts.length > 0) line.append(el("span", { class: "faint" }, " · "), ...parts);
  if (change.source) line.append(" ", el("span", { class: "faint" }, placeText(change.source)));
  for (const { place, message } of change.breaking || []) {
    const words = el("p", { class: "p breaks d" + Math.min(depth + 1, 5) }, "breaking ", visible(place) + ": " + visible(message));
    out.push(words);
  }
  change.fields.forEach((_, i) => {
    const diff = diffs.get(index + "/" + i);
    if (diff && !isOneLine(change.fields[i], diff)) out.push(printedDiff(diff, linesOf(diff), depth));
  });
  return out;
}

function printedDiff(diff, most, depth) {
  const pre = el("pre", { class: "d" + Math.min(depth + 1, 5) });
  for (const line of diff.lines.slice(0, most)) {
    pre.append(el("span", { class: CLASSES[line[0]] || "faint" }, visible(line) + "\n"));
  }
  const left = Math.max(0, diff.lines.length - most) + diff.omitted;
  if (left > 0) pre.append(el("span", { class: "faint" }, "… and " + count(left, "more line")));
  return pre;
}

/** How many lines of each difference are printed, so that many of them do not take many pages. */
function linesFor() {
  const all = carried.diffs.filter((diff) => rows[diff.change].isShown);
  let most = Infinity;
  for (let room = DIFF_LINES, left = all.map((diff) => diff.lines.length).sort((a, b) => a - b); left.length > 0; ) {
    const share = Math.floor(room / left.length);
    if (left[0] > share) {
      most = Math.max(FEWEST_LINES, share);
      break;
    }
    room -= left.shift();
  }
  return () => most;
}

function printedBlock(block, linesOf) {
  const shown = block.rows.filter((row) => row.isShown);
  const common = block.node.querySelector(".common");
  if (common) {
    const out = [el("h3", {}, block.family.querySelector("h3").textContent), common.cloneNode(true)];
    if (common.querySelectorAll(".pair:not(:has(.before, .after))").length > 0) {
      return [...out, ...shown.flatMap((row) => printedRow(row, "", 1, () => 0).filter((node) => node.tagName !== "PRE"))];
    }
    const names = shown.map((row) => visible(row.change.address)).join(", ");
    return [...out, el("p", { class: "p d1" }, names)];
  }
  if (!block.family) return shown.flatMap((row) => printedRow(row, "", 0, linesOf));
  const root = roots[about[block.rows[0].index].root];
  const hasOwn = shown.some((row) => row.change.address === root.address);
  const head = () => el("p", { class: "p" }, el("code", {}, visible(root.address)), " " + visible(root.title || ""));
  const isBelow = (row) => row.change.address.startsWith(root.address + "/");
  const printed = (row) => printedRow(row, isBelow(row) ? root.address : "", isBelow(row) ? 1 : 0, linesOf);
  return [...(hasOwn ? [] : [head()]), ...shown.flatMap(printed)];
}

function printedContents(shown) {
  const out = el("div", { class: "contents" }, el("h2", {}, "Contents"));
  for (const section of shown) {
    const names = section.blocks.filter((block) => !block.node.hidden).map((block) => {
      const common = block.node.querySelector(".common");
      if (common) return block.family.querySelector("h3").textContent;
      const index = block.rows[0].index;
      return visible(block.family ? roots[about[index].root].address : block.rows[0].change.address);
    });
    out.append(el("p", { class: "p" }, el("b", {}, section.words + " (" + number(names.length) + "): "), names.join(", ")));
  }
  return out;
}

function makePrint() {
  const shown = sections.filter((section) => !section.node.hidden);
  const linesOf = linesFor();
  const filtered = byId("status").textContent;
  const parts = shown.length > 0 && isFiltered() ? [el("p", {}, "Filtered: " + filtered)] : [];
  if (rows.length > 20 && shown.length > 0) parts.push(printedContents(shown));
  for (const section of shown) {
    parts.push(el("h2", {}, section.words));
    for (const block of section.blocks) {
      if (!block.node.hidden) parts.push(el("div", { class: "printed" }, ...printedBlock(block, linesOf)));
    }
  }
  byId("print").replaceChildren(...parts);
  byId("print").hidden = false;
  openedForPrint = [...document.querySelectorAll("main > section > details:not([open])")];
  for (const details of openedForPrint) details.open = true;
}

let openedForPrint = [];

function dropPrint() {
  byId("print").replaceChildren();
  byId("print").hidden = true;
  for (const details of openedForPrint) details.open = false;
  openedForPrint = [];
}
