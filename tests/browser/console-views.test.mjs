// Every view, in both themes, on a narrow screen and from right to left: no violation, nothing that scrolls sideways, no error.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { axe, chief, signIn, stage, visit } from "./console-stage.mjs";

let at;
let ada;
before(async () => {
  at = await stage();
  ada = (await at.api("GET", "/users?q=ada.lovelace")).items[0].id;
});

const views = () => ["", "people", `people/${ada}`, `people/${ada}?tab=memberships`, `people/${ada}?tab=sessions`, `people/${ada}?tab=keys`,
  `people/${ada}?tab=history`, "organizations", "organizations/MY_COMPANY", "organizations/MY_COMPANY?tab=members",
  "organizations/MY_COMPANY?tab=invitations", "organizations/MY_COMPANY?tab=roles", "organizations/MY_COMPANY?tab=history", "sessions", "roles",
  "roles?tab=list", "roles/engineer", "roles/engineer?tab=grants", "roles/engineer?tab=holders", "roles/MY_COMPANY:night_shift?tab=grants",
  "catalogue", "catalogue?tab=permissions", "modules/PID", "permissions/pid.create", "why",
  `why?user_id=${ada}&organization=MY_COMPANY&permission=pid.create&permission=users.read&module=PFD`, "activity", "activity?success=false&calls=1",
  "stream", "statistics", "settings", "settings?tab=settings", "settings?tab=signing_keys", "api", "api/assignRole", "nothing/here"];

// Each view as it looks is kept with the check's output.
const picture = (page, view, theme) => page.screenshot({ path: `${process.env.SCREENSHOTS}/console-${view.replace(/\W+/g, "-") || "overview"}-${theme}.png` });

async function look(options, check) {
  const { context, page } = await signIn(at, chief, options);
  const wrong = [];
  for (const view of views()) {
    await visit(page, `${at.url}/console/${view}`);
    const notes = await page.locator("main .note.bad").allInnerTexts();
    wrong.push(...[...await check(page, view), ...notes].map((one) => `${view}: ${one}`));
  }
  wrong.push(...page.told);
  await context.close();
  assert.deepEqual(wrong, []);
}

const sideways = (page) => page.evaluate(() => {
  const most = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= most) return [];
  const wide = [...document.querySelectorAll("main *")].filter((one) => one.getBoundingClientRect().right > most + 1).slice(0, 3);
  return [`scrolls sideways: ${document.documentElement.scrollWidth} ${wide.map((one) => one.outerHTML.slice(0, 120)).join(" | ")}`];
});

test("no view has a violation of WCAG 2.2 A and AA in the light", () => look({}, async (page, view) => {
  await picture(page, view.replace(ada, "ada"), "light");
  return axe(page);
}));
test("nor in the dark", () => look({ colorScheme: "dark" }, async (page, view) => {
  await picture(page, view.replace(ada, "ada"), "dark");
  return axe(page);
}));
test("on 320 px everything fits and nothing is violated", () => look({ viewport: { width: 320, height: 700 } },
  async (page) => [...await axe(page), ...await sideways(page)]));
test("German fits as well", () => look({ viewport: { width: 320, height: 700 }, locale: "de" }, sideways));
test("from right to left nothing scrolls sideways", async () => {
  await look({ viewport: { width: 1024, height: 700 }, isArabic: true }, sideways);
});
