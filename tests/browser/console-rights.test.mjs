// What may not be done is not offered, and is refused in words all the same.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { password } from "./console-data.mjs";
import { axe, signIn, stage, visit } from "./console-stage.mjs";

let at;
before(async () => { at = await stage("quiet"); });
const entries = (page) => page.locator(".side a").allInnerTexts();
const buttons = (page) => page.locator("main button, main a.button").allInnerTexts();

test("whoever may read people sees people, and no more", async () => {
  const { page } = await signIn(at, { email: "bela.gruber@example.com", password });
  await visit(page, `${at.url}/console/`);
  assert.deepEqual((await entries(page)).map((one) => one.trim()), ["Overview", "People", "Organizations", "Sessions", "Why?"]);
  assert.deepEqual(await axe(page), []);
  await visit(page, `${at.url}/console/people`);
  assert.ok(!(await buttons(page)).some((one) => /Invite|service/.test(one)));
  assert.equal(await page.locator("main input[type=checkbox]").count(), 0);
  await page.locator("tbody [data-main] a").first().click();
  await page.waitForSelector("dl.facts");
  assert.ok(!(await buttons(page)).some((one) => /Suspend|Delete|Save/.test(one)));
  await visit(page, `${at.url}/console/roles`);
  assert.match(await page.locator("main").innerText(), /You may not see this/);
  assert.deepEqual(page.told, []);
});

test("an organization's administrator manages the organization, and not the catalogue", async () => {
  const { page } = await signIn(at, { email: "ada.lovelace@example.com", password });
  for (const view of ["", "people", "organizations/MY_COMPANY?tab=members", "organizations/MY_COMPANY?tab=invitations", "organizations/MY_COMPANY?tab=roles", "roles", "roles/engineer?tab=grants",
    "roles/MY_COMPANY:night_shift?tab=grants", "catalogue", "activity", "stream", "statistics", "sessions", "why?permission=pid.create"]) {
    await visit(page, `${at.url}/console/${view}`);
    assert.equal(await page.locator("main .note.bad").count(), 0, view);
  }
  assert.ok(!(await entries(page)).some((one) => one.includes("Settings")));
  await visit(page, `${at.url}/console/catalogue`);
  assert.ok(!(await buttons(page)).some((one) => /New/.test(one)));
  await visit(page, `${at.url}/console/roles/engineer?tab=grants`);
  assert.equal(await page.locator("main .grant input:not([disabled])").count(), 0);
  await visit(page, `${at.url}/console/roles/MY_COMPANY:night_shift?tab=grants`);
  assert.ok(await page.locator("main .grant input:not([disabled])").count() > 0);
  assert.deepEqual(page.told, []);
});

test("of an account that is its owner's the membership alone is offered", async () => {
  const { page } = await signIn(at, { email: "ada.lovelace@example.com", password });
  const acts = async () => (await buttons(page)).filter((one) => /^(Suspend|Activate|Delete|Save)/.test(one));
  const open = async (query) => {
    await visit(page, `${at.url}/console/people?${query}`);
    await page.locator("tbody [data-main] a").first().click();
    await page.waitForSelector("dl.facts");
  };
  await open("status=active&q=bela");
  assert.deepEqual(await acts(), ["Save"]);
  // Somebody who signed up, and whom no organization invited.
  await page.route(/\/api\/v1\/users\/[^/?]+$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...await response.json(), may_change: false } });
  });
  await open("status=active&q=bela");
  assert.deepEqual(await acts(), []);
  await page.getByRole("link", { name: "Memberships" }).click();
  await page.getByRole("button", { name: /role/i }).first().waitFor();
  assert.deepEqual(page.told, []);
});

test("the focus stays on the page where an action takes its own button away", async () => {
  const { page } = await signIn(at);
  await visit(page, `${at.url}/console/people?status=active&q=bela`);
  await page.locator("tbody [data-main] a").first().click();
  for (const [act, next] of [["Suspend", "Activate"], ["Activate", "Suspend"]]) {
    await page.getByRole("button", { name: act, exact: true }).focus();
    await page.keyboard.press("Enter");
    if (act === "Suspend") await page.locator("dialog button.danger").click();
    await page.getByRole("button", { name: next, exact: true }).waitFor();
    await page.waitForFunction(() => document.activeElement !== document.body);
  }
  assert.deepEqual(page.told, []);
});

test("strangers are sent to sign in, and back", async () => {
  const context = await at.browser.newContext();
  const page = await context.newPage();
  await page.goto(`${at.url}/console/people?status=pending`);
  await page.waitForURL(/sign-in\?next=%2Fconsole%2Fpeople%3Fstatus%3Dpending/);
  await page.getByLabel("Email").fill("ada.lovelace@example.com");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/console\/people\?status=pending/);
});
