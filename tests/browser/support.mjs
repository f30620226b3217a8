// A stack, a browser, and what goes wrong in its pages.
import { spawn } from "node:child_process";
import { request } from "node:http";
import { createInterface } from "node:readline";
import { after } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright-core";

// `after` in a hook would run at the end of the hook.
const ends = [];
export const atEnd = (end) => ends.push(end);
after(() => Promise.all(ends.map((end) => end())));

export const admin = { email: "chief@example.com", password: "copper-meadow-lantern-58" };
export const password = "violet-anchor-mosaic-91";
export const another = "lantern-copper-meadow-58";

// As many as a suite at one address wants.
const many = Object.fromEntries(["NETWORK_FAILURES", "NETWORK_SIGNUPS", "NETWORK_RESETS", "NETWORK_MAILS", "USER_SIGN_INS"]
  .map((name) => [`ROLECALL_${name}`, "100000"]));

/** Starts a stack in memory with these settings, with a super admin unless they say otherwise. */
export async function startStack(settings = {}) {
  const chief = { ROLECALL_ADMIN_EMAIL: admin.email, ROLECALL_ADMIN_PASSWORD: admin.password };
  const env = { ...process.env, ...many, ...chief, ...settings };
  const stack = spawn(process.env.ROLECALL_BIN, ["--port", "0", "--dynamodb-port", "0", "--data", "memory"], { env });
  atEnd(() => stack.kill());
  // However this program ends.
  process.on("exit", () => stack.kill());
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
  return new Stack(url, () => said);
}

let people = 0;

/** A running stack, and what a program asks of it. */
class Stack {
  constructor(url, said) {
    Object.assign(this, { url, said });
  }

  /** One call of the API, whose answer has to be good; its body. */
  async call(method, path, body, token, more = {}) {
    const headers = { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }), ...more };
    const url = this.url + (path.startsWith("/_local/") ? path : `/api/v1${path}`);
    const answer = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text && JSON.parse(text);
  }

  post(path, body, token) {
    return this.call("POST", path, body, token);
  }

  get(path, token) {
    return this.call("GET", path, undefined, token);
  }

  /** The access token of somebody who signs in as any program does. */
  async token({ email, password }) {
    return (await this.post("/auth/token", { email, password })).access;
  }

  adminToken() {
    return this.token(admin);
  }

  advance(seconds) {
    return this.post("/_local/clock", { advance_seconds: seconds });
  }

  mails(to) {
    return this.get(`/_local/mail.json${to ? `?to=${encodeURIComponent(to)}` : ""}`);
  }

  /** The newest mail to an address whose subject fits, as soon as there is one more than `before`. */
  mail(to, subject, before = 0) {
    return until(`a mail to ${to}, ${subject}`, async () => {
      const found = (await this.mails(to)).filter((mail) => subject.test(mail.subject));
      return found.length > before && found[0];
    });
  }

  /** The link in such a mail. */
  async link(to, subject, before) {
    return linkOf(await this.mail(to, subject, before));
  }

  /** What nobody has yet: a name, an address of that name, and a password. */
  newName(name = "ada") {
    people += 1;
    const username = `${name}${people}`;
    return { username, email: `${username}@example.com`, password };
  }

  /** Somebody with an account and a proven address. */
  async person(name, more = {}) {
    const one = this.newName(name);
    const { verifier } = await this.post("/auth/register", { ...one, ...more });
    const link = await this.link(one.email, /Confirm your email/);
    await this.post("/auth/verify-email", { token: link.split("#token=")[1], verifier });
    return { ...one, ...more };
  }

  /** An organization that nobody had yet. */
  async organization(name, token) {
    people += 1;
    const code = `FIRM_${people}`;
    await this.post("/organizations", { code, name }, token);
    return code;
  }

  /** The status of a sign-in from an address of this machine: another one is another network. */
  signInFrom(address, { email, password }) {
    const { port, hostname } = new URL(this.url);
    const options = { host: hostname, port, localAddress: address, method: "POST", path: "/api/v1/auth/token", agent: false };
    return new Promise((resolve, reject) => {
      const call = request({ ...options, headers: { "Content-Type": "application/json" } }, (answer) => {
        answer.resume();
        answer.on("end", () => resolve(answer.statusCode));
      });
      call.on("error", reject);
      call.end(JSON.stringify({ email, password }));
    });
  }
}

export const linkOf = (mail) => /^http\S+#token=\S+$/m.exec(mail.text)?.[0] ?? `no link in: ${mail.text}`;

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

/** Asks until there is an answer, for ten seconds. */
export async function until(what, ask) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const answer = await ask();
    if (answer) return answer;
    await sleep(100);
  }
  throw new Error(`not within ten seconds: ${what}`);
}
