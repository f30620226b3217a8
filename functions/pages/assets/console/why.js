// Why somebody may do something, or may not, and what would change that: in sentences.

// Where each step of the smallest grant is done.
const stepLinks = {
  activate_user: ({ user }) => pathTo("people", user), unlock_user: ({ user }) => pathTo("people", user, { tab: "sessions" }),
  widen_key: ({ user }) => pathTo("people", user, { tab: "keys" }), activate_membership: ({ user }) => pathTo("people", user, { tab: "memberships" }),
  renew_role: ({ user }) => pathTo("people", user, { tab: "memberships" }), assign_role: ({ user }) => pathTo("people", user, { tab: "memberships" }),
  activate_organization: ({ organization }) => pathTo("organizations", organization), activate_module: ({ code }) => pathTo("modules", code),
  activate_permission: ({ code }) => pathTo("permissions", code), activate_role: ({ code }) => pathTo("roles", code),
  grant_permission: ({ code }) => pathTo("roles", code, { tab: "grants" }), grant_module: ({ code }) => pathTo("roles", code, { tab: "grants" }),
};

function Verdict({ question, result, user, name, organization }) {
  const what = question.permission ?? t("console.module_what", { code: question.module });
  const { allowed, chain, blockers = [], smallest_grant: steps = [] } = result;
  return html`<li class=${`card verdict ${allowed ? "yes" : "no"}`} data-allowed=${String(allowed)}>
    <h2><span class="sign" aria-hidden="true"></span>${t(allowed ? "console.why.may" : "console.why.may_not", { name, what, organization })}</h2>
    ${chain && html`<p>${t(chain.role === "super_admin" ? "console.why.chain_super" : "console.why.chain", { organization: chain.membership, role: chain.role, what: chain.permission ?? chain.module })}
      ${" "}<a href=${pathTo("roles", chain.role)}>${t("console.see")}</a></p>`}
    ${blockers.length > 0 && html`<h3>${t("console.why.because")}</h3><ul class="lines">${blockers.map(({ code, role }) => html`<li>${t("console.blocker." + code, { role, what, organization })}</li>`)}</ul>`}
    ${!allowed && html`<h3>${t("console.why.how")}</h3>${steps.length ? html`<ol class="lines">${steps.map(({ step, code }) => html`<li class="row apart"><span>${t("console.step." + step, { code, what, organization })}</span>
      ${stepLinks[step] && html`<a class="button small" href=${stepLinks[step]({ user, organization, code })}>${t("console.see")}</a>`}</li>`)}</ol>`
    : html`<p class="quiet">${t("console.why.no_way")}</p>`}`}</li>`;
}

function Why({ route: { query } }) {
  const userId = query.get("user_id") || session.me.id;
  const organization = query.get("organization") || session.me.organization || "PLATFORM";
  const permissions = query.getAll("permission");
  const modules = query.getAll("module");
  const checks = [...permissions.map((permission) => ({ permission })), ...modules.map((module) => ({ module }))].slice(0, 100);
  // What was there before stays while the next answer is on its way: it must not pass for this one.
  const asked = JSON.stringify([userId, organization, checks]);
  const mayOthers = can("access.check") && readsPeople();
  const load = useLoad(async () => {
    if (!checks.length) return null;
    const { body } = await call("POST", "/permissions/check", { user_id: userId, organization, explain: true, checks });
    return { results: body.results, of: asked };
  }, [userId, organization, JSON.stringify(checks)]);
  const who = useLoad(async () => (userId === session.me.id ? nameOf(session.me) : userLabel(userId)), [userId]);
  // In the address stands what was asked, so that an answer can be sent to somebody.
  const put = (name) => (value, item) => setQuery({ [name]: value, ...(item?.user?.memberships?.[0] ? { organization: item.user.memberships[0].organization } : {}) }, {});
  const pick = (name, value, more) => {
    const id = "why-" + name;
    const { find, labelOf } = { ...kinds[name], ...more };
    const text = label(name === "user_id" ? "person" : name);
    return html`<div class="field"><label for=${id}>${text}</label><${more?.isMany ? PickMany : Picker} id=${id} label=${text} value=${value} values=${value} find=${find}
      labelOf=${labelOf} placeholder=${more?.placeholder} onPick=${put(name)} set=${put(name)} /></div>`;
  };
  const reads = mayReadCatalogue();
  return html`<${Page} title=${label("why")} lead=${t("console.why.text")}>
    <div class="card fields pair">
      ${mayOthers && pick("user_id", userId === session.me.id ? "" : userId, { placeholder: t("console.self") })}
      ${session.isSuper && pick("organization", organization)}
      ${pick("permission", permissions, { isMany: true, labelOf: undefined, find: reads ? findPermissions : findMine })}
      ${reads && pick("module", modules, { isMany: true, labelOf: undefined })}
    </div>
    ${checks.length === 0 ? html`<${Empty} title=${t("console.why.empty")}>${t("console.why.empty_text")}<//>`
    : html`<${Loaded} load=${load} lines=${4}>${(answer) => answer?.of === asked && html`<ul class="stack verdicts">${answer.results.map((result, i) => html`<${Verdict} key=${JSON.stringify(checks[i])}
        question=${checks[i] ?? {}} result=${result} user=${userId} name=${who.data ?? (who.failure ? userId : "…")} organization=${organization} />`)}</ul>`}<//>`}<//>`;
}

const findMine = async (q) => (await all("/me/permissions")).items.filter((one) => matches(q, one.code, one.name)).slice(0, 30).map(codeItem);
