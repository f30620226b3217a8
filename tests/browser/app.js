// What a browser app does: signs up, in, reads and writes. What it saw stands in <output> as JSON.
const api = new URLSearchParams(location.search).get("api");
const form = document.querySelector("form");
const saw = {};

/** One call; the headers are those that a page can read. */
async function call(method, path, { token, body, ...headers } = {}) {
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  const answer = await fetch(api + path, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body: text ? JSON.parse(text) : null };
}

async function walk(name, { email, password, adminEmail, adminPassword }) {
  saw.keys = await call("GET", "/.well-known/jwks.json");
  saw.signUp = await call("POST", "/api/v1/auth/register", { body: { username: name, email, password } });
  saw.refused = await call("POST", "/api/v1/auth/token", { body: { email, password: "not-the-password-7" } });
  saw.signIn = await call("POST", "/api/v1/auth/token", { body: { email, password } });
  const token = saw.signIn.body.access;
  saw.me = await call("GET", "/api/v1/me", { token, "X-Current-Page": "/settings", "X-Request-Id": "a-request-of-the-page" });
  saw.sessions = await call("GET", "/api/v1/user-sessions", { token });
  saw.changed = await call("PATCH", "/api/v1/me", { token, "If-Match": saw.me.headers.etag, body: { first_name: "Ada" } });
  saw.stale = await call("PATCH", "/api/v1/me", { token, "If-Match": saw.me.headers.etag, body: { first_name: "Eve" } });
  saw.invalid = await call("PATCH", "/api/v1/me", { token, body: { first_name: 7 } });
  saw.stranger = await call("GET", "/api/v1/me", { token: "no-token" });
  const chief = await call("POST", "/api/v1/auth/token", { body: { email: adminEmail, password: adminPassword } });
  const create = () => call("POST", "/api/v1/organizations", {
    token: chief.body.access, "Idempotency-Key": crypto.randomUUID(), body: { code: "MY_COMPANY", name: "My Company" },
  });
  saw.created = await create();
  saw.deleted = await call("DELETE", "/api/v1/organizations/MY_COMPANY", { token: chief.body.access, "If-Match": saw.created.headers.etag });
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  await walk("ada", Object.fromEntries(new FormData(form))).catch((error) => { saw.error = String(error); });
  document.querySelector("output").textContent = JSON.stringify(saw);
});
