// A stack, a browser, and what a page says of its failures.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { after } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright-core";

// `after` in a hook would run at the end of the hook.
const ends = [];
export const atEnd = (end) => ends.push(end);
after(() => Promise.all(ends.map((end) => end())));

export const admin = { email: "chief@example.com", password: "copper-meadow-lantern-58" };

/** Starts a stack in memory with these settings; its answer is where it listens. */
export async function startStack(settings) {
  const env = { ...process.env, ROLECALL_ADMIN_EMAIL: admin.email, ROLECALL_ADMIN_PASSWORD: admin.password, ...settings };
  const stack = spawn(process.env.ROLECALL_BIN, ["--port", "0", "--dynamodb-port", "0", "--data", "memory"], { env });
  atEnd(() => stack.kill());
  let said = "";
  stack.stderr.on("data", (data) => { said += data; });
  // Reads on to the end, so that the stack never waits for a reader.
  const url = await new Promise((resolve, reject) => {
    createInterface(stack.stdout).on("line", (line) => {
      said += line + "\n";
      const found = /listening on (\S+)/.exec(line);
      if (found) resolve(found[1]);
    });
    stack.on("exit", () => reject(new Error(`the stack ended: ${said}`)));
  });
  return url;
}

/** As root, and without a word to the outside; Playwright gives each a profile of its own. */
export async function startBrowser(...more) {
  const quiet = ["quic", "gpu", "background-networking", "component-update", "sync"].map((name) => `--disable-${name}`);
  const args = ["--no-sandbox", "--no-first-run", ...quiet, ...more];
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args });
  atEnd(() => browser.close());
  return browser;
}

/** What goes wrong in a page from now on, in plain words. */
export function watch(page) {
  const wrongs = [];
  page.on("console", (message) => { if (message.type() === "error") wrongs.push(message.text()); });
  page.on("pageerror", (error) => wrongs.push(String(error)));
  page.on("requestfailed", (request) => wrongs.push(`${request.url()}: ${request.failure().errorText}`));
  return wrongs;
}

export async function post(url, body, token) {
  const headers = { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${text}`);
  return text && JSON.parse(text);
}

/** Asks until there is an answer, for ten seconds. */
export async function until(what, ask) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const answer = await ask();
    if (answer) return answer;
    await sleep(100);
  }
  throw new Error(`not within ten seconds: ${what}`);
}
