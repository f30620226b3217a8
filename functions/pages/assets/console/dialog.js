// Dialogs: the one component, questions, and signing in again on top of the page.

function Dialog({ title, close, children, size = "", isFree }) {
  const element = useRef();
  const id = useId();
  useEffect(() => {
    element.current.showModal();
    return () => element.current?.close();
  }, []);
  // Leaving loses nothing that is typed without asking.
  const own = () => [...dirty].filter(({ current }) => current instanceof Node && element.current.contains(current));
  const leave = async () => { if (isFree || await mayLeave(own())) close(); };
  const cancel = (event) => {
    if (event.target !== element.current) return;
    event.preventDefault();
    leave();
  };
  return html`<dialog ref=${element} class=${`card ${size}`} aria-labelledby=${id} onCancel=${cancel}>
    <div class="stack">
      <div class="row apart nowrap"><h2 id=${id}>${title}</h2>
        <${Cross} name=${t("console.close")} run=${leave} /></div>
      ${children}
    </div><${Toasts} /></dialog>`;
}

// A question; the answer is whether it was confirmed.
const question = store(null);

const confirmDialog = (spec) => new Promise((answer) => {
  question.set({ ...spec, answer: (is) => { question.set(null); answer(is); } });
});

function Question() {
  const asked = question.use();
  const [typed, type] = useState("");
  useEffect(() => type(""), [asked]);
  if (!asked) return null;
  const { title, text, button, isBad, typed: wanted, answer } = asked;
  const isReady = !wanted || typed.trim() === wanted;
  const go = (event) => {
    event.preventDefault();
    if (isReady) answer(true);
  };
  return html`<${Dialog} title=${title} close=${() => answer(false)} isFree>
    ${[text].flat().map((one) => html`<p>${one}</p>`)}
    <form onSubmit=${go}>
      ${wanted && html`<div class="field"><label for="typed">${t("console.type_to_confirm", { text: wanted })}</label>
        <input id="typed" value=${typed} autocomplete="off" onInput=${(event) => type(event.target.value)} /></div>`}
      <div class="row end">
        <${Button} run=${() => answer(false)}>${t("common.cancel")}<//>
        <button class=${isBad ? "danger" : "main"} disabled=${!isReady}>${button}</button>
      </div>
    </form><//>`;
}

// Signing in again: what is on the page stays.
const signingIn = store(null);

function askSignIn(failure) {
  const before = signingIn.get();
  if (before) return before.promise;
  let settle;
  const promise = new Promise((done, cancelled) => {
    settle = (isIn) => { signingIn.set(null); return isIn ? done() : cancelled(failure); };
  });
  signingIn.set({ promise, settle });
  return promise;
}

function SignIn() {
  const asked = signingIn.use();
  if (!asked) return null;
  async function enter({ email, password }) {
    // The page is about this organization, and so is what waits.
    const { organization } = session.me;
    const place = organization && email === session.me.email ? { organization } : {};
    const user = await signIn({ email, password, ...place });
    // What is on the page, and what waits, is another person's: it must not reach this account.
    if (user.id !== session.me.id) return startOver();
    asked.settle(true);
    return undefined;
  }
  const cancel = () => asked.settle(false);
  const fields = [
    { name: "email", label: t("common.email"), type: "email", autocomplete: "username" },
    { name: "password", label: t("common.password"), type: "password", autocomplete: "current-password" },
  ];
  return html`<${Dialog} title=${t("console.again.title")} close=${cancel} isFree><p>${t("console.again.text")}</p>
    <${Form} isNew fields=${fields} values=${{ email: session.me.email }} button=${t("common.sign_in")} send=${enter} cancel=${cancel} kind="" /><//>`;
}

// What stands above every view.
const Overlays = () => html`<${Question} /><${SignIn} /><${Toasts} />`;
