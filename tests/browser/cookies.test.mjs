// Cookie mode as a browser does it: no script sees a token, and no page of another origin acts for whoever is signed in.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { atEnd, password, startBrowser, startStack } from "./support.mjs";
import { test, Visitor } from "./visitor.mjs";

const [stack, browser] = await Promise.all([startStack(), startBrowser("--host-resolver-rules=MAP *.test 127.0.0.1")]);

/** A server on a port of its own; its answer is the port. */
async function serve(server, handle) {
  server.on("request", handle);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  atEnd(() => { server.close(); server.closeAllConnections(); });
  return server.address().port;
}

/** In front of the stack: what came to it and what it answered, and cookies changed on their way. */
async function proxy(server, { sent = (cookies) => cookies, set = (cookie) => cookie } = {}) {
  const answers = [];
  const port = await serve(server, (request, response) => {
    const { method, url, headers } = request;
    const forwarded = { ...headers, ...(headers.cookie && { cookie: sent(headers.cookie) }) };
    request.pipe(http.request(stack.url + url, { method, headers: forwarded, agent: false }, (answer) => {
      answers.push({ method, url, headers, status: answer.statusCode });
      const cookies = answer.headers["set-cookie"]?.map(set);
      response.writeHead(answer.statusCode, { ...answer.headers, ...(cookies && { "set-cookie": cookies }) });
      answer.pipe(response);
    }));
  });
  return { port, answers };
}

const evilPort = await serve(http.createServer(), (request, response) => {
  response.writeHead(200, { "Content-Type": "text/html" });
  response.end("<!doctype html><html lang=en><title>Another origin</title><link rel=icon href='data:,'><body></body>");
});

test("no script gets at a token, whatever the page does", async () => {
  const ada = await stack.person();
  const visitor = await Visitor.of(browser, stack);
  await visitor.goToAccount(ada);
  const cookies = await visitor.context.cookies(`${stack.url}/api/v1/auth/token`);
  const names = cookies.map(({ name }) => name.replace(/-\d+$/, "")).sort();
  assert.deepEqual(names, ["rolecall", "rolecall-device", "rolecall-refresh"]);
  await visitor.section("profile").getByLabel("First name (optional)").fill("Ada");
  await visitor.press("Save", visitor.section("profile"));
  await visitor.says("Saved.");
  await visitor.context.clearCookies({ name: (await visitor.cookie("rolecall-")).name.replace(/-(refresh|device)/, "") });
  await visitor.page.reload();
  await visitor.section("sessions").getByText("This device").waitFor();
  visitor.allows("401 GET /me");
  const asked = (path) => visitor.read.filter((text) => new URL(text.split(" ")[0]).pathname === `/api/v1${path}`);
  for (const path of ["/auth/token", "/auth/token/refresh"]) {
    assert.equal(asked(path).length, 1, `what a script read of ${path}`);
    assert.deepEqual(Object.keys(JSON.parse(asked(path)[0].split(/ (.*)/s)[1])), ["expires_in", "refresh_expires_in", "session_id", "user"]);
  }
  assert.equal(await visitor.page.evaluate(() => document.cookie), "");
  await visitor.checkSecrets();
});

// What the account page asks, and may have to ask again.
const calls = ["/me", "/me/invitations", "/me/permissions", "/user-sessions", "/activities"].map((path) => `401 GET ${path}`);

test("without its access cookie a page refreshes once, and goes on", async () => {
  const visitor = await Visitor.of(browser, stack);
  await visitor.goToAccount(await stack.person());
  const access = (await visitor.context.cookies()).find(({ path }) => path === "/");
  await visitor.context.clearCookies({ name: access.name });
  visitor.expects("401 PATCH /me");
  let since = visitor.asked.length;
  const profile = visitor.section("profile");
  await visitor.fill({ "First name (optional)": "Ada" }, profile);
  await visitor.press("Save", profile);
  await profile.getByText("Saved.").waitFor();
  assert.deepEqual(visitor.asked.slice(since), ["PATCH /me", "POST /auth/token/refresh", "PATCH /me"]);
  // An hour later the cookie is there, and over.
  await stack.advance(61 * 60);
  visitor.allows(...calls);
  since = visitor.asked.length;
  await visitor.page.reload();
  await visitor.settled();
  await visitor.section("sessions").getByText("This device").waitFor();
  assert.equal(visitor.count("POST /auth/token/refresh", since), 1);
  // Calls at the same time share a refresh; those of the page before are through.
  await visitor.page.waitForLoadState("networkidle");
  const body = JSON.stringify({ status: 401, code: "unauthenticated" });
  const over = (route) => route.fulfill({ status: 401, contentType: "application/problem+json", body });
  for (const path of ["/me/invitations*", "/user-sessions*", "/activities*"]) await visitor.page.route(`**/api/v1${path}`, over, { times: 1 });
  since = visitor.asked.length;
  await visitor.page.reload();
  await visitor.settled();
  await visitor.section("sessions").getByText("This device").waitFor();
  assert.equal(visitor.count("POST /auth/token/refresh", since), 1, "calls at the same time");
});

test("two tabs that have to refresh stay signed in", async () => {
  const visitor = await Visitor.of(browser, stack);
  await visitor.goToAccount(await stack.person());
  const tab = await visitor.context.newPage();
  await tab.goto(`${stack.url}/account`);
  await stack.advance(61 * 60);
  visitor.allows(...calls);
  await Promise.all([visitor.page.reload(), tab.reload()]);
  for (const page of [visitor.page, tab]) await page.locator("#sessions").getByText("This device").waitFor();
  assert.equal(visitor.page.url(), `${stack.url}/account`);
});

// In a page of another origin: what becomes of what it tries.
const attempts = {
  "a form": (url) => {
    document.body.innerHTML = `<iframe name=target></iframe><form method=post target=target enctype="text/plain" action="${url}"><input name='{"a":"' value='"}'></form>`;
    document.forms[0].submit();
    return new Promise((done) => { document.querySelector("iframe").addEventListener("load", () => done("sent")); });
  },
  "a form as browsers send it": (url) => {
    document.body.innerHTML = `<iframe name=target></iframe><form method=post target=target action="${url}"><input name=a value=b></form>`;
    document.forms[0].submit();
    return new Promise((done) => { document.querySelector("iframe").addEventListener("load", () => done("sent")); });
  },
  "a simple POST": (url) => fetch(url, { method: "POST", mode: "no-cors", credentials: "include", body: "{}" }).then(() => "sent", (e) => e.name),
  "a beacon": (url) => (navigator.sendBeacon(url, new Blob(["{}"], { type: "text/plain" })) ? "sent" : "refused"),
  "a POST of JSON": (url) => fetch(url, {
    method: "POST", credentials: "include", headers: { "Content-Type": "application/json" }, body: "{}",
  }).then(() => "read", (e) => e.name),
  "a POST with the header": (url) => fetch(url, {
    method: "POST", credentials: "include", headers: { "Content-Type": "application/json", "Rolecall-Browser": "1" }, body: "{}",
  }).then(() => "read", (e) => e.name),
  "the header without cookies": (url) => fetch(url, {
    method: "POST", headers: { "Content-Type": "application/json", "Rolecall-Browser": "1" }, body: "{}",
  }).then(() => "read", (e) => e.name),
  "a simple header": (url) => fetch(url, {
    method: "POST", mode: "no-cors", credentials: "include", headers: { "Rolecall-Browser": "1" }, body: "{}",
  }).then(() => "sent", (e) => e.name),
};
const dies = ["a POST of JSON", "a POST with the header", "the header without cookies"];
const routes = ["/auth/password-change", "/auth/switch-organization", "/auth/token/revoke", "/auth/token/refresh"];

for (const [host, site] of [["127.0.0.1", "same-site"], ["localhost", "cross-site"]]) {
  test(`a page of another origin, ${site}, changes and reads nothing`, async () => {
    const ada = await stack.person("ada", { first_name: "Ada" });
    const { port, answers } = await proxy(http.createServer());
    const base = `http://127.0.0.1:${port}`;
    const visitor = await Visitor.of(browser, stack, { base });
    await visitor.signedIn(ada);
    const before = await visitor.context.cookies();
    await visitor.elsewhere(`http://${host}:${evilPort}/`, async (page) => {
      for (const path of routes) {
        for (const [name, attempt] of Object.entries(attempts)) {
          const became = await page.evaluate(attempt, `${base}/api/v1${path}`);
          assert.equal(became, dies.includes(name) ? "TypeError" : "sent", `${name} to ${path}`);
        }
      }
      const read = (url) => fetch(url, { credentials: "include" }).then(() => "read", (error) => error.name);
      assert.equal(await page.evaluate(read, `${base}/api/v1/me`), "TypeError", "a read with cookies");
    });
    const got = answers.filter(({ method, headers }) => method !== "OPTIONS" && headers["sec-fetch-mode"] && headers.referer);
    const posts = got.filter(({ method }) => method === "POST");
    const came = posts.map(({ method, url }) => `${method} ${url}`).join("\n");
    assert.equal(posts.length, routes.length * (Object.keys(attempts).length - dies.length), came);
    for (const { url, status, headers } of got) {
      // What asks for no session is refused for its media type.
      const wanted = /revoke|refresh/.test(url) ? 415 : 401;
      assert.deepEqual({ url, status, site: headers["sec-fetch-site"] }, { url, status: wanted, site });
      // Within a site the browser does send cookies: the stack, and not the browser, has to refuse.
      assert.equal((headers.cookie ?? "").includes("rolecall-"), site === "same-site", `cookies to ${url}`);
    }
    assert.deepEqual(await visitor.context.cookies(), before, "no cookie was set or taken away");
    await visitor.open("/account");
    assert.equal(await visitor.section("profile").getByLabel("First name (optional)").inputValue(), "Ada");
    await stack.token(ada);
  });
}

test("no page of another origin signs anybody in, or frames a page", async () => {
  const eve = await stack.person("eve");
  const visitor = await Visitor.of(browser, stack);
  await visitor.elsewhere(`http://127.0.0.1:${evilPort}/`, async (page) => {
    const framed = page.waitForEvent("console", (message) => message.text().includes("frame-ancestors"));
    const url = `${stack.url}/api/v1/auth/token`;
    const body = JSON.stringify({ email: eve.email, password });
    const became = await page.evaluate(async ([url, body, frame]) => {
      const json = { "Content-Type": "application/json" };
      const all = [
        { mode: "no-cors", body }, { mode: "no-cors", headers: { "Rolecall-Browser": "1" }, body },
        { headers: { ...json, "Rolecall-Browser": "1" }, body }, { headers: json, body },
      ].map((one) => fetch(url, { method: "POST", credentials: "include", ...one }).then(() => "sent", (e) => e.name));
      const said = await Promise.all(all);
      const made = document.createElement("iframe");
      made.src = frame;
      document.body.append(made);
      return said;
    }, [url, body, `${stack.url}/account`]);
    assert.deepEqual(became, ["sent", "sent", "TypeError", "TypeError"]);
    await framed;
  });
  assert.deepEqual(await visitor.context.cookies(), []);
});

/** The stack as one reaches it when it is deployed: by https, under a name, its cookies bound to that. */
async function deployed() {
  const names = Object.fromEntries(["rolecall", "rolecall-refresh", "rolecall-device"].map((name) => [name, `__Host-Http-${name}`]));
  const { port: local } = new URL(stack.url);
  const { port } = await proxy(https.createServer({ key: readFileSync("key.pem"), cert: readFileSync("cert.pem") }), {
    sent: (cookies) => Object.entries(names).reduce((all, [name, other]) => all.replace(`${other}=`, `${name}-${local}=`), cookies),
    set: (cookie) => cookie.replace(/^(rolecall[a-z-]*)-\d+=/, (whole, name) => `${names[name]}=`).replace("; HttpOnly", "; Secure; HttpOnly")
      .replace(/Path=[^;]*/, "Path=/"),
  });
  return `https://id.company.test:${port}`;
}

/** Another host of the same site sends such cookies for all of them, and for each path; one without the prefix shows that it could. */
async function forgedBySibling(visitor, base) {
  const url = base.replace("//id.", "//sibling.");
  const of = (path) => visitor.context.cookies(base + path);
  const forge = (name, path) => `${name}=forged; Domain=company.test; Path=${path}; Secure; HttpOnly; SameSite=Strict`;
  const names = (await of("/")).map(({ name }) => name);
  const cookies = ["plain", ...names].flatMap((name) => ["/", "/api/v1/auth"].map((path) => forge(name, path)));
  visitor.visits(url);
  const page = await visitor.context.newPage();
  await page.route(`${url}/**`, (route) => route.fulfill({ body: "x", headers: { "Set-Cookie": cookies.join("\n") } }));
  await page.goto(`${url}/`);
  await page.close();
  const forged = (await of("/api/v1/auth/token")).filter(({ value }) => value === "forged").map(({ name }) => name);
  assert.deepEqual([...new Set(forged)], ["plain"]);
  await visitor.context.clearCookies({ name: "plain" });
}

test("the cookies of a deployed stack are kept, sent and taken away by the browser", async () => {
  const base = await deployed();
  const ada = await stack.person();
  const visitor = await Visitor.of(browser, stack, { base, ignoreHTTPSErrors: true });
  await visitor.goToAccount(ada);
  const kept = (await visitor.context.cookies(`${base}/api/v1/auth/token`)).map(({ name, secure, path }) => ({ name, secure, path }));
  assert.deepEqual(kept.sort((a, b) => (a.name < b.name ? -1 : 1)), [
    { name: "__Host-Http-rolecall", secure: true, path: "/" },
    { name: "__Host-Http-rolecall-device", secure: true, path: "/" },
    { name: "__Host-Http-rolecall-refresh", secure: true, path: "/" },
  ]);
  await visitor.page.evaluate(() => {
    for (const name of ["__Host-Http-rolecall", "__Host-Http-rolecall-refresh"]) document.cookie = `${name}=forged; Secure; Path=/`;
  });
  const after = await visitor.context.cookies(`${base}/api/v1/auth/token`);
  assert.ok(after.length === 3 && after.every(({ value }) => value !== "forged"), "no script sets such a cookie");
  await forgedBySibling(visitor, base);
  await visitor.context.clearCookies({ name: "__Host-Http-rolecall" });
  visitor.expects("401 GET /me");
  await visitor.page.reload();
  await visitor.section("sessions").getByText("This device").waitFor();
  await visitor.press("Sign out", visitor.page.locator("#top"));
  await visitor.at("/sign-in");
  const left = (await visitor.context.cookies(`${base}/api/v1/auth/token`)).map(({ name }) => name);
  assert.deepEqual(left, ["__Host-Http-rolecall-device"]);
});
