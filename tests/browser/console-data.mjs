// Fills a local stack with a lively data set, over the HTTP contract, and `/_local` for mails, the clock and the schedule.
import { admin as chief, password } from "./support.mjs";

export { password };

const firsts = ("Ada Bela Chidi Dara Emre Farid Grete Hana Ines Jonas Kofi Lena Mateo Nadia Omar Petra Quentin Rosa Selim Tara "
  + "Ugo Vera Wanda Ximena Yusuf Zoe Anton Beate Carlos Dilara").split(" ");
const lasts = ("Lovelace Adeyemi Bauer Castillo Demir Eriksen Fontaine Gruber Haddad Ivanova Jensen Keller Lindqvist Moreau "
  + "Nowak Okafor Pereira Quispe Rossi Schmidt Tanaka Ulrich Varga Weber Xu Yilmaz Zimmermann Albrecht Brandt Conti").split(" ");
const departments = ["Process engineering", "Site operations", "Quality", "Procurement", "Finance"];
const titles = ["Engineer", "Draughtswoman", "Site lead", "Auditor", "Buyer"];

/** Makes a client: `api(method, path, body)` as somebody. */
export async function client(base, { email, password: secret }) {
  let access = "";
  const signIn = async () => {
    const made = await raw("POST", "/api/v1/auth/token", { email, password: secret });
    access = made.access;
  };
  const raw = async (method, path, body, headers = {}) => {
    for (;;) {
      const response = await fetch(base + path, {
        method, headers: { "Content-Type": "application/json", ...headers }, body: body && JSON.stringify(body),
      });
      const text = await response.text();
      if (response.status === 429) {
        await new Promise((done) => { setTimeout(done, 1000 * Number(response.headers.get("retry-after") ?? 1)); });
        continue;
      }
      const answer = text && JSON.parse(text);
      if (!response.ok) throw Object.assign(new Error(`${method} ${path}: ${response.status} ${text}`), { answer });
      return answer;
    }
  };
  await signIn();
  const api = async (method, path, body) => {
    const go = () => raw(method, path.startsWith("/_local") ? path : "/api/v1" + path, body, { Authorization: `Bearer ${access}` });
    try {
      return await go();
    } catch (failure) {
      if (failure.answer?.status !== 401) throw failure;
      await signIn();
      return go();
    }
  };
  return Object.assign(api, { signIn });
}

const quietly = (promise) => promise.catch((failure) => {
  if (!/409|already/.test(failure.message)) console.error(failure.message.slice(0, 300));
  return null;
});

async function accept(api, base, email) {
  for (let tries = 0; tries < 40; tries += 1) {
    const mails = await (await fetch(`${base}/_local/mail.json?to=${encodeURIComponent(email)}`)).json();
    const token = /[#?&]token=([\w-]+)/.exec(mails[0]?.text ?? "")?.[1];
    if (token) return api("POST", "/auth/password-reset/confirm", { token, new_password: password });
    await new Promise((done) => { setTimeout(done, 50); });
  }
  throw new Error(`no mail to ${email}`);
}

const person = (i) => {
  const [first, last] = [firsts[i % firsts.length], lasts[(i * 7 + Math.floor(i / 30)) % lasts.length]];
  const name = `${first}.${last}${i >= 30 ? i : ""}`.toLowerCase();
  return { first_name: first, last_name: last, username: name, email: `${name}@example.com` };
};

const organizations = [
  { code: "MY_COMPANY", name: "My Company", description: "Plans and builds plants.", contact_email: "office@example.com", city: "Zürich", country: "CH" },
  { code: "NORTHWIND", name: "Northwind Shipyard", city: "Kiel", country: "DE" },
  { code: "HARBOUR", name: "Harbour Authority", description: "Approves what others draw.", city: "Rotterdam", country: "NL" },
  { code: "LAB", name: "Material Laboratory", city: "Graz", country: "AT" },
];
const modules = [
  { code: "PID", name: "Piping and instrumentation diagrams", order: 1, icon: "git-branch" },
  { code: "PFD", name: "Process flow diagrams", order: 2, icon: "workflow" },
  { code: "QHSE", name: "Quality, health, safety, environment", order: 3, icon: "shield" },
  { code: "PROC", name: "Procurement", order: 4 },
];
const actions = ["create", "read", "update", "delete", "approve", "export"];
const roles = [
  ["plant_manager", "Plant manager", 2], ["lead_engineer", "Lead engineer", 3], ["engineer", "Engineer", 4],
  ["draughtsman", "Draughtsman", 5], ["safety_officer", "Safety officer", 3], ["auditor", "Auditor", 5],
  ["buyer", "Buyer", 4], ["site_lead", "Site lead", 4], ["guest_reader", "Guest reader", 6], ["people_reader", "People reader", 6],
];

async function catalogue(api) {
  for (const one of organizations) await quietly(api("POST", "/organizations", one));
  for (const one of modules) await quietly(api("POST", "/modules", one));
  for (const { code } of modules) {
    for (const action of actions) {
      const name = `${action[0].toUpperCase()}${action.slice(1)} ${code === "PROC" ? "orders" : "diagrams"}`;
      await quietly(api("POST", "/permissions", { code: `${code.toLowerCase()}.${action}`, module: code, name, action }));
    }
  }
  for (const [code, name, level] of roles) await quietly(api("POST", "/roles", { code, name, level }));
  await quietly(api("POST", "/roles", { code: "org_admin", name: "Administrator", level: 2, description: "Looks after the people of an organization." }));
  await quietly(api("POST", "/roles", { code: "MY_COMPANY:night_shift", name: "Night shift", level: 5, organization: "MY_COMPANY" }));
  const grant = (role, permission) => quietly(api("PUT", `/roles/${role}/permissions/${permission}`));
  const all = modules.flatMap(({ code }) => actions.map((action) => `${code.toLowerCase()}.${action}`));
  for (const one of all) await grant("plant_manager", one);
  for (const one of all.filter((_, i) => i % 2 === 0)) await grant("lead_engineer", one);
  for (const one of ["pid.create", "pid.read", "pid.update", "pfd.read"]) await grant("engineer", one);
  for (const one of ["pid.create", "pid.read"]) { await grant("draughtsman", one); await grant("MY_COMPANY:night_shift", one); }
  for (const one of ["qhse.read", "qhse.approve", "qhse.update"]) await grant("safety_officer", one);
  for (const one of all.filter((code) => code.endsWith("read"))) { await grant("auditor", one); await grant("guest_reader", one); }
  for (const one of ["proc.create", "proc.read", "proc.update"]) await grant("buyer", one);
  await grant("people_reader", "users.read");
  for (const one of ["users.read", "users.manage", "roles.assign", "roles.manage", "access.check", "activities.read", "sessions.manage",
    "stats.read", "keys.manage", "organizations.manage"]) await grant("org_admin", one);
  for (const role of ["plant_manager", "lead_engineer", "engineer", "draughtsman", "org_admin"]) {
    await quietly(api("PUT", `/roles/${role}/modules/PID`));
  }
}

async function people(api, base) {
  const made = [];
  for (let i = 0; i < 30; i += 1) {
    const { code } = organizations[i % 4 === 3 ? 1 + (i % 3) : 0];
    const role = ["org_admin", "people_reader"][i] ?? roles[i % roles.length][0];
    const user = await quietly(api("POST", "/users", { ...person(i), organization: code, role }));
    if (!user) continue;
    made.push({ ...user, organization: code });
    await quietly(api("PUT", `/organizations/${code}/members/${user.id}`, {
      status: "active", department: departments[i % 5], job_title: titles[i % 5], employee_id: `E-${100 + i}`,
    }));
    if (i < 24) await accept(api, base, user.email);
  }
  const [first] = made;
  const soon = new Date(Date.now() + 5 * 864e5).toISOString();
  await quietly(api("PUT", `/organizations/${first.organization}/members/${first.id}/roles/auditor`, { expires_at: soon }));
  await quietly(api("PATCH", `/users/${made[20].id}`, { status: "suspended" }));
  await quietly(api("DELETE", `/users/${made[29].id}`));
  await quietly(api("POST", "/users", { kind: "service", name: "Backup", organization: "MY_COMPANY" }));
  await quietly(api("POST", "/organizations/MY_COMPANY/invitations", {
    invitations: ["new.one@example.com", "new.two@example.com", "new.three@example.com"].map((email) => ({ email, roles: ["engineer"] })),
  }));
  return made;
}

const types = [
  ["document_uploaded", "data_management", "A document was uploaded."], ["document_approved", "data_management", "A document was approved."],
  ["drawing_exported", "data_management", "A drawing was exported."], ["model_trained", "ml_ai", "A model was trained."],
  ["backup_created", "maintenance", "A backup was made."], ["mail_sent", "communication", "A mail was sent."],
  ["export_failed", "data_management", "An export failed."], ["order_placed", "data_management", "An order was placed."],
];
function activity(i) {
  const [activity_type, category, description] = types[(i * 5) % types.length];
  const success = activity_type !== "export_failed" && i % 17 !== 0;
  return {
    activity_type, category, description, success, severity: success ? ["info", "low", "normal"][i % 3] : "high",
    ...(success ? {} : { error_message: "The disk is full." }), tags: [`plant-${i % 5}`], duration_ms: 20 + (i * 37) % 900,
    details: { file_name: `P-${1000 + i}.pdf` }, related: { type: "document", id: `doc-${i % 40}` },
  };
}

async function track(signedIn, count, from = 0) {
  for (let i = 0; i < count; i += 25) {
    const who = signedIn[(i / 25) % signedIn.length];
    const activities = Array.from({ length: Math.min(25, count - i) }, (_, j) => activity(from + i + j));
    await quietly(who("POST", "/activities/batch", { activities }));
  }
}

async function advance(base, seconds) {
  const post = (path, body) => fetch(base + path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  await post("/_local/clock", { advance_seconds: seconds });
  const { now } = await (await fetch(`${base}/_local/clock`)).json();
  return post("/_local/schedule/aggregate_stats", { time: now });
}

async function failedSignIns(base, email, count) {
  for (let i = 0; i < count; i += 1) {
    await fetch(`${base}/api/v1/auth/token`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ email, password: `not-the-password-${i}` }),
    });
  }
}

async function big(api, everybody) {
  const own = Array.from({ length: 16 }, (_, i) => ({ code: `M${String(i).padStart(2, "0")}`, name: `Module number ${i}`, order: 10 + i }));
  for (const one of own) await quietly(api("POST", "/modules", one));
  for (let i = 0; i < 200; i += 1) {
    const action = actions[i % actions.length];
    await quietly(api("POST", "/permissions", {
      code: `${own[i % 16].code.toLowerCase()}.thing${i}.${action}`, module: own[i % 16].code, name: `${action} thing number ${i}`, action,
    }));
  }
  for (let i = 0; i < 295; i += 1) {
    const code = `role_${String(i).padStart(3, "0")}`;
    await quietly(api("POST", "/roles", { code, name: `Role number ${i}`, level: 3 + (i % 4) }));
    const p = (i * 3) % 200;
    await quietly(api("PUT", `/roles/${code}/permissions/${own[p % 16].code.toLowerCase()}.thing${p}.${actions[p % actions.length]}`));
  }
  // Four at once: each writes a dozen items of its own.
  const rest = Array.from({ length: everybody - 31 }, (_, i) => 30 + i);
  const some = async () => {
    for (let i = rest.pop(); i !== undefined; i = rest.pop()) {
      await quietly(api("POST", "/users", { ...person(i), organization: "MY_COMPANY", role: `role_${String(i % 295).padStart(3, "0")}` }));
    }
  };
  await Promise.all([some(), some(), some(), some()]);
}

// People, and activities an hour for a day.
const sizes = { quiet: [31, 0], small: [31, 60], big: [151, 50], whole: [2001, 1000] };

/** Fills a stack: `quiet` has a catalogue and people, `small` a lively day beside them, `big` and `whole` a lot of everything. */
export async function seed(base, size = "small") {
  const api = await client(base, chief);
  await catalogue(api);
  const made = await people(api, base);
  const [everybody, anHour] = sizes[size];
  if (everybody > 31) await big(api, everybody);
  const active = made.slice(0, 20).filter((_, i) => i % 3 === 0 || i < 3);
  for (let hour = 0; anHour && hour < 24; hour += 1) {
    const some = active.filter((_, i) => (i + hour) % 3 === 0 || (hour > 8 && hour < 17));
    const signedIn = await Promise.all(some.map((one) => client(base, { email: one.email, password })));
    await track(signedIn, anHour + ((hour * 7) % 4 - 2) * 25, hour * 1000);
    if (hour % 5 === 2) await failedSignIns(base, made[3].email, 3);
    await advance(base, 3600);
  }
  await failedSignIns(base, made[5].email, 6);
  const signedIn = await Promise.all(active.slice(0, 4).map((one) => client(base, { email: one.email, password })));
  await track(signedIn, 50, 90_000);
  return { made, api };
}
