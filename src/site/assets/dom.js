"use strict";
// All text reaches the page as text: through text nodes and attributes, never as markup.

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, String(value));
  }
  node.append(...children.flat().filter((child) => child != null && child !== false));
  return node;
}

const HIDDEN =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** The text with everything that hides or reorders text spelt out. */
function visible(text) {
  return String(text).replace(HIDDEN, (c) => "\\u{" + c.codePointAt(0).toString(16) + "}");
}

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
