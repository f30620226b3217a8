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
  "roles?tab=list", "roles/engineer", "roles/engineer?tab=grants", "roles/engineer?tab=holders", "roles/engineer?tab=history", "roles/MY_COMPANY:night_shift?tab=grants",
  "catalogue", "catalogue?tab=permissions", "modules/PID", "modules/PID?tab=history", "permissions/pid.create", "permissions/pid.create?tab=history", "why",
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
// A window of 1280 × 1024 pixels at 400 %.
test("zoomed and in German everything fits and nothing is violated", () => look({ viewport: { width: 320, height: 256 }, locale: "de" },
  async (page) => [...await axe(page), ...await sideways(page)]));
test("from right to left nothing scrolls sideways", async () => {
  await look({ viewport: { width: 1024, height: 700 }, isArabic: true }, sideways);
});

test("a chart has a bar for each number of the API, is read by keys, and is a table as well", async () => {
  const { context, page } = await signIn(at);
  const { items } = await at.api("GET", "/activity-stats?period_type=hour&organization=*&limit=200");
  const wanted = items.reverse().map((one) => [one.period_start, one.total_activities]);
  assert.ok(wanted.length > 20);
  await visit(page, `${at.url}/console/statistics`);
  const chart = page.locator("figure.chart").first();
  const bars = await chart.locator("g[data-at]").evaluateAll((all) => all.map((bar) => ({
    at: bar.dataset.at, rects: [...bar.querySelectorAll("rect")].map((rect) => [Number(rect.dataset.value), rect.height.baseVal.value]),
  })));
  assert.deepEqual(bars.map(({ at: start, rects }) => [start, rects.reduce((sum, [value]) => sum + value, 0)]), wanted);
  // As high as they are many.
  const [[most, high]] = bars.flatMap(({ rects }) => rects).sort((one, other) => other[0] - one[0]);
  for (const { rects } of bars) for (const [value, height] of rects) assert.ok(Math.abs(height - Math.max(1, (high * value) / most)) < 1, `${value}: ${height}`);
  const plot = chart.getByRole("slider");
  await plot.focus();
  await page.keyboard.press("End");
  const said = await plot.getAttribute("aria-valuetext");
  const numbers = (said.split(": ")[1].match(/\d[\d,]*/g) ?? []).map((one) => Number(one.replaceAll(",", "")));
  assert.equal(numbers.reduce((sum, one) => sum + one, 0), wanted.at(-1)[1], said);
  assert.equal(await chart.locator(".readout").innerText(), said);
  await chart.getByRole("button", { name: "Show as a table" }).click();
  const rows = await chart.locator("tbody tr").evaluateAll((all) => all.map((row) => [row.querySelector("time").getAttribute("datetime"),
    [...row.querySelectorAll("td")].reduce((sum, cell) => sum + Number(cell.textContent.replaceAll(",", "")), 0)]));
  assert.deepEqual(rows, wanted);
  assert.deepEqual(page.told, []);
  await context.close();
});
