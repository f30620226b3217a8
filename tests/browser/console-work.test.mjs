// What people do all day, by keyboard alone where it says so.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, settle, signIn, stage, until, visit } from "./console-stage.mjs";

let at;
let page;
let ada;
before(async () => {
  at = await stage("quiet");
  ({ page } = await signIn(at));
  ada = (await at.api("GET", "/users?q=ada.lovelace")).items[0].id;
});
after(async () => {
  assert.deepEqual(page.told, []);
});

const go = (view) => visit(page, `${at.url}/console/${view}`);
const text = (selector) => page.locator(selector).allInnerTexts();
const press = (...keys) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
// Goes on with Tab until what has the focus is called so.
async function tabTo(name, most = 60) {
  for (let i = 0; i < most; i += 1) {
    await press("Tab");
    const called = await page.evaluate(() => {
      const one = document.activeElement;
      return one.getAttribute("aria-label") ?? (one.labels?.[0]?.innerText || one.innerText);
    });
    if (called?.trim().startsWith(name)) return;
  }
  throw new Error(`Tab does not reach ${name}`);
}

test("by keyboard: invite, assign, check, take back", async () => {
  await go("people");
  await tabTo("Invite");
  await press("Enter");
  await page.waitForSelector("dialog[open]");
  assert.deepEqual(await axe(page, "dialog"), []);
  await tabTo("Organization");
  await page.keyboard.type("my_comp");
  await page.waitForSelector("[role=option]");
  await press("Enter");
  await tabTo("Email addresses");
  await page.keyboard.type("Kay Keyboard <kay@example.com>; kay@example.com, nobody@");
  await until("the count", async () => (await text("dialog [role=status]")).some((one) => one.includes("1 address")));
  await tabTo("Send invitations");
  await press("Enter");
  await until("the end of the dialog", async () => !await page.locator("dialog[open]").count());
  const { items } = await at.api("GET", "/organizations/MY_COMPANY/invitations");
  assert.ok(items.some((one) => one.email === "kay@example.com"));

  await go(`people/${ada}?tab=memberships`);
  await tabTo("Assign a role");
  await press("Enter");
  await tabTo("Role");
  await page.keyboard.type("buyer");
  await page.waitForSelector("[role=option]");
  await press("Enter");
  await tabTo("Save");
  await press("Enter");
  await page.waitForSelector("text=buyer");
  await go(`why?user_id=${ada}&organization=MY_COMPANY&permission=proc.create`);
  assert.match((await text(".verdict h2"))[0], /Ada Lovelace may use proc.create in MY_COMPANY/);
  await go(`people/${ada}?tab=memberships`);
  await tabTo("Unassign: buyer");
  await press("Enter");
  await page.waitForSelector("dialog[open]");
  await tabTo("Unassign");
  await press("Enter");
  await until("the end of the role", async () => !(await text("main")).join().includes("buyer"));
  await go(`why?user_id=${ada}&organization=MY_COMPANY&permission=proc.create`);
  assert.equal(await page.locator(".verdict").getAttribute("data-allowed"), "false");
  assert.match((await text(".verdict")).join(), /Assign the role/);
});

test("filters stand in the address, and can be sent to somebody", async () => {
  await go("people");
  await page.getByLabel("Search").fill("bela");
  await page.waitForURL(/q=bela/);
  const isOne = async () => await page.locator("tbody tr").count() === 1;
  await until("one row", isOne);
  await go("people?status=suspended");
  await until("one row", isOne);
  await page.getByRole("button", { name: "Remove Status" }).click();
  await page.waitForURL((url) => !url.search);
  await page.goBack();
  await page.waitForURL(/suspended/);
});

test("rows by arrow keys, chosen with x, and a bulk action that tells what failed", async () => {
  await go("people?status=pending");
  await page.locator("tbody [data-main] a").first().focus();
  await press("x", "ArrowDown", "x", "ArrowDown", "x");
  assert.match((await text(".bulk strong"))[0], /3 chosen/);
  let count = 0;
  at.control.fail = (method, path) => (path.endsWith("/invitation") && (count += 1) === 2 ? { status: 409, code: "not_pending" } : null);
  await page.locator(".bulk button", { hasText: "Invite again" }).click();
  await page.locator("dialog[open] button", { hasText: "Invite again" }).click();
  await page.waitForSelector("text=Done: 2. Failed: 1.");
  assert.match((await text("[data-failed]"))[0], /does not wait for anything.*Request 0199c1d2/s);
  at.control.fail = null;
  await page.locator("dialog[open] button", { hasText: "Try the failed" }).click();
  await page.waitForSelector("text=Done: 1. Failed: 0.");
  await page.locator("dialog[open] .end button", { hasText: "Close" }).click();
});

test("the matrix: arrow keys, staged changes, one save", async () => {
  await go("roles?p=pfd.&r=guest");
  await page.locator("[data-r='0'][data-c='0']").focus();
  await press("ArrowDown", "ArrowDown", " ");
  assert.match((await text(".bulk strong"))[0], /Not saved: 1/);
  const name = () => page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  await until("the focus on the cell", async () => /Create diagrams for Guest reader/.test(await name()));
  await page.locator(".side a", { hasText: "People" }).click();
  await page.locator("dialog[open] button", { hasText: "Cancel" }).click();
  await page.locator(".bulk button", { hasText: "Save" }).click();
  await page.waitForSelector("text=1 change saved.");
  const granted = (await at.api("GET", "/roles/guest_reader/permissions")).items.map((one) => one.code);
  assert.ok(granted.includes("pfd.create"));
  await page.locator("[data-r='2'][data-c='0']").click();
  await page.locator(".bulk button", { hasText: "Save" }).click();
  await until("the revoke", async () => !(await at.api("GET", "/roles/guest_reader/permissions")).items.some((one) => one.code === "pfd.create"));
});

test("somebody else was faster: what changed is shown, and either is possible", async () => {
  await at.api("PATCH", "/organizations/LAB", { city: "Graz", state: null });
  await go("organizations/LAB");
  await page.getByLabel("City").fill("Linz");
  await at.api("PATCH", "/organizations/LAB", { city: "Wien" });
  await page.locator("form button", { hasText: "Save" }).click();
  await page.waitForSelector("text=Somebody changed this");
  assert.match((await text("form .note")).join(), /Graz\s+Wien\s+Linz/);
  await page.getByRole("button", { name: "Load theirs" }).click();
  assert.equal(await page.getByLabel("City").inputValue(), "Wien");
  await page.getByLabel("City").fill("Graz");
  await at.api("PATCH", "/organizations/LAB", { state: "Steiermark" });
  await page.locator("form button", { hasText: "Save" }).click();
  await page.getByRole("button", { name: "Save mine all the same" }).click();
  await until("the save", async () => (await at.api("GET", "/organizations/LAB")).city === "Graz");
});

test("the log: a value leads to its filter, a record shows before and after, and it follows", async () => {
  await go("activity?category=authorization&organization=MY_COMPANY");
  await page.locator("tbody .what").first().click();
  await page.waitForSelector("dialog.drawer");
  await press("Escape");
  await page.locator("tbody .lead-to").first().click();
  await page.waitForURL(/activity_type=/);
  await go("activity?follow=1");
  await at.api("PATCH", "/organizations/HARBOUR", { description: `Now ${Date.now()}` });
  await page.waitForSelector("tr.fresh", { timeout: 12000 });
  assert.match((await text("tr.fresh")).join(), /organization/i);
});

test("a role, a permission and an organization are made, changed and deleted", async () => {
  await go("catalogue?tab=permissions");
  await page.getByRole("button", { name: "New permission" }).click();
  await page.locator("dialog").getByRole("combobox", { name: "Module" }).fill("pfd");
  await page.locator("[role=option]").first().click();
  await page.locator("dialog").getByLabel("Code").fill("pfd.sign");
  await page.locator("dialog").getByLabel("Name").fill("Sign diagrams");
  await page.locator("dialog button", { hasText: "Create" }).click();
  await page.waitForSelector("text=pfd.sign");
  await go("permissions/pfd.sign");
  await page.getByRole("button", { name: "Delete" }).click();
  await page.locator("dialog button.danger").click();
  await page.waitForURL(/catalogue/);
  await go("roles?tab=list");
  await page.getByRole("button", { name: "New role" }).click();
  await page.locator("dialog").getByLabel("Name").fill("Welder");
  await page.locator("dialog").getByLabel("Code").fill("welder");
  await page.locator("dialog button", { hasText: "Create" }).click();
  await page.waitForURL(/roles\/welder/);
  await settle(page);
  await page.locator(".grant", { hasText: "pfd.read" }).click();
  await page.locator(".bulk button", { hasText: "Save" }).click();
  await page.waitForSelector("text=1 change saved.");
  await page.getByRole("button", { name: "Delete" }).click();
  await page.locator("dialog button.danger").click();
  await page.waitForURL(/roles\?tab=list/);
});

test("the reference calls the API and gives the same call for a shell", async () => {
  await go("api/listOrganizations");
  await page.getByRole("button", { name: "Send" }).click();
  await page.waitForSelector(".answer");
  assert.match((await text(".answer"))[0], /"code": "MY_COMPANY"/);
  assert.match((await text("pre")).join(), /curl -X GET 'http.*Authorization: Bearer \$TOKEN/s);
});

test("settings: the look, the contrast, the keys", async () => {
  await go("settings");
  await page.getByLabel("Accent colour").fill("#ffee00");
  assert.match((await text("[data-field=accent_color]")).join(), /1\.2 : 1 on white/);
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForSelector("text=The contrast is too low.");
  await page.getByLabel("Accent colour").fill("#2b70ea");
  await page.getByLabel("Name of the product").fill("Harbour ID");
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForSelector(".brand:has-text('Harbour ID')");
  await page.getByLabel("Name of the product").fill("Rolecall");
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForSelector(".brand:has-text('Rolecall')");
  await go("settings?tab=signing_keys");
  await page.getByRole("button", { name: "Rotate now" }).click();
  await page.getByLabel("Your password").fill("copper-meadow-lantern-58");
  await page.locator("dialog button.main").click();
  await page.waitForSelector("text=Next");
});
