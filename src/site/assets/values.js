// Values of fields.

const isWeb = (text) => /^https?:\/\/[^\s]+$/.test(text);

/** A value of a field. */
function shown(value) {
  if (Array.isArray(value)) return el("ul", {}, value.map((item) => el("li", {}, shown(item))));
  if (value !== null && typeof value === "object") return rows(Object.entries(value));
  const text = visible(value);
  if (typeof value === "string" && isWeb(value)) {
    return el("a", { href: value, rel: "noopener noreferrer" }, text);
  }
  return el("span", {}, text);
}

/** A table of names and values. */
function rows(entries) {
  const body = entries.map(([name, value]) => el("tr", {}, el("th", { scope: "row" }, visible(name)), el("td", {}, shown(value))));
  return el("table", {}, el("tbody", {}, body));
}

/** A table with a head; cells are nodes or texts. */
function table(heads, lines) {
  const head = el("tr", {}, heads.map((name) => el("th", { scope: "col" }, name)));
  const body = lines.map((cells) => el("tr", {}, cells.map((cell) => el("td", {}, cell))));
  return el("table", {}, el("thead", {}, head), el("tbody", {}, body));
}
