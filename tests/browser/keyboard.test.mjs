// Nobody needs a mouse, and sees where the focus is.
import assert from "node:assert/strict";
import { another, startBrowser, startStack } from "./support.mjs";
import { test, Visitor } from "./visitor.mjs";

const [stack, browser] = await Promise.all([startStack(), startBrowser()]);

/** Runs in the page: what has the focus, and what hides that from the eye. */
function focused() {
  const one = document.activeElement;
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(one);
  const rect = one.getBoundingClientRect();
  const [x, y] = [rect.left + rect.width / 2, rect.top + rect.height / 2];
  const seen = document.elementFromPoint(x, y);
  const name = one.getAttribute("aria-label") ?? one.labels?.[0]?.textContent ?? one.textContent;
  const hidden = [];
  if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) hidden.push(`its outline is ${outlineWidth} ${outlineStyle} ${outlineColor}`);
  if (!seen || !(one.contains(seen) || seen.contains(one))) hidden.push(`${seen?.localName ?? "the edge of the page"} hides it`);
  return { name: name.trim(), section: one.closest("section, header, footer, dialog, nav, main")?.id, tag: one.localName, hidden };
}

/** Goes on with the tab key to a control of this name in that part of the page; each stop on the way is to be seen. */
async function tabTo({ page }, name, section) {
  const way = [];
  for (let step = 0; step < 80; step += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(focused);
    // Between the end of the page and its beginning lies the browser itself.
    if (at.tag === "body") continue;
    assert.deepEqual(at.hidden, [], `the focus on ${at.tag} "${at.name}" in ${at.section} is not to be seen`);
    if (at.name === name && (!section || at.section === section)) return;
    way.push(at.name);
  }
  assert.fail(`the tab key does not lead to "${name}": ${way.join(" > ")}`);
}

for (const colorScheme of ["light", "dark"]) {
  test(`sign in, change the profile, end a session and sign out by keys, ${colorScheme}`, async () => {
    const ada = await stack.person();
    const visitor = await Visitor.of(browser, stack, { colorScheme });
    const { page } = visitor;
    const { keyboard } = page;
    visitor.expects("401 POST /auth/token");
    await visitor.open("/sign-in");
    await tabTo(visitor, "Email");
    await keyboard.type(ada.email);
    await tabTo(visitor, "Password");
    await keyboard.type(another);
    await keyboard.press("Enter");
    await visitor.says("Email or password is wrong.");
    await tabTo(visitor, "Password");
    await keyboard.press("Control+A");
    await keyboard.type(ada.password);
    await tabTo(visitor, "Show");
    await keyboard.press("Space");
    assert.equal(await page.getByLabel("Password", { exact: true }).getAttribute("type"), "text");
    await tabTo(visitor, "Sign in");
    await keyboard.press("Space");
    await visitor.at("/account");
    await stack.token(ada);
    await page.reload();
    await visitor.settled();

    await tabTo(visitor, "First name (optional)", "profile");
    await keyboard.type("Ada");
    await tabTo(visitor, "Save", "profile");
    await keyboard.press("Enter");
    await visitor.section("profile").getByText("Saved.").waitFor();

    await tabTo(visitor, "Devices");
    await keyboard.press("Enter");
    await tabTo(visitor, "Sign out", "sessions");
    await keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelectorAll("#sessions li").length === 1);

    await tabTo(visitor, "Sign out", "top");
    await keyboard.press("Enter");
    await visitor.at("/sign-in");
  });
}

test("the dialog to sign in again holds the focus, and the escape key closes it", async () => {
  const ada = await stack.person();
  const visitor = await Visitor.of(browser, stack);
  const { page } = visitor;
  await visitor.goToAccount(ada);
  await visitor.context.clearCookies();
  visitor.expects("401 PATCH /me", "401 POST /auth/token/refresh");
  await tabTo(visitor, "First name (optional)", "profile");
  await page.keyboard.type("Ada");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  await dialog.waitFor();
  for (let step = 0; step < 12; step += 1) {
    await page.keyboard.press("Tab");
    const isHeld = await page.evaluate(() => document.activeElement === document.body || Boolean(document.activeElement.closest("dialog")));
    assert.ok(isHeld, "the focus left the dialog");
  }
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await visitor.section("profile").getByText("You are signed out.").waitFor();
  assert.equal(await page.getByLabel("First name (optional)").inputValue(), "Ada");
});
