// The frame: where one can go, who one is, and which view is shown.


// Ten entries at most: a name, who may enter, and other views that belong to it. What may not be seen is not offered.
const entries = [
  ["overview"], ["people", readsPeople], ["organizations", () => can("users.read", "users.manage", "organizations.manage")], ["sessions"],
  ["roles", mayReadCatalogue], ["catalogue", mayReadCatalogue, "modules", "permissions"], ["why"], ["activity", () => can("activities.read"), "stream"],
  ["statistics", () => can("stats.read")], ["settings", () => session.isSuper],
].map(([name, may = () => true, ...more]) => ({ name, may, view: name === "overview" ? "" : name, more }));

const views = {
  "": [Overview], people: [People, Person], organizations: [Organizations, Organization], sessions: [Sessions], roles: [Roles, Role],
  catalogue: [Catalogue], modules: [null, Module], permissions: [null, Permission], why: [Why], activity: [Activity, Activity],
  stream: [Stream], statistics: [Statistics], settings: [Settings], api: [Reference, Reference],
};

const belongs = (one, view) => one.view === view || one.more.includes(view);

function Navigation({ view, isOpen, close }) {
  return html`<nav id="nav" class=${classes("side", isOpen && "open")} aria-label=${t("console.navigation")}><ul onClick=${close}>
    ${entries.filter((one) => one.may()).map((one) => html`<li><a href=${pathTo(one.view)} aria-current=${belongs(one, view) ? "page" : null}>
      <${Icon} name=${one.name} />${label(one.name)}</a></li>`)}</ul></nav>`;
}

const look = { name: "Rolecall", logo: null };

function OrganizationSwitch() {
  const { me } = session;
  const active = me.memberships.filter((one) => one.status === "active");
  if (active.length < 2) return me.organization && html`<span class="tag">${me.organization}</span>`;
  const change = async (event) => {
    const organization = event.target.value;
    if (!await mayLeave()) { event.target.value = me.organization; return; }
    try {
      await call("POST", "/auth/switch-organization", { organization });
      noteSignedIn();
      location.assign("/console");
    } catch (failure) {
      event.target.value = me.organization;
      toast(words(problemText(failure), requestOf(failure)));
    }
  };
  return html`<select aria-label=${t("console.organization.switch")} onChange=${change}>
    ${active.map(({ organization }) => html`<option selected=${organization === me.organization}>${organization}</option>`)}</select>`;
}

const speak = (code) => {
  keepLanguage(code);
  location.reload();
};

function Me() {
  const leave = async () => {
    await signOut();
    location.assign("/sign-in");
    return false;
  };
  return html`<details class="menu me"><summary aria-label=${`${t("console.account")}: ${nameOf(session.me)}`}><${Avatar} user=${session.me} /></summary>
    <div class="stack tight"><p><strong>${nameOf(session.me)}</strong><span class="small quiet block">${session.me.email}</span></p>
      <a href="/account">${t("console.account")}</a><a href=${pathTo("api")}>${label("api")}</a>
      <label class="small">${t("common.language")} <select onChange=${(event) => speak(event.target.value)}>
        ${look.languages.map((code) => html`<option value=${code} lang=${code} selected=${code === language}>${languageName(code)}</option>`)}</select></label>
      <${Act} what="sign_out" run=${leave} /></div></details>`;
}

function Top({ isOpen, toggle }) {
  const name = product.use();
  return html`<header id="top"><button type="button" class="plain icon-only burger" aria-expanded=${isOpen ? "true" : "false"} aria-controls="nav" aria-label=${t("console.navigation")} onClick=${toggle}>
      <${Icon} name=${isOpen ? "close" : "menu"} /></button>
    <a class="brand" href="/console">${look.logo ? html`<img src=${look.logo} alt=${name} />` : html`<span class="mark" aria-hidden="true">${[...name][0]}</span>${name}`}</a>
    <span class="grows"></span><${OrganizationSwitch} /><a class="top-link" href=${pathTo("api")}>${t("console.api.short")}</a><${Me} /></header>`;
}

// A view that is not there, or not for whoever asks.
const Missing = ({ isForbidden }) => html`<${Page} title=${t(isForbidden ? "console.forbidden" : "console.missing")}>
  <${Empty} title=${t(isForbidden ? "console.forbidden_title" : "console.missing_title")} action=${html`<a class="button main" href="/console">${label("overview")}</a>`}>
    ${t(isForbidden ? "console.forbidden_text" : "console.missing_text")}<//><//>`;

function View({ at }) {
  const [broken] = useErrorBoundary((error) => { setTimeout(() => { throw error; }); });
  const shown = views[at.view]?.[at.id ? 1 : 0];
  const entry = entries.find((one) => belongs(one, at.view));
  if (broken) return html`<${Page} title=${at.view}><${Problem} failure=${{ code: "internal_error" }} /><//>`;
  if (!shown) return html`<${Missing} />`;
  if (entry && !entry.may()) return html`<${Missing} isForbidden />`;
  return html`<${shown} route=${at} />`;
}

function App() {
  const at = route.use();
  const [isOpen, open] = useState(false);
  useEffect(() => { open(false); }, [at.view, at.id]);
  useEffect(() => { scrollTo(0, 0); }, [at.view, at.id]);
  return html`<a class="skip" href="#main">${t("console.skip")}</a>
    <${Top} isOpen=${isOpen} toggle=${() => open(!isOpen)} />
    <div class="frame"><${Navigation} view=${at.view} isOpen=${isOpen} close=${() => open(false)} />
      <main id="main" tabindex="-1"><${View} key=${`${at.view}/${at.id}`} at=${at} /></main></div>
    <${Overlays} />`;
}

function dress({ product_name: name, logo_url: logo, accent_color: accent, languages }) {
  Object.assign(look, { logo, languages });
  if (accent) root.style.setProperty("--accent", accent);
  else root.style.removeProperty("--accent");
  product.set(name);
}

const Starting = ({ failure }) => html`<main id="main" class="starting">${failure ? html`<${Problem} failure=${failure} retry=${start} />` : html`<${Skeleton} lines=${3} />`}</main>`;

async function start() {
  document.body.replaceChildren();
  render(html`<${Starting} />`, document.body);
  look.languages = ["en", "de"];
  const dressed = get("/appearance", { anonymous: true }).then(dress).catch(() => {});
  try {
    await loadSession();
    await Promise.race([dressed, new Promise((done) => { setTimeout(done, 1000); })]);
    hooks.signedOut = askSignIn;
    render(html`<${App} />`, document.body);
  } catch (failure) {
    render(html`<${Starting} failure=${failure} />`, document.body);
  }
}

// One menu at a time, which closes where one clicks or presses Escape beside it.
addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.menu[open]")) { menu.open = false; menu.querySelector("summary").focus(); }
  }
  // The search of the view, by keyboard.
  if (event.key === "k" && (event.ctrlKey || event.metaKey)) {
    const search = document.querySelector("main .filters input, main input[type=search]");
    if (search) { event.preventDefault(); search.focus(); }
  }
});

start();
