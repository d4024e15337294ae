// The address of the page decides what it shows.

function show() {
  const route = location.hash.replace(/^#\/?/, "");
  const main = document.getElementById("main");
  const [path, query] = route.startsWith("?") || route === "" ? ["", route.slice(1)] : [route, ""];
  const one = path && resources.get(decodeURI(path));
  document.title = (one ? titleOf(one) + " – " : "") + visible(catalogue.service);
  if (path && !one) {
    main.replaceChildren(el("p", {}, "There is no " + visible(decodeURI(path)) + " in this catalogue. "), el("a", { href: "#/" }, "All APIs"));
    return;
  }
  main.replaceChildren(...(one ? resourcePage(one) : listPage(new URLSearchParams(query))).filter(Boolean));
  if (one) main.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

document.getElementById("service").textContent = visible(catalogue.service);
document.getElementById("source").textContent = visible(catalogue.source);
window.addEventListener("hashchange", show);
show();
