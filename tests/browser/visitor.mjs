// Somebody at a browser: what they do on the pages, and all that goes wrong there.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { test as nodeTest } from "node:test";

const shots = process.env.SCREENSHOTS;
if (shots) mkdirSync(shots, { recursive: true });

// Whoever visits while a test runs.
let visitors = [];

/** A test whose visitors are asked at its end what went wrong, and leave; what failed is shown. */
export function test(name, run) {
  nodeTest(name, { timeout: 300_000 }, async (t) => {
    visitors = [];
    try {
      await run(t);
      for (const visitor of visitors) await visitor.check();
    } catch (error) {
      const seen = [];
      for (const visitor of visitors) seen.push(...await visitor.describe(name));
      error.message += `\n${seen.join("\n")}`;
      throw error;
    } finally {
      for (const visitor of visitors) await visitor.context.close();
    }
  });
}

// A JSON Web Token, a refresh token, a device.
const tokens = /\beyJ[\w-]+\.[\w-]+\.[\w-]+|\brc[rd]_[\w-]{8,}/;
const uuids = /[0-9a-f]{8}-[0-9a-f-]{27}/g;

/** Runs in each page before its own scripts: tells of breaches of the policy, and of each body that a script reads. */
function spy() {
  addEventListener("securitypolicyviolation", (event) =>
    console.error(`refused by the policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
  Response.prototype.json = async function json() {
    const text = await this.text();
    window.rolecallRead?.(`${this.url} ${text}`);
    return JSON.parse(text);
  };
}

const label = (request, what) => {
  const { pathname } = new URL(request.url());
  return `${what} ${request.method()} ${pathname.replace("/api/v1", "").replace(uuids, "*")}`;
};

export class Visitor {
  static async of(browser, stack, { base = stack.url, ...options } = {}) {
    const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 800 }, ...options });
    const visitor = new Visitor();
    Object.assign(visitor, { context, base });
    visitor.forget();
    visitors.push(visitor);
    await visitor.watch();
    visitor.page = await context.newPage();
    return visitor;
  }

  forget() {
    Object.assign(this, { wrongs: [], refused: [], expected: [], allowed: [], read: [], asked: [] });
  }

  /** As if the browser were new. */
  async startOver() {
    await this.page.unrouteAll({ behavior: "ignoreErrors" });
    if (this.page.url().startsWith(this.base)) await this.page.evaluate(() => { localStorage.clear(); sessionStorage.clear(); });
    await this.page.goto("about:blank");
    await this.context.clearCookies();
    this.forget();
  }

  async watch() {
    const { context, base } = this;
    const on = (event, see) => context.on(event, (one) => { if (!this.isElsewhere) see(one); });
    await context.exposeFunction("rolecallRead", (text) => { this.read.push(text); });
    await context.addInitScript(spy);
    context.setDefaultTimeout(10_000);
    on("console", (message) => {
      // Answers of the server are counted by their status.
      const isAnswer = message.text().startsWith("Failed to load resource:");
      if (["error", "warning"].includes(message.type()) && !isAnswer) this.wrong(`the console says: ${message.text()}`);
    });
    on("weberror", (error) => this.wrong(`a script fails: ${error.error().stack}`));
    on("request", (request) => {
      if (request.url().startsWith(base)) this.asked.push(label(request, "").trim());
      else if (/^https?:/.test(request.url()) && new URL(request.url()).origin !== this.visited) this.wrong(`a page asks another origin: ${request.url()}`);
    });
    on("response", (answer) => {
      if (answer.status() >= 400) this.refused.push(label(answer.request(), answer.status()));
    });
    on("requestfailed", (request) => {
      // What a page no longer waits for when another one opens.
      if (request.failure().errorText !== "net::ERR_ABORTED") this.refused.push(label(request, "failed"));
    });
  }

  wrong(text) {
    this.wrongs.push(`${this.page?.url()}: ${text}`);
  }

  /** What another page of the same browser does: nothing of it counts. */
  async elsewhere(url, act) {
    this.isElsewhere = true;
    const page = await this.context.newPage();
    await page.goto(url);
    await act(page);
    await page.close();
    this.isElsewhere = false;
  }

  /** Answers that are no success and have to come: `401 POST /auth/token`. */
  expects(...answers) {
    this.expected.push(...answers);
  }

  /** Goes to an origin that is not ours, on purpose. */
  visits(origin) {
    this.visited = origin;
  }

  /** Answers that may come. */
  allows(...answers) {
    this.allowed.push(...answers);
  }

  /** Whether all went as it should: what went wrong, what was refused, and what scripts could read. */
  async check() {
    assert.deepEqual(this.wrongs, [], "what went wrong");
    const refused = this.refused.filter((one) => !this.allowed.includes(one));
    assert.deepEqual(refused.sort(), this.expected.sort(), "answers that were no success, and those that had to come");
    await this.checkSecrets();
  }

  /** No script of the pages can get at a token, in any way. */
  async checkSecrets() {
    const cookies = (await this.context.cookies()).filter(({ name }) => name !== "rolecall-language");
    for (const { name, httpOnly, sameSite } of cookies) {
      assert.deepEqual({ httpOnly, sameSite }, { httpOnly: true, sameSite: "Strict" }, `the cookie ${name}`);
    }
    const places = this.read.map((text) => ["what a script read", text]);
    for (const page of this.context.pages().filter((one) => one.url().startsWith(this.base))) {
      const kept = await page.evaluate(() => JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }]));
      places.push([`what ${page.url()} keeps`, kept]);
    }
    for (const [where, text] of places) {
      assert.doesNotMatch(text, tokens, where);
      for (const { name, value } of cookies) assert.ok(!text.includes(value), `${where} has the value of the cookie ${name}: ${text}`);
    }
  }

  /** What every page of the visitor shows, for whoever reads of a failure. */
  async describe(name) {
    const seen = [];
    for (const page of this.context.pages()) {
      const text = await page.evaluate(() => document.querySelector("dialog, main, body").innerText).catch(String);
      seen.push(`${page.url()} shows: ${text.replace(/\s+/g, " ").slice(0, 600)}`);
      const path = `${shots}/failed-${name.replace(/\W+/g, "-")}-${visitors.indexOf(this)}.png`;
      if (shots) await page.screenshot({ path, fullPage: true }).then(() => seen.push(`see ${path}`), () => {});
    }
    return [...seen, ...this.wrongs, ...this.refused.map((one) => `answered: ${one}`)];
  }

  /** Opens a path of the stack, or a whole link; another page than before, so that what stands behind `#` counts, too. */
  async open(path) {
    if (this.page.url() !== "about:blank") await this.page.goto("about:blank");
    await this.page.goto(path.startsWith("http") ? path : this.base + path);
    await this.settled();
  }

  /** Waits until the page shows what it has. */
  async settled() {
    await this.page.locator("h1").first().waitFor();
    await this.page.waitForFunction(() => {
      const waiting = JSON.parse(document.getElementById("texts")?.textContent ?? "{}")["common.loading"];
      return ![...document.querySelectorAll("[role=status]")].some((one) => one.textContent === waiting);
    });
  }

  heading(name) {
    return this.page.getByRole("heading", { level: 1, name, exact: typeof name === "string" }).waitFor();
  }

  says(text) {
    return this.page.getByText(text).first().waitFor();
  }

  section(id) {
    return this.page.locator(`section#${id}`);
  }

  /** Fills fields by their labels, within the page or a part of it. */
  async fill(values, within = this.page) {
    for (const [name, value] of Object.entries(values)) await within.getByLabel(name, { exact: true }).fill(value);
  }

  async press(name, within = this.page) {
    await within.getByRole("button", { name, exact: true }).click();
  }

  at(path) {
    return this.page.waitForURL((url) => url.href === this.base + path);
  }

  /** Signs in on the page that is open. */
  async signIn({ email, password }) {
    await this.fill({ Email: email, Password: password });
    await this.press("Sign in");
  }

  /** Signs in at the page, and is at the account then. */
  async goToAccount(person) {
    await this.open("/sign-in");
    await this.signIn(person);
    await this.at("/account");
    await this.settled();
  }

  /** Signed in without the way over the page: what it would keep is kept. */
  async signedIn({ email, password }) {
    const headers = { "Rolecall-Browser": "1" };
    const answer = await this.context.request.post(`${this.base}/api/v1/auth/token`, { data: { email, password }, headers });
    assert.equal(answer.status(), 200, await answer.text());
    await this.context.addInitScript(() => {
      try { localStorage.setItem("rolecall.signed_in", "1"); } catch { /* Not a page of an origin. */ }
    });
  }

  /** How often it was asked for something since `asked` had that length: `POST /auth/token`. */
  count(what, since = 0) {
    return this.asked.slice(since).filter((one) => one === what).length;
  }

  cookie(start) {
    return this.context.cookies().then((all) => all.find(({ name }) => name.startsWith(start)));
  }
}
