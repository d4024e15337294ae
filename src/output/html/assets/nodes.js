"use strict";
// All text reaches a page as text: through text nodes and attributes, never as markup.

/** An element. Attributes that begin with `on` are listeners; `null`, `undefined` and `false` are left out. */
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

const TREACHEROUS =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** The text with everything that hides or reorders text spelt out. */
function visible(text) {
  return String(text).replace(TREACHEROUS, (c) => "\\u{" + c.codePointAt(0).toString(16) + "}");
}
