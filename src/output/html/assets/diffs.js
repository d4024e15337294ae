// Differences of texts: side by side or below one another, with the numbers of lines and marked words.

let isSplit = false;

/** Lines as `{sign, text, old, now}`, with the numbers of the lines in both texts; one for each line. */
function numbered(lines) {
  let [old, now] = [1, 1];
  return lines.map((line) => {
    const [sign, text] = [line[0], line.slice(1)];
    if (sign === "@") {
      const found = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
      // An empty side is named by the line before it.
      if (found) {
        old = Number(found[1]) + (found[2] === "0" ? 1 : 0);
        now = Number(found[3]) + (found[4] === "0" ? 1 : 0);
      }
      return { sign, text: line };
    }
    if (sign === "\\") return { sign, text: text.trim() };
    const entry = { sign, text };
    if (sign !== "+") entry.old = old++;
    if (sign !== "-") entry.now = now++;
    return entry;
  });
}

/** The lines of two values as a difference, whole. */
function valueDiff(before, after) {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const pairs = common(old, now) || [];
  const out = [];
  let [i, j] = [0, 0];
  for (const [x, y] of [...pairs, [old.length, now.length]]) {
    while (i < x) out.push("-" + old[i++]);
    while (j < y) out.push("+" + now[j++]);
    if (x < old.length) out.push(" " + old[i++]), (j += 1);
  }
  return out;
}

/** Runs of lines: unchanged ones, and what replaces what. */
function runsOf(entries) {
  const runs = [];
  for (const entry of entries) {
    const last = runs[runs.length - 1];
    if (entry.sign === "-" && last && last.added && last.added.length === 0) last.removed.push(entry);
    else if (entry.sign === "+" && last && last.added) last.added.push(entry);
    else if (entry.sign === "-") runs.push({ removed: [entry], added: [] });
    else if (entry.sign === "+") runs.push({ removed: [], added: [entry] });
    else runs.push({ entry });
  }
  for (const { removed, added } of runs) {
    if (!removed) continue;
    const n = Math.min(removed.length, added.length);
    for (let i = 0; i < n; i += 1) {
      [removed[i].parts, added[i].parts] = marked(removed[i].text, added[i].text);
    }
  }
  return runs;
}

const CLASSES = { "+": "add", "-": "del", " ": "same" };
const NAMES = { "+": "added", "-": "removed" };

const partsOf = (entry) => entry.parts || [visible(entry.text)];

function codeCell(entry, span) {
  if (!entry) return el("td", { class: "blank", colspan: span });
  const classes = "code " + CLASSES[entry.sign] + (entry.found ? " marked" : "");
  const sign = el("span", { class: "sign" }, entry.sign === "-" ? "−" : entry.sign);
  return el("td", { class: classes, colspan: span }, sign, ...partsOf(entry));
}

/** What breaks at lines, each finding on a row below them. */
function foundRows(...entries) {
  const all = entries.flatMap((entry) => (entry && entry.found) || []);
  return all.map(({ key, words, list }) => {
    const name = el("strong", {}, FOUND[list]);
    return el("tr", { class: list, tabindex: -1, "data-found": key }, el("td", { colspan: 4 }, name, " ", ...words));
  });
}

function lineCell(n, sign) {
  const label = n && NAMES[sign] ? { "aria-label": "line " + n + ", " + NAMES[sign] } : {};
  return el("td", { class: "n " + (n ? CLASSES[sign] || "" : ""), ...label }, n || "");
}

function wideRow(entry) {
  const classes = entry.sign === "@" ? "hunk" : "note";
  return el("tr", {}, el("td", { class: classes, colspan: 4 }, visible(entry.text)));
}

function unifiedRows(runs) {
  const row = (entry) =>
    el("tr", {}, lineCell(entry.old, entry.sign), lineCell(entry.now, entry.sign), codeCell(entry, 2));
  return runs.flatMap(({ entry, removed, added }) => {
    if (!entry) return [...removed, ...added].flatMap((entry) => [row(entry), ...foundRows(entry)]);
    return [entry.sign === " " ? row(entry) : wideRow(entry), ...foundRows(entry)];
  });
}

function splitRows(runs) {
  const row = (old, now) =>
    el("tr", {}, lineCell(old && old.old, "-"), codeCell(old), lineCell(now && now.now, "+"), codeCell(now));
  return runs.flatMap(({ entry, removed, added }) => {
    if (!entry) {
      const n = Math.max(removed.length, added.length);
      const pair = (_, i) => [row(removed[i], added[i]), ...foundRows(removed[i], added[i])];
      return Array.from({ length: n }, pair).flat();
    }
    if (entry.sign !== " ") return [wideRow(entry)];
    const same = (n, cell) => [el("td", { class: "n" }, n), cell];
    const both = [...same(entry.old, codeCell(entry)), ...same(entry.now, codeCell(entry))];
    return [el("tr", {}, ...both), ...foundRows(entry)];
  });
}

/** The word in front of a finding, by the list that has it. */
const FOUND = { breaking: "breaking", cautions: "caution" };

/** The name of a finding among those of its change. */
const foundKey = (list, finding) => list + "/" + finding;

/** A difference in a frame that changes its form with the button. `found` has what breaks by the position of its line. */
function diffFrame(lines, name, omitted, found = new Map()) {
  const entries = numbered(lines);
  for (const [at, all] of found) entries[at].found = all;
  const runs = runsOf(entries);
  const frame = el("div", { class: "diff", tabindex: 0, role: "region", "aria-label": "Difference of " + name });
  const draw = () => {
    const columns = isSplit ? ["n", "half", "n", "half"] : ["n", "n", "half", "half"];
    const table = el("table", { class: isSplit ? "split" : "unified" });
    table.append(el("colgroup", {}, ...columns.map((name) => el("col", { class: name }))));
    table.append(el("tbody", {}, ...(isSplit ? splitRows : unifiedRows)(runs)));
    frame.replaceChildren(table);
    if (omitted > 0) frame.append(el("p", { class: "more" }, "… and " + count(omitted, "more line")));
  };
  draw();
  frame.addEventListener("layout", draw);
  const bar = el("div", { class: "diff-bar" }, copyButton("Copy", "the difference", () => lines.join("\n") + "\n"));
  return el("div", { class: "diffed" }, bar, frame);
}

/** All differences one way or the other. */
function setLayout(split) {
  isSplit = split;
  byId("layout").setAttribute("aria-pressed", String(split));
  for (const frame of document.querySelectorAll(".diff")) frame.dispatchEvent(new Event("layout"));
}
