// Where one is: `/console`, `/console/{view}` or `/console/{view}/{id}`, with filters behind it. Everything that a view shows is in its address.

const readRoute = () => {
  const [, , view = "", id = ""] = location.pathname.split("/");
  return { view, id: decodeURIComponent(id), query: new URLSearchParams(location.search) };
};
const route = store(readRoute());

// Forms that hold something that is not saved; leaving asks first.
const dirty = new Set();
let here = location.href;

const pathTo = (view, id, query = {}) =>
  "/console" + (view && "/" + view) + (id ? "/" + segment(id) : "") + queryOf(query);

// What holds forms: a view with its tab. Filters hold none.
const placeOf = ({ pathname, search }) => pathname + " " + (new URLSearchParams(search).get("tab") ?? "");

async function mayLeave(unsaved = [...dirty]) {
  if (!unsaved.length) return true;
  const leaves = await confirmDialog({
    title: t("console.leave.title"), text: t("console.leave.text"), button: t("console.leave.submit"), isBad: true,
  });
  if (leaves) for (const one of unsaved) dirty.delete(one);
  return leaves;
}

function arrive() {
  here = location.href;
  route.set(readRoute());
}

async function navigate(to, { replace, keeps } = {}) {
  if (!keeps && placeOf(new URL(to, location)) !== placeOf(location) && !await mayLeave()) return;
  history[replace ? "replaceState" : "pushState"](null, "", to);
  arrive();
}

// Changes filters in the address; what is empty goes out of it.
function setQuery(values, options = { replace: true }) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(values)) {
    query.delete(name);
    for (const one of [value].flat()) if (one !== undefined && one !== null && one !== "") query.append(name, one);
  }
  const text = query.toString();
  navigate(location.pathname + (text && "?" + text), { ...options, keeps: true });
}

addEventListener("popstate", async () => {
  const wanted = location.href;
  if (dirty.size && placeOf(new URL(here)) !== placeOf(location)) {
    history.pushState(null, "", here);
    if (!await mayLeave()) return;
    history.pushState(null, "", wanted);
  }
  arrive();
});

addEventListener("beforeunload", (event) => { if (dirty.size) event.preventDefault(); });

// Links within the console load nothing anew.
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='/console']");
  if (!link || link.target || link.hasAttribute("download")) return;
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  navigate(link.getAttribute("href"));
});
