// Against a server that fails: what was typed stays, the words and the id of the request are shown, nothing is made twice.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { password } from "./console-data.mjs";
import { axe, chief, settle, signIn, stage, until, visit } from "./console-stage.mjs";

let at;
before(async () => { at = await stage("quiet"); });
const text = async (page, selector) => (await page.locator(selector).allInnerTexts()).join("\n");

async function fresh(view, options) {
  const { context, page } = await signIn(at, chief, options);
  if (view !== undefined) await visit(page, `${at.url}/console/${view}`);
  return { context, page, done: async () => { at.control.fail = null; assert.deepEqual(page.told, []); await context.close(); } };
}

async function signInAgain(page, secret = chief.password) {
  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  await dialog.getByLabel("Password").fill(secret);
  await dialog.getByRole("button", { name: "Sign in" }).click();
}

const lists = { people: "/users", organizations: "/organizations", sessions: "/user-sessions", roles: "/catalogue", catalogue: "/catalogue", activity: "/activities",
  stream: "/activity-streams", statistics: "/activity-stats", "organizations/LAB": "/organizations/LAB", settings: "/appearance", "settings?tab=settings": "/settings", "settings?tab=signing_keys": "/signing-keys",
  "roles/engineer": "/roles/engineer", "modules/PID": "/modules/PID", "permissions/pid.create": "/permissions/pid.create", "people?q=ada": "/users" };

test("every view says what failed and works when one tries again", async () => {
  const { page, done } = await fresh();
  for (const [view, path] of Object.entries(lists)) {
    for (const failure of [{ status: 503, code: "unavailable" }, { drop: true }]) {
      let isOn = true;
      at.control.fail = (method, asked) => (isOn && asked.endsWith(path) && method === "GET" && view !== "" ? failure : null);
      await page.goto(`${at.url}/console/${view}`);
      await page.waitForSelector(".note.bad");
      assert.match(await text(page, ".note.bad"), failure.drop ? /No connection/ : /cannot answer right now.*Request 0199c1d2/s, view);
      isOn = false;
      await page.locator(".note.bad button", { hasText: "Try again" }).first().click();
      await until(`${view} to be back`, async () => !await page.locator("main .note.bad").count());
      await settle(page);
    }
  }
  await done();
});

test("a wait counts down before one can try again", async () => {
  const { page, done } = await fresh();
  at.control.fail = (method, path) => (path.endsWith("/users") ? { status: 429, code: "too_many_requests", headers: { "Retry-After": "2" } } : null);
  await page.goto(`${at.url}/console/people`);
  await page.waitForSelector("[role=timer]");
  assert.ok(await page.locator(".note.bad button").first().isDisabled());
  await until("the end of the wait", async () => !await page.locator(".note.bad button").first().isDisabled());
  await done();
});

test("three seconds: lines in the place of what comes, and what is typed meanwhile counts", async () => {
  const { page, done } = await fresh();
  at.control.fail = (method, path) => (path.endsWith("/users") ? { delay: 3000 } : null);
  await page.goto(`${at.url}/console/people`);
  await page.waitForSelector(".skeleton");
  await page.getByLabel("Search").fill("zoe");
  await page.waitForSelector("tbody tr", { timeout: 12000 });
  await settle(page).catch(() => {});
  await until("one row", async () => await page.locator("tbody tr").count() === 1);
  await done();
});

test("three seconds on every view: lines in the place of what comes, and then it is there", async () => {
  const { context, page, done } = await fresh();
  at.control.fail = (method, path) => (method === "GET" && Object.values(lists).some((one) => path.endsWith(one)) ? { delay: 3000 } : null);
  await Promise.all(Object.keys(lists).map(async (view) => {
    const own = await context.newPage();
    await own.goto(`${at.url}/console/${view}`);
    await own.waitForSelector(".skeleton");
    await settle(own);
    assert.equal(await own.locator("main .note.bad").count(), 0, view);
    await own.close();
  }));
  await page.close();
  await done();
});

test("a session that ends before any view is signed in again on top of it", async () => {
  const { context, page, done } = await fresh("");
  await page.evaluate(() => { window.isSamePage = true; });
  // How the product looks, which settings begin with, is for anybody to read.
  for (const name of ["People", "Organizations", "Sessions", "Roles", "Catalogue", "Activity", "Statistics"]) {
    await context.clearCookies();
    await page.locator(".side a", { hasText: name }).click();
    await signInAgain(page);
    await page.getByRole("heading", { level: 1, name }).waitFor();
    await settle(page);
    assert.equal(await page.locator("main .note.bad").count(), 0, name);
  }
  assert.equal(await page.evaluate(() => window.isSamePage), true, "the page stayed");
  await done();
});

test("a save that fails keeps what is typed, and the retry has the same key", async () => {
  const { page, done } = await fresh("catalogue");
  await page.getByRole("button", { name: "New module" }).click();
  await page.locator("dialog").getByLabel("Code").fill("WELD");
  await page.locator("dialog").getByLabel("Name").fill("Welding");
  const keys = [];
  page.on("request", (request) => { if (request.method() === "POST") keys.push(request.headers()["idempotency-key"]); });
  at.control.fail = (method) => (method === "POST" ? { status: 503, code: "unavailable" } : null);
  await page.locator("dialog button", { hasText: "Create" }).click();
  await page.waitForSelector("dialog .note.bad");
  assert.equal(await page.locator("dialog").getByLabel("Name").inputValue(), "Welding");
  assert.deepEqual(await axe(page, "dialog"), []);
  at.control.fail = null;
  await page.locator("dialog button", { hasText: "Create" }).click();
  await page.waitForSelector("text=Welding");
  assert.ok(keys[0]);
  assert.equal(keys[0], keys[1]);
  await at.api("DELETE", "/modules/WELD");
  await done();
});

test("a 401 in the middle asks for the password on top of the page, and goes on", async () => {
  const { context, page, done } = await fresh("organizations/HARBOUR");
  await page.getByLabel("Description").fill("Typed before the session ended.");
  await context.clearCookies();
  await page.locator("form button", { hasText: "Save" }).click();
  await page.waitForSelector("dialog[open]:has-text('Sign in again')");
  assert.equal(await page.getByLabel("Description").inputValue(), "Typed before the session ended.");
  await page.getByLabel("Password").fill("wrong-password-here");
  await page.locator("dialog button.main").click();
  await page.waitForSelector("dialog .note.bad");
  await page.getByLabel("Password").fill(chief.password);
  await page.locator("dialog button.main").click();
  await until("the save", async () => (await at.api("GET", "/organizations/HARBOUR")).description === "Typed before the session ended.");
  await done();
});

test("an access token that is over is changed without a word, once for all calls", async () => {
  const { context, page, done } = await fresh("people");
  const cookies = await context.cookies();
  await context.clearCookies({ name: cookies.find((one) => !/refresh|device|language/.test(one.name)).name });
  let count = 0;
  page.on("request", (request) => { if (request.url().endsWith("/token/refresh")) count += 1; });
  await visit(page, `${at.url}/console/`);
  assert.equal(count, 1);
  await done();
});

// Somebody types, is on their way by a link, is asked, and thinks better of it.
async function staysWithWhatIsTyped(page, link) {
  await page.getByLabel("City").fill("Antwerpen");
  await link.click();
  await page.waitForSelector("dialog[open]:has-text('Leave without saving?')");
  await page.locator("dialog button", { hasText: "Cancel" }).click();
  assert.equal(await page.getByLabel("City").inputValue(), "Antwerpen");
}

test("who leaves with something unsaved is asked", async () => {
  const { page, done } = await fresh("organizations/HARBOUR");
  await staysWithWhatIsTyped(page, page.locator(".side a", { hasText: "People" }));
  await page.locator(".side a", { hasText: "People" }).click();
  await page.locator("dialog button.danger").click();
  await page.waitForURL(/people/);
  await done();
});

test("a refusal of the server is said in words", async () => {
  const { page, done } = await fresh("organizations/LAB");
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByLabel("Type “LAB” to confirm").fill("LAB");
  assert.match(await text(page, "dialog"), /It has \d+ members?\. Remove/);
  await page.locator("dialog button.danger").click();
  await page.waitForSelector("main .note.bad");
  assert.match(await text(page, "main .note.bad"), /still in use/);
  await done();
});

test("what waits for a sign-in is never done as somebody else", async () => {
  const { context, page, done } = await fresh("organizations/HARBOUR");
  await page.getByLabel("Description").fill("Written by the chief.");
  await context.clearCookies();
  await page.locator("form button", { hasText: "Save" }).click();
  await page.waitForSelector("dialog[open]:has-text('Sign in again')");
  const writes = [];
  page.on("request", (request) => { if (request.method() === "PATCH") writes.push(request.url()); });
  await page.locator("dialog").getByLabel("Email").fill("ada.lovelace@example.com");
  await page.locator("dialog").getByLabel("Password").fill(password);
  await page.locator("dialog button.main").click();
  await page.waitForFunction(() => document.querySelector("details.me summary")?.getAttribute("aria-label").includes("Ada"));
  assert.deepEqual(writes, []);
  await done();
});

test("another person in another tab takes the page over before it does anything for them", async () => {
  const { context, page, done } = await fresh("organizations/HARBOUR");
  const other = await context.newPage();
  await other.goto(`${at.url}/sign-in`);
  await other.getByRole("button", { name: "Use another account" }).click();
  await other.getByLabel("Email").fill("ada.lovelace@example.com");
  await other.getByLabel("Password", { exact: true }).fill(password);
  await other.getByRole("button", { name: "Sign in" }).click();
  await other.waitForURL(/account/);
  await page.waitForFunction(() => document.querySelector("details.me summary")?.getAttribute("aria-label").includes("Ada"));
  await done();
});

test("tabs ask before they lose what is typed, and a dialog keeps out of what is not its own", async () => {
  const { page, done } = await fresh("organizations/HARBOUR");
  await staysWithWhatIsTyped(page, page.getByRole("link", { name: "History" }));
  await page.getByRole("button", { name: "Discard" }).click();
  await visit(page, `${at.url}/console/roles?p=pfd.&r=guest`);
  await page.locator("[data-r='2'][data-c='0']").click();
  await page.getByRole("button", { name: "New role" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await until("the end of the dialog", async () => !await page.locator("dialog[open]").count());
  await page.locator(".bulk button", { hasText: "Discard" }).click();
  await done();
});

test("a batch of invitations that failed is not mailed twice", async () => {
  const { page, done } = await fresh("organizations/HARBOUR?tab=invitations");
  await page.getByRole("button", { name: "Invite" }).first().click();
  const addresses = Array.from({ length: 60 }, (_, i) => `batch${i}@example.com`);
  await page.getByLabel("Email addresses").fill(["Sean <sean.o'brien@example.com>", "no address", ...addresses].join("\n"));
  await until("the count", async () => /61 addresses/.test(await text(page, "dialog [role=status]")));
  assert.match(await text(page, "dialog"), /no address/);
  const sent = [];
  page.on("request", (request) => { if (request.method() === "POST" && request.url().endsWith("/invitations")) sent.push(request.headers()["idempotency-key"]); });
  let count = 0;
  at.control.fail = (method, path) => (method === "POST" && path.endsWith("/invitations") && (count += 1) === 2 ? { status: 503, code: "unavailable" } : null);
  await page.locator("dialog button", { hasText: "Send invitations" }).click();
  await page.waitForSelector("dialog .note.bad");
  await page.locator("dialog button", { hasText: "Send invitations" }).click();
  await until("the end of the dialog", async () => !await page.locator("dialog[open]").count());
  assert.deepEqual([sent.length, new Set(sent).size], [4, 2]);
  await done();
});
