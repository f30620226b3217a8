// The one picker: what one types is searched for on the server, and a few hits are offered.

function Picker({ id, label, describedBy, isWrong, isRequired, value, onPick, find, labelOf, placeholder, isFree, clears }) {
  const own = useId();
  const name = id ?? own;
  const [text, type] = useState(null);
  const [at, move] = useState(0);
  const [found, setFound] = useState({ items: [] });
  const [shown, setShown] = useState(value);
  const asked = useDebounced(text, 200);
  const isOpen = text !== null;

  useEffect(() => {
    let isOver = false;
    setShown(value);
    if (value && labelOf) Promise.resolve(labelOf(value)).then((made) => { if (!isOver) setShown(made ?? value); }).catch(() => {});
    return () => { isOver = true; };
  }, [value]);

  useEffect(() => {
    if (asked === null) return undefined;
    const control = new AbortController();
    setFound((before) => ({ ...before, isLoading: true }));
    find(asked.trim(), control.signal)
      .then((items) => { if (!control.signal.aborted) { setFound({ items }); move(0); } })
      .catch((failure) => { if (!control.signal.aborted) setFound({ items: [], failure }); });
    return () => control.abort();
  }, [asked]);

  // The list is longer than what is seen of it.
  useEffect(() => { if (isOpen) document.getElementById(`${name}o${at}`)?.scrollIntoView({ block: "nearest" }); }, [at, isOpen]);

  const close = () => type(null);
  function pick(item) {
    if (!clears) setShown(item.label);
    onPick(item.value, item);
    close();
  }
  const step = (by) => { if (isOpen) move(Math.max(0, Math.min(found.items.length - 1, at + by))); else type(""); };
  const onKeyDown = keys({
    ArrowDown: () => step(1), ArrowUp: () => step(-1),
    Escape: (event) => { if (!isOpen) return false; event.stopPropagation(); return close(); },
    Enter: () => {
      if (!isOpen) return false;
      if (found.items[at] && asked === text) return pick(found.items[at]);
      return isFree && text ? pick({ value: text, label: text }) : undefined;
    },
  });
  const status = () => {
    if (found.failure) return words(problemText(found.failure), requestOf(found.failure));
    if (found.isLoading) return t("common.loading");
    return t("console.picker.found", { n: found.items.length });
  };
  return html`<div class="picker">
    <input id=${name} role="combobox" autocomplete="off" spellcheck=${false} aria-expanded=${isOpen ? "true" : "false"}
      aria-controls=${`${name}list`} aria-autocomplete="list" aria-label=${id ? null : label} aria-describedby=${describedBy}
      aria-invalid=${isWrong ? "true" : null} aria-required=${isRequired ? "true" : null} aria-activedescendant=${isOpen && found.items[at] ? `${name}o${at}` : null} placeholder=${placeholder ?? t("console.picker.search")}
      value=${isOpen ? text : shown ?? ""} onInput=${(event) => type(event.target.value)} onClick=${() => type(text ?? "")}
      onKeyDown=${onKeyDown} onBlur=${() => setTimeout(close, 150)} />
    ${value && !isOpen && html`<${Cross} name=${t("console.picker.clear", { label })} run=${() => onPick("", null)} />`}
    <ul id=${`${name}list`} role="listbox" aria-label=${label} hidden=${!isOpen || !found.items.length}>
      ${isOpen && found.items.map((item, i) => html`<li key=${item.value} id=${`${name}o${i}`} role="option" aria-selected=${i === at ? "true" : "false"}
        onMouseDown=${(event) => event.preventDefault()} onClick=${() => pick(item)}>
        <span>${item.label}</span> <span class="small quiet">${item.detail}</span></li>`)}</ul>
    <p class=${isOpen && !found.items.length ? "small quiet hint" : "unseen"} role="status">${isOpen && status()}</p>
  </div>`;
}

// Several values, each of which can be taken away.
function PickMany({ label, values, set, labelOf = (value) => value, ...picker }) {
  return html`<div class="stack tight">
    ${values.length > 0 && html`<ul class="chips">${values.map((value) => html`<li key=${value} class="chip">${labelOf(value)}
      <${Cross} name=${t("console.picker.remove", { name: labelOf(value) })} run=${() => set(values.filter((one) => one !== value))} /></li>`)}</ul>`}
    <${Picker} label=${label} ...${picker} value="" clears onPick=${(value) => { if (value && !values.includes(value)) set([...values, value]); }} />
  </div>`;
}

// What pickers look for.

const matches = (query, ...some) => {
  const wanted = query.toLowerCase();
  return some.some((text) => text?.toLowerCase().includes(wanted));
};

const userItem = (user) => ({ value: user.id ?? user.user_id, label: nameOf(user), detail: words(user.username, user.email), user });

const findUsers = async (q, signal) =>
  (await get("/users" + queryOf({ q, limit: 20 }), { signal })).items.map(userItem);

const userLabel = async (id) => nameOf(await get(`/users/${id}`));

const organizationItem = (one) => ({ value: one.code, label: one.name, detail: one.code });

// The API has no search for organizations: the first thousand are looked through, and beyond them a whole code.
async function findOrganizations(q) {
  const { items, isCut } = await all("/organizations", {}, 5);
  const found = items.filter((one) => matches(q, one.code, one.name)).slice(0, 20).map(organizationItem);
  if (found.length || !isCut || !q) return found;
  return get(`/organizations/${segment(q)}`).then((one) => [organizationItem(one)], () => []);
}

const organizationLabel = async (code) => (await get(`/organizations/${segment(code)}`)).name;

const codeItem = (one) => ({ value: one.code, label: one.name, detail: one.code });
const among = (items, q) => items.filter((one) => matches(q, one.code, one.name)).slice(0, 30).map(codeItem);

const findPermissions = async (q) => among((await loadCatalogue()).permissions, q);
const findModules = async (q) => among((await loadCatalogue()).modules, q);

// Roles that can be given in an organization: the shared ones and its own.
async function findRolesOf(organization, q) {
  const isOwn = organization === session.me.organization;
  const roles = isOwn ? (await loadCatalogue()).roles : (await all("/roles", { organization })).items;
  return among(roles.filter((one) => one.is_active), q);
}
const findRoles = async (q) => among((await loadCatalogue()).roles, q);
