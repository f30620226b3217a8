// Organizations, invitations, sessions and activity of one's own.

const dateTime = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });

// How long ago within a week, the date before that.
function when(datetime) {
  const date = new Date(datetime);
  const minutes = Math.min(0, Math.round((date - Date.now()) / 60_000));
  const [unit, size] = [["day", 1440], ["hour", 60]].find(([, long]) => -minutes >= long) ?? ["minute", 1];
  const title = dateTime.format(date);
  const text = minutes < -10_080 ? title : relative.format(Math.ceil(minutes / size), unit);
  return el("time", { datetime, title }, text);
}

const quiet = (...text) => el("p", { class: "small quiet" }, ...text);
const words = (...some) => some.filter(Boolean).join(" · ");
const badge = (text, kind = "") => el("span", { class: `badge ${kind}` }, text);

// A row: a name with badges, what stands below it, and what can be done.
function row(name, badges, below, ...actions) {
  return el("li", { class: "row apart" },
    el("div", null, el("div", { class: "row" }, el("strong", null, name), badges), below),
    el("div", { class: "row" }, actions));
}

const list = (rows, none) => (rows.length ? el("ul", { class: "list" }, rows) : p(none, { class: "quiet" }));

// Every page of a list, as long as that is no log.
async function all(path) {
  const items = [];
  for (let query = "?limit=200"; query && items.length < 2000;) {
    const { body } = await call("GET", path + query);
    items.push(...body.items);
    query = body.next_cursor && `?limit=200&cursor=${body.next_cursor}`;
  }
  return items;
}

// A section that shows what a call brings.
function listSection(id, heading, bring, draw) {
  const place = el("div", { class: "stack" });
  section(id, heading, place);
  const again = () => load(place, async () => draw(await bring(), again));
  return again();
}

function organizations() {
  const rows = me.memberships.map(({ organization, organization_name: name, status }) => {
    const isHere = organization === me.organization;
    const isActive = status === "active";
    const badges = [
      isHere && badge(t("account.organizations.active"), "good"),
      !isActive && badge(t("account.organizations.not_active")),
    ];
    const change = async () => {
      await call("POST", "/auth/switch-organization", { organization });
      noteSignedIn();
      location.reload();
    };
    const go = isActive && !isHere && action(t("account.organizations.switch"), change);
    return row(name ?? organization, badges, null, go);
  });
  section("organizations", t("account.organizations.title"), list(rows, t("account.organizations.none")));
}

function invitation(one, again) {
  const answer = (what) => async () => {
    await call("POST", `/me/invitations/${one.id}/${what}`);
    return what === "accept" ? location.reload() : again();
  };
  const by = one.invited_by_username;
  const time = dateTime.format(new Date(one.expires_at));
  return row(one.organization_name ?? one.organization, [],
    quiet(words(by && t("account.invitations.by", { name: by }), t("account.invitations.until", { time }))),
    action(t("account.invitations.accept"), answer("accept"), "main"),
    action(t("account.invitations.decline"), answer("decline")));
}

const invitations = () => listSection("invitations", t("account.invitations.title"), () => all("/me/invitations"),
  (items, again) => list(items.map((one) => invitation(one, again)), t("account.invitations.none")));

const sessions = () => listSection("sessions", t("account.sessions.title"), () => all("/user-sessions"), (items, again) => {
  const alive = items.filter((one) => one.is_active).sort((a, b) => b.current - a.current);
  const end = (what) => () => call("DELETE", `/user-sessions${what}`).then(again);
  const rows = alive.map((one) => row(words(one.browser, one.os) || t("account.sessions.unknown"),
    one.current && badge(t("account.sessions.here"), "good"),
    quiet(one.ip_address, one.ip_address && " · ", when(one.last_activity)),
    !one.current && action(t("account.sessions.end"), end(`/${one.session_id}`))));
  return [list(rows), alive.length > 1 && action(t("account.sessions.end_others"), end("?scope=others"))];
});

function event(one) {
  const text = t("account.activity." + one.activity_type);
  const by = one.user_id !== me.id && one.username && t("account.activities.by", { name: one.username });
  const what = text.endsWith(one.activity_type) ? one.description : text;
  return row(what, [], quiet(words(one.ip_address, by)), quiet(when(one.created_at)));
}

// That a session goes on, and a call as such, is no news.
const isNews = ({ activity_type: type }) => !/^(api_request|session_renewed|organization_switched)$/.test(type);

// The newest that is news, of a few pages at most.
async function newest(whose) {
  const found = [];
  for (let cursor = "", turn = 0; cursor !== null && found.length < 20 && turn < 5; turn += 1) {
    const { body } = await call("GET", `/activities?${whose}=${me.id}&limit=50${cursor && `&cursor=${cursor}`}`);
    found.push(...body.items.filter(isNews));
    cursor = body.next_cursor;
  }
  return found;
}

// What was done to the account, by its owner or by others, and what its owner did.
function activity() {
  const both = async () => {
    const all = (await Promise.all(["subject_id", "user_id"].map(newest))).flat();
    // Ids sort by time.
    return [...new Map(all.map((one) => [one.id, one])).values()].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, 20);
  };
  return listSection("activity", t("account.activities.title"), both, (items) => list(items.map(event), t("account.activities.none")));
}
