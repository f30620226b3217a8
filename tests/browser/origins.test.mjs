// Pages of other origins: what the front door says of CORS, as a browser understands it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { before, test } from "node:test";
import { admin, atEnd, startBrowser, startStack, watch } from "./support.mjs";

// Serves the page as the dev server of a browser app does; its answer is the port.
async function serve(server) {
  const types = { "/": ["app.html", "text/html"], "/app.js": ["app.js", "text/javascript"] };
  server.on("request", (request, response) => {
    const [file, type] = types[new URL(request.url, "http://page").pathname] ?? [];
    response.writeHead(file ? 200 : 404, { "Content-Type": type ?? "text/plain" });
    response.end(file && readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  atEnd(() => { server.close(); server.closeAllConnections(); });
  return server.address().port;
}

let api, browser, port, securePort;

before(async () => {
  port = await serve(http.createServer());
  securePort = await serve(https.createServer({ key: readFileSync("key.pem"), cert: readFileSync("cert.pem") }));
  const settings = { ROLECALL_REGISTRATION: "open", ROLECALL_CORS_ORIGINS: `https://app.test:${securePort}` };
  [{ url: api }, browser] = await Promise.all([startStack(settings), startBrowser("--host-resolver-rules=MAP *.test 127.0.0.1")]);
});

async function open(origin) {
  const page = await browser.newPage({ ignoreHTTPSErrors: true });
  const wrongs = watch(page);
  await page.goto(`${origin}/?api=${api}`);
  return { page, wrongs };
}

test("a page on another port signs up, in, reads and writes", async () => {
  const { page, wrongs } = await open(`http://localhost:${port}`);
  const person = { email: "ada@example.com", password: "violet-anchor-mosaic-91" };
  const fields = { ...person, adminEmail: admin.email, adminPassword: admin.password };
  for (const [name, value] of Object.entries(fields)) await page.fill(`[name=${name}]`, value);
  await page.click("button");
  await page.waitForFunction(() => document.querySelector("output").textContent);
  const saw = JSON.parse(await page.textContent("output"));
  assert.equal(saw.error, undefined, wrongs.join("\n"));

  const wanted = { keys: 200, signUp: 201, refused: 401, signIn: 200, me: 200, sessions: 200, changed: 200, stale: 412,
    invalid: 422, stranger: 401, created: 201, deleted: 204 };
  assert.deepEqual(Object.fromEntries(Object.entries(saw).map(([step, { status }]) => [step, status])), wanted);
  // Refusals that were asked for are all that the console may say.
  const refusals = Object.values(wanted).filter((status) => status >= 400);
  assert.equal(wrongs.length, refusals.length, wrongs.join("\n"));
  wrongs.forEach((wrong, at) => assert.match(wrong, new RegExp(`^Failed to load resource: .* status of ${refusals[at]} `)));

  assert.equal(saw.keys.body.keys[0].kty, "RSA");
  assert.equal(saw.me.body.email, person.email);
  assert.match(saw.me.headers.etag, /^"/);
  assert.equal(saw.me.headers["x-request-id"], "a-request-of-the-page");
  assert.equal(saw.sessions.body.items[0].current_page, "/settings");
  assert.equal(saw.changed.body.first_name, "Ada");
  assert.notEqual(saw.changed.headers.etag, saw.me.headers.etag);
  assert.equal(saw.refused.body.code, "invalid_credentials");
  assert.equal(saw.invalid.body.errors[0].field, "first_name");
  assert.match(saw.stranger.headers["content-type"], /^application\/problem\+json/);
  assert.match(saw.stranger.headers["www-authenticate"], /^Bearer error="invalid_token"/);
  assert.equal(saw.created.body.code, "MY_COMPANY");
});

// What becomes of a plain request and of one that the browser asks about first.
const attempts = () => {
  const api = new URLSearchParams(location.search).get("api");
  const body = JSON.stringify({ email: "nobody@example.com", password: "violet-anchor-mosaic-91" });
  const signIn = { method: "POST", headers: { "Content-Type": "application/json" }, body };
  const calls = [fetch(`${api}/.well-known/jwks.json`), fetch(`${api}/api/v1/auth/token`, signIn)];
  return Promise.all(calls.map((one) => one.then((answer) => answer.status, (error) => error.name)));
};

test("a page of an origin of ROLECALL_CORS_ORIGINS may call", async () => {
  const { page } = await open(`https://app.test:${securePort}`);
  assert.deepEqual(await page.evaluate(attempts), [200, 401]);
});

test("a page of any other origin is refused by the browser", async () => {
  for (const origin of [`http://app.test:${port}`, `https://other.test:${securePort}`]) {
    const { page, wrongs } = await open(origin);
    assert.deepEqual(await page.evaluate(attempts), ["TypeError", "TypeError"], origin);
    const refusals = wrongs.filter((wrong) => wrong.includes("blocked by CORS policy"));
    assert.equal(refusals.length, 2, wrongs.join("\n"));
  }
});
