// Against a server that fails: what was typed stays, the words and the id of the request are shown, nothing is made twice.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { axe, chief, settle, signIn, stage, until, visit } from "./console-stage.mjs";

let at;
before(async () => { at = await stage("quiet"); });
const text = async (page, selector) => (await page.locator(selector).allInnerTexts()).join("\n");

async function fresh(view, options) {
  const { context, page } = await signIn(at, chief, options);
  if (view !== undefined) await visit(page, `${at.url}/console/${view}`);
  return { context, page, done: async () => { at.control.fail = null; assert.deepEqual(page.told, []); await context.close(); } };
}

const lists = { people: "/users", organizations: "/organizations", sessions: "/user-sessions", roles: "/catalogue", catalogue: "/catalogue", activity: "/activities",
  stream: "/activity-streams", statistics: "/activity-stats", "organizations/LAB": "/organizations/LAB", settings: "/appearance" };

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

test("who leaves with something unsaved is asked", async () => {
  const { page, done } = await fresh("organizations/HARBOUR");
  await page.getByLabel("City").fill("Antwerpen");
  await page.locator(".side a", { hasText: "People" }).click();
  await page.waitForSelector("dialog[open]:has-text('Leave without saving?')");
  await page.locator("dialog button", { hasText: "Cancel" }).click();
  assert.equal(await page.getByLabel("City").inputValue(), "Antwerpen");
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
