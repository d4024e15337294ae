// What belongs together: deletes with what goes with them, an API with what is below it, changes that are alike.

/** All blocks: `{node, rows, family, entry, isOpen}`; `family` opens and closes, `entry` is in the contents. */
const blocks = [];
const sections = [];

/** Families that are open from the beginning have at most so many rows. */
const MOST_OPEN = 60;

const tallyWords = (indexes) => {
  const counts = new Map();
  for (const index of indexes) {
    const { action } = plan.changes[index];
    counts.set(action, (counts.get(action) || 0) + 1);
  }
  return [...counts].map(([action, n]) => el("span", { class: "tint", "data-action": action }, SIGNS[action] + number(n)));
};

/** A block with a heading that opens and closes. */
function familyBlock(heading, items, isOpen) {
  const family = el("details", { class: "family", open: isOpen });
  const list = el("ol", { class: "rows" }, ...items.map((item) => item.node || item));
  family.append(el("summary", {}, heading), list);
  const node = el("div", { class: "block" }, family);
  return { node, family, isOpen, rows: items.filter((item) => item.details) };
}

/** A block of one row. */
function rowBlock(row) {
  const node = el("div", { class: "block" }, el("ol", { class: "rows" }, row.node));
  return { node, family: null, isOpen: true, rows: [row] };
}

/** The rows of a branch in the order of the tree. */
function itemsOf(branch, root, depth) {
  const isRoot = branch.address === root;
  const label = () => nameOf(labelOf(branch.address, root), branch.title);
  const context = () => el("li", { class: "context d" + Math.min(depth, 4) }, label());
  const own = "change" in branch ? makeRow(branch.change, root, depth) : isRoot ? null : context();
  const below = (branch.below || []).flatMap((child) => itemsOf(child, root, depth + 1));
  return own ? [own, ...below] : below;
}

function branchBlock(branch) {
  if (!branch.below) return rowBlock(makeRow(branch.change, "", 0));
  const items = itemsOf(branch, branch.address, 0);
  const indexes = items.filter((item) => item.details).map((item) => item.index);
  const change = "change" in branch ? plan.changes[branch.change] : null;
  const title = change ? about[branch.change].title : branch.title;
  const isNew = Boolean(branch.brings);
  const heading = el("span", { class: "head" });
  if (isNew) heading.append(chip("create"));
  heading.append(el("h3", {}, nameOf(branch.address, title)));
  const breaks = indexes.reduce((sum, index) => sum + breaksOf(plan.changes[index]), 0);
  if (breaks > 0) heading.append(breakBadge(breaks));
  const words = isNew ? [visible(branch.brings)] : tallyWords(indexes);
  heading.append(el("span", { class: "counts" }, ...words));
  return familyBlock(heading, items, !isNew);
}

function deleteBlock({ top, sent, taken, words }) {
  const above = plan.changes[top].address;
  const own = sent ? [makeRow(top, "", 0)] : [];
  if (taken.length === 0) return rowBlock(own[0]);
  const items = [...own, ...taken.map((index) => makeRow(index, above, 1))];
  const title = about[top].title;
  const heading = el("span", { class: "head" }, chip("delete"), el("h3", {}, nameOf(above, title)));
  const relation = sent ? "takes with it " : "changes, and takes with it ";
  heading.append(el("span", { class: "counts" }, relation + words));
  return familyBlock(heading, items, taken.length <= MOST_OPEN);
}

const VERBS = { update: "change alike", replace: "are replaced alike", delete: "are deleted", blocked: "are blocked" };

function groupBlock(group) {
  const heading = el("span", { class: "head" }, chip(group.action));
  heading.append(el("h3", {}, group.words + " " + (VERBS[group.action] || "are alike")));
  if (group.fields.length > 0) heading.append(commonFields(group));
  return familyBlock(heading, group.changes.map((index) => makeRow(index, "", 0)), false);
}

/** What the changes of a group have in common, a line for each field. */
function commonFields(group) {
  const lines = group.fields.map((field) => {
    const many = field.count < group.changes.length ? " (in " + number(field.count) + ")" : "";
    const name = el("code", { class: "key" }, visible(fieldLabel(field)));
    return el("span", { class: "pair" }, name, " ", el("span", {}, ...commonValue(field), many));
  });
  return el("span", { class: "common" }, ...lines);
}

/** What a field of a group has in common, in words. */
function commonValue(field) {
  const { before, after, note } = sidesOf({ path: field.path, before: field.before ?? null, after: field.after ?? null });
  const code = (value, classes) => {
    const text = brief(value, 200);
    const parts = [visible(text)];
    return el("code", { class: classes }, ...(text.endsWith("…") ? parts : withLinks(text, parts)));
  };
  const texts = (name) => el("code", { class: "after" }, visible(JSON.stringify(field[name])));
  if ("suffix" in field) return ["each ends with ", texts("suffix"), " from now on"];
  if ("prefix" in field) return ["each begins with ", texts("prefix"), " from now on"];
  if ("to" in field) return field.to === null ? ["each is removed"] : ["each becomes ", code(sidesOf({ path: field.path, before: null, after: field.to }).after, "after")];
  if (!("before" in field)) return ["to a value of its own in each"];
  if (before === null) return ["set to ", code(after, "after")];
  if (after === null) return [code(before, "before"), " is removed"];
  return [code(before, "before"), " → ", code(after, "after"), note && " (" + note + ")"];
}

function addSection(id, words, all) {
  if (all.length === 0) return;
  const title = el("h2", { id: "section-" + id }, words + " (" + number(all.length) + ")");
  const node = el("section", { class: "blocks", "aria-labelledby": "section-" + id }, title);
  node.append(el("div", { class: "block-list" }, ...all.map((block) => block.node)));
  byId("list").append(node);
  sections.push({ id, words, node, blocks: all, isOneKind: id.startsWith("new-") });
  blocks.push(...all);
}

/** The branches by what they are, those with most below them first, and those that are the only ones. */
function byNoun(branches) {
  const groups = new Map();
  for (const branch of branches) {
    const { noun } = roots[about[branch.change].root];
    if (!groups.has(noun)) groups.set(noun, []);
    groups.get(noun).push(branch);
  }
  const weight = ([, all]) => all.filter((branch) => branch.below).length;
  const many = [...groups].filter(([, all]) => all.length > 1).sort((a, b) => weight(b) - weight(a));
  const known = new Set(many.flatMap(([, all]) => all));
  return [many, branches.filter((branch) => !known.has(branch))];
}

function makeBlocks() {
  // What is new below something that exists is a change of that.
  const isRoot = (branch) => branch.address === roots[about[branch.change].root].address;
  const isNew = (branch) => "change" in branch && plan.changes[branch.change].action === "create" && isRoot(branch);
  const changed = carried.tree.filter((branch) => !isNew(branch));
  addSection("deleted", "Deleted", carried.deletes.map(deleteBlock));
  addSection("changed", "Changed", changed.map(branchBlock));
  addSection("alike", "Changed alike", carried.groups.map(groupBlock));
  const [many, few] = byNoun(carried.tree.filter(isNew));
  for (const [noun, branches] of many) {
    addSection("new-" + noun.replaceAll(" ", "-"), "New " + noun + "s", branches.map(branchBlock));
  }
  addSection("new", many.length > 0 ? "New, others" : "New", few.map(branchBlock));
  for (const block of blocks) for (const row of block.rows) row.block = block;
  const some = rows.filter(({ change }) => change.action !== "create" && change.action !== "delete");
  if (some.length > MOST_OPEN / 3) return;
  for (const row of some) if (row.change.action !== "blocked") row.details.open = true;
}

/** A list of all blocks, by section, with links. */
function makeContents() {
  const nav = byId("contents").querySelector("nav");
  for (const section of sections) {
    const isLong = section.blocks.length > 200;
    const list = el("ol", {});
    const words = section.words + " (" + number(section.blocks.length) + ")";
    const details = el("details", { open: !isLong }, el("summary", {}, words), list);
    section.entries = details;
    const make = () => list.childElementCount || list.append(...section.blocks.map((block) => contentsEntry(block, section)));
    if (isLong) details.addEventListener("toggle", make);
    else make();
    nav.append(details);
  }
}

function contentsEntry(block, section) {
  const [row] = block.rows;
  const group = block.family && block.node.querySelector(".common");
  const root = roots[about[row.index].root];
  const isOne = !block.family;
  const title = isOne ? about[row.index].title : root.title;
  const name = isOne ? row.change.address : root.address;
  const words = group
    ? [block.family.querySelector("h3").textContent]
    : [title ? visible(title.replace(/^"(.*)"$/, "$1")) : el("code", {}, visible(labelOf(name, section.isOneKind ? name.split("/")[0] : "")))];
  const link = el("a", { href: "#" + encodeURIComponent(row.change.address), title: visible(name) }, ...words);
  const breaks = block.rows.reduce((sum, row) => sum + breaksOf(row.change), 0);
  const item = el("li", {}, link);
  if (block.rows.length > 1 && !group) item.append(" ", ...tallyWords(block.rows.map((row) => row.index)));
  if (breaks > 0) item.append(" ", el("span", { class: "badge" }, number(breaks) + " breaking"));
  link.addEventListener("click", (event) => {
    event.preventDefault();
    goTo(block);
  });
  block.entry = item;
  item.hidden = block.node.hidden;
  return item;
}

function goTo(block) {
  const target = block.family ? block.family.querySelector("summary") : block.rows[0].summary;
  block.node.scrollIntoView({ block: "start" });
  target.focus({ preventScroll: true });
}
