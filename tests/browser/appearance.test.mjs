// An operator's own name, colour, logo and links on the pages, which stay as easy to read.
import assert from "node:assert/strict";
import { look, views } from "./look.mjs";
import { startBrowser, startStack } from "./support.mjs";
import { test, Visitor } from "./visitor.mjs";

const [stack, browser] = await Promise.all([startStack(), startBrowser()]);
const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const links = {
  home: "https://example.com/", terms: "https://example.com/terms", privacy: "https://example.com/privacy", support: "mailto:help@example.com",
};
const some = views.filter(({ name }) => ["light", "dark", "light-narrow"].includes(name));

async function change(body) {
  const { headers } = await fetch(`${stack.url}/api/v1/appearance`);
  await stack.call("PUT", "/appearance", body, await stack.adminToken(), { "If-Match": headers.get("etag") });
}

test("any colour that the API takes can be read, and a long name and all links fit", async () => {
  const ada = await stack.person();
  const wrongs = [];
  for (const [name, accent] of Object.entries({ grey: "#757575", green: "#008a00", red: "#e71313" })) {
    await change({ product_name: "The Harbour Authority of the Northern Provinces", accent_color: accent, links });
    const visitor = await Visitor.of(browser, stack);
    await visitor.open("/sign-in");
    assert.equal(await visitor.page.title(), "Sign in · The Harbour Authority of the Northern Provinces");
    const shown = await visitor.page.locator("button.main").evaluate((one) => getComputedStyle(one).backgroundColor);
    assert.notEqual(shown, "rgb(43, 112, 234)", "the colour of the button is the operator's");
    wrongs.push(...await look(visitor.page, `appearance-${name}-sign-in`, some));
    await visitor.signedIn(ada);
    await visitor.open("/account");
    wrongs.push(...await look(visitor.page, `appearance-${name}-account`, some.slice(0, 2)));
  }
  assert.deepEqual(wrongs, []);
});

test("a logo takes the place of the name, and tells it to those who do not see it", async () => {
  await change({ product_name: "Harbour", links, logo: pixel });
  const visitor = await Visitor.of(browser, stack);
  await visitor.open("/sign-in");
  const logo = visitor.page.getByRole("img", { name: "Harbour" });
  await logo.waitFor();
  assert.equal(await logo.evaluate((one) => one.naturalWidth), 1, "it is loaded");
  for (const [name, href] of [["Home", links.home], ["Terms", links.terms], ["Privacy", links.privacy], ["Support", links.support]]) {
    assert.equal(await visitor.page.getByRole("link", { name }).getAttribute("href"), href);
  }
});

test("whoever reads none of the languages gets the product's own, and an account the one that it says", async () => {
  await change({ default_language: "de" });
  const stranger = await Visitor.of(browser, stack, { locale: "fr-FR" });
  await stranger.open("/sign-in");
  await stranger.heading("Anmelden");
  const english = await Visitor.of(browser, stack);
  await english.open("/sign-in");
  await english.heading("Sign in");
  await change({});
  const ada = await stack.person();
  await stack.call("PATCH", "/me", { language: "de" }, await stack.token(ada));
  await english.signIn(ada);
  await english.heading("Ihr Konto");
});
