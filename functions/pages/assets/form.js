// Forms: fields with their errors, a button that is busy, and what to say of a call that failed.

let fieldCount = 0;

function revealer(input, describedBy) {
  return button(t("common.show"), ({ target }) => {
    const isHidden = input.type === "password";
    input.type = isHidden ? "text" : "password";
    target.textContent = isHidden ? t("common.hide") : t("common.show");
  }, { class: "plain small", "aria-describedby": describedBy });
}

function inputOf({ type = "text", value, options, optional, name, ...props }) {
  Object.assign(props, { name, "aria-required": String(!optional) });
  if (options) return options(props);
  const input = type === "textarea" ? el(type, props) : el("input", { type, ...props });
  input.value = typedBefore[name] ?? value ?? "";
  return input;
}

function field({ label: text, hint, hidden, ...spec }) {
  const id = `f${fieldCount += 1}`;
  const input = inputOf({ id, ...spec });
  const mayMiss = spec.optional && el("span", { class: "quiet small" }, " ", t("common.optional"));
  const label = el("label", { for: id, id: `${id}l` }, text, mayMiss);
  const wrong = el("p", { class: "wrong small", id: `${id}w` });
  const shown = spec.type === "password" ? el("div", { class: "secret" }, input, revealer(input, label.id)) : input;
  const below = hint && p(hint, { class: "small quiet", id: `${id}h` });
  const box = el("div", { class: "field", hidden }, label, shown, below, wrong);
  const say = (error) => {
    wrong.textContent = error;
    // A field that was not asked for comes up with its first error.
    if (error) box.hidden = false;
    input.setAttribute("aria-invalid", String(error !== ""));
    input.setAttribute("aria-describedby", `${error && wrong.id} ${hint ? below.id : ""}`.trim());
  };
  say("");
  return { ...spec, input, box, say };
}

const clock = (seconds) => new Date(seconds * 1000).toISOString().slice(seconds < 3600 ? 14 : 11, 19);

// Says what failed, with a wait that counts down, a button to try again, and the id of the request.
function tell(place, failure, text, retry, submit) {
  const again = retry && failure.isPassing && button(t("common.try_again"), retry);
  const timer = el("p", { role: "timer", class: "small" });
  const request = failure.request && p(t("common.request", { id: failure.request }), { class: "small quiet" });
  const note = el("div", { class: "note bad", tabindex: "-1" }, p(text, { role: "alert" }), timer, again, request);
  place.replaceChildren(note);
  note.focus();
  const end = Date.now() + failure.wait * 1000;
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    for (const one of [again, submit]) if (one) one.disabled = left > 0;
    timer.textContent = left > 0 ? t("common.wait", { time: clock(left) }) : t("common.wait_over");
    if (left > 0) setTimeout(tick, 500);
  };
  if (failure.wait) tick();
}

// Fills a place with what `run` brings; what fails is said there.
async function load(place, run) {
  place.replaceChildren(p(t("common.loading"), { role: "status", class: "quiet" }));
  try {
    place.replaceChildren(...[await run()].flat().filter(Boolean));
  } catch (failure) {
    tell(place, failure, problemText(failure), () => load(place, run));
  }
}

// `send(values)` may bring a text to show as done. `refused(failure, made)` may bring `true` (all is said), the text
// to say, or the texts of fields by name.
function form(spec) {
  const fields = spec.fields?.map(field) ?? [];
  const made = { ...spec, fields, said: el("div"), done: el("p", { role: "status", class: "small quiet" }) };
  made.submit = el("button", { class: spec.style ?? "main wide" }, spec.button);
  made.field = (name) => fields.find((one) => one.name === name);
  const boxes = fields.length > 0 && el("div", { class: spec.layout ?? "stack" }, fields.map((one) => one.box));
  made.element = el("form", { novalidate: true, submit: (event) => { event.preventDefault(); run(made); } },
    made.said, spec.before, boxes, el("div", { class: "row" }, made.submit, spec.beside, made.done), spec.after);
  return made;
}

// A button that does something at once.
const action = (text, send, style = "") => form({ button: text, send, style }).element;

function sayAtFields(made, found) {
  for (const [name, text] of found) made.field(name).say(text);
  made.element.querySelector("[aria-invalid=true]").focus();
}

// Which field a problem is about that names none.
const fieldOfCode = { username_taken: "username", email_taken: "email" };

function sayFailure(made, failure) {
  const own = made.refused?.(failure, made);
  if (own === true) return;
  const named = [{ field: fieldOfCode[failure.code], ...failure }, ...failure.errors];
  const found = named.filter((one) => made.field(one.field)).map((one) => [one.field, problemText(one)]);
  if (own?.constructor === Object) found.push(...Object.entries(own));
  if (found.length) sayAtFields(made, found);
  else tell(made.said, failure, own || problemText(failure), () => run(made), made.submit);
}

// Sends a form, once at a time.
async function run(made) {
  const { fields, submit } = made;
  if (submit.ariaBusy === "true" || submit.disabled) return;
  const shown = fields.filter((one) => !one.box.hidden);
  made.said.replaceChildren();
  made.done.textContent = "";
  for (const one of shown) one.say("");
  const missing = shown.filter((one) => !one.optional && !one.input.value.trim());
  if (missing.length) return sayAtFields(made, missing.map((one) => [one.name, t("common.problem.required")]));
  submit.ariaBusy = "true";
  // Browsers keep a password only out of a field that hides it.
  for (const one of shown) if (one.type === "password") one.input.type = "password";
  try {
    made.done.textContent = await made.send(Object.fromEntries(shown.map(({ name, input, optional }) =>
      [name, input.value || (optional ? null : "")]))) ?? "";
  } catch (failure) {
    sayFailure(made, failure);
  } finally {
    submit.ariaBusy = "false";
  }
}

// Fields that several pages have.

const plain = { autocapitalize: "none", spellcheck: "false" };
const emailField = (more) =>
  ({ name: "email", type: "email", label: t("common.email"), autocomplete: "email", ...plain, ...more });
const usernameField = (more) => ({
  name: "username", label: t("common.username"), autocomplete: "username", hint: t("common.username_hint"),
  maxlength: "50", ...plain, ...more,
});
const passwordField = (more) => ({
  name: "password", type: "password", label: t("common.password"), autocomplete: "current-password", ...more,
});
const newPasswordField = (more) => passwordField({
  name: "new_password", label: t("common.new_password"), autocomplete: "new-password",
  hint: t("common.password_hint", passwords), ...more,
});
const firstPasswordField = () => newPasswordField({ name: "password", label: t("common.password") });
const optional = (value) => ({ optional: true, value });
const nameFields = (of = {}) => [
  { name: "first_name", label: t("common.first_name"), autocomplete: "given-name", ...optional(of.first_name) },
  { name: "last_name", label: t("common.last_name"), autocomplete: "family-name", ...optional(of.last_name) },
];
