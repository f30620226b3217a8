// What is wrong with how a page looks: axe, and where its texts and controls lie.
import { readFileSync } from "node:fs";

const axe = readFileSync("node_modules/axe-core/axe.min.js", "utf8");
// Nothing is loaded for a second look: no rule of these needs it.
export const wcag = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], preload: false, resultTypes: ["violations"] };
const unpictured = ["zoom", "dark-narrow"];

/** The ways in which people see a page; the last is a zoom of 400 % as WCAG 1.4.10 counts it. */
export const views = [
  { name: "light", colorScheme: "light", width: 1280, height: 800 },
  { name: "dark", colorScheme: "dark", width: 1280, height: 800 },
  { name: "light-narrow", colorScheme: "light", width: 320, height: 640 },
  { name: "dark-narrow", colorScheme: "dark", width: 320, height: 640 },
  { name: "zoom", colorScheme: "light", width: 320, height: 256 },
];

/** Runs in the page: texts and controls that lie over each other, are cut off, or make the page scroll sideways. */
function misplaced() {
  const wrongs = [];
  const room = document.documentElement.clientWidth;
  const wide = document.scrollingElement.scrollWidth;
  if (wide > room) wrongs.push(`it scrolls sideways: ${wide} px wide, in ${room}`);
  const name = (one) => `<${one.localName}${one.id && `#${one.id}`}> "${(one.value || one.textContent).trim().slice(0, 40)}"`;
  // With a dialog open, the page behind it is not what one looks at.
  const top = document.querySelector("dialog[open]") ?? document.body;
  const controls = "a.button, button, input, select, textarea, img, .mark, .badge";
  const boxes = [];
  const add = (one, rect) => { if (rect.width > 1 && rect.height > 1) boxes.push({ one, rect }); };
  for (const one of top.querySelectorAll("*")) {
    if (!one.checkVisibility({ visibilityProperty: true }) || one.localName === "option") continue;
    if (one.matches(controls)) add(one, one.getBoundingClientRect());
    for (const text of one.childNodes) {
      if (text.nodeType !== Node.TEXT_NODE || !text.data.trim()) continue;
      const range = document.createRange();
      range.selectNode(text);
      for (const rect of range.getClientRects()) add(one, rect);
    }
  }
  const isOver = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  boxes.sort((a, b) => a.rect.top - b.rect.top);
  boxes.forEach(({ one, rect }, at) => {
    if (rect.left < -1 || rect.right > room + 1) wrongs.push(`${name(one)} is cut off: ${rect.left} to ${rect.right} px, in ${room}`);
    const control = one.closest("button, a.button, .badge, .mark");
    const own = control?.getBoundingClientRect();
    if (own && (rect.left < own.left - 1 || rect.right > own.right + 1)) wrongs.push(`${name(one)} is wider than its control`);
    for (const other of boxes.slice(at + 1)) {
      if (other.rect.top > rect.bottom) break;
      if (one.contains(other.one) || other.one.contains(one) || !isOver(rect, other.rect)) continue;
      // The button that shows a password lies in its field, where nothing is typed.
      const field = [one, other.one].find((each) => each.matches(".secret input"));
      const button = field?.nextElementSibling;
      if (button?.contains(one) || button?.contains(other.one)) {
        const [typed, over] = [field.getBoundingClientRect(), button.getBoundingClientRect()];
        const { paddingLeft, paddingRight } = getComputedStyle(field);
        const [from, to] = [typed.left + parseFloat(paddingLeft), typed.right - parseFloat(paddingRight)];
        const covered = Math.min(over.right, to) - Math.max(over.left, from);
        if (covered > 1) wrongs.push(`${name(button)} lies over ${Math.round(covered)} px of what is typed`);
      } else {
        wrongs.push(`${name(one)} and ${name(other.one)} lie over each other`);
      }
    }
  });
  return [...new Set(wrongs)];
}

/** What axe has against the page. */
async function audit(page, options) {
  if (!await page.evaluate(() => "axe" in window)) await page.evaluate(axe);
  // No script runs in the frame of a mail, and so not axe: mails are looked at on their own.
  const { violations } = await page.evaluate((options) => window.axe.run(document, { iframes: false, ...options }), options);
  const place = ({ target, failureSummary }) => `${target.join(" ")} (${failureSummary.split("\n").slice(1).join(" ").trim()})`;
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(place).join("; ")}`);
}

/** What is wrong with a page as it is. */
export async function measure(page, options = wcag) {
  return [...await page.evaluate(misplaced), ...await audit(page, options)];
}

/** What is wrong with a page in these views, with the name of each in front; and a picture of it. */
export async function look(page, title, some = views) {
  const wrongs = [];
  for (const { name, colorScheme, width, height } of some) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    for (const wrong of await measure(page)) wrongs.push(`${title}, ${name}: ${wrong}`);
    if (!process.env.SCREENSHOTS || unpictured.includes(name)) continue;
    await page.screenshot({ path: `${process.env.SCREENSHOTS}/${title}-${name}.png`, fullPage: true });
  }
  return wrongs;
}
