// The list of resources, with a search and filters that are in the address of the page.

/** So many cards are shown before somebody asks for more. */
const FIRST = 200;

const kinds = catalogue.kinds.map((kind) => ({
  ...kind,
  all: catalogue.resources.filter((one) => one.kind === kind.slug && !one.parent),
})).filter((kind) => kind.all.length > 0);

function listPage(query) {
  const kind = kinds.find((one) => one.slug === query.get("kind")) || kinds[0];
  if (!kind) return [el("p", {}, "The catalogue is empty.")];
  const status = el("p", { class: "faint", role: "status" });
  const cards = el("ul", { class: "cards" });
  const more = el("button", { type: "button", onclick: () => show(Infinity) }, "Show all");
  const choices = filters(kind.all);

  function show(most) {
    const words = (query.get("q") || "").toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = choices.filter((choice) => query.has(choice.name));
    const found = kind.all.filter(
      (one) =>
        words.every((word) => searchable(one).includes(word)) &&
        wanted.every((choice) => choice.of(one).includes(query.get(choice.name))),
    );
    status.textContent = found.length === kind.all.length ? found.length + " " + kind.plural : found.length + " of " + kind.all.length + " " + kind.plural;
    cards.replaceChildren(...found.slice(0, most).map(card));
    more.hidden = found.length <= most;
  }

  function set(name, value) {
    if (value) query.set(name, value);
    else query.delete(name);
    history.replaceState(null, "", "#/?" + query);
    show(FIRST);
  }

  const search = el("input", {
    type: "search", placeholder: "Search", "aria-label": "Search", autocomplete: "off",
    oninput: (event) => set("q", event.target.value),
  });
  search.value = query.get("q") || "";
  const tabs = kinds.map((one) =>
    el("button", { type: "button", "aria-pressed": one === kind ? "true" : "false", onclick: () => { location.hash = "#/?kind=" + one.slug; } },
      one.plural + " " + one.all.length));
  const selects = choices.map((choice) => {
    const options = choice.all.map((value) => el("option", { value, selected: query.get(choice.name) === value }, visible(value)));
    const select = el("select", { "aria-label": visible(choice.name), onchange: (event) => set(choice.name, event.target.value) }, el("option", { value: "" }, "any"), options);
    return el("label", {}, visible(choice.name), select);
  });
  const isRoomy = window.innerWidth > 700;
  const isFiltered = choices.some((choice) => query.has(choice.name));
  show(FIRST);
  return [
    el("div", { class: "row", role: "group", "aria-label": "Kinds" }, tabs),
    el("form", { role: "search", onsubmit: (event) => event.preventDefault() },
      el("div", { class: "row" }, search),
      selects.length > 0 && el("details", { class: "filters", open: isRoomy || isFiltered }, el("summary", {}, "Filters"), el("div", { class: "row" }, selects))),
    status, cards, more,
  ];
}

function card(one) {
  const chips = [
    ...stages(one).map((stage) => el("span", { class: "chip stage" }, visible(stage))),
    one.kind === "api" && one.fields.kind && el("span", { class: "chip" }, visible(one.fields.kind)),
    ...Object.keys(one.metadata || {}).flatMap((name) =>
      values(one, name).map((value) => el("span", { class: "chip" }, visible(name + ": " + value)))),
  ];
  return el("li", { class: "card" },
    linkTo(one),
    el("div", { class: "faint mono" }, visible(one.address)),
    one.fields.summary && el("div", {}, visible(one.fields.summary)),
    el("div", { class: "chips" }, chips));
}
