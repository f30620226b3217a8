// The walkthrough with the client that @hey-api/openapi-ts makes.
import { equal, isStored, problem, settings, stored } from "./expect.js";
import { client } from "./hey/client.gen.js";
import * as api from "./hey/sdk.gen.js";

const { url: baseUrl, email, password, name } = settings();
client.setConfig({ baseUrl });

const wrong = await api.createToken({ body: { email, password: "not-the-password-1" } });
problem(wrong.error, 401, "invalid_credentials");
const pair = await api.createToken({ body: { email, password } });
equal(pair.data?.token_type, "Bearer");
equal(pair.data.user.status, "active");
const { access } = pair.data;
client.setConfig({ baseUrl, auth: () => access });

// A write that is repeated with its key is done once.
const organization = { code: name, name, settings: { theme: "dark" } };
const keyed = { headers: { "Idempotency-Key": `${name}-1` }, body: organization };
const created = await api.createOrganization(keyed);
const again = await api.createOrganization(keyed);
equal(again.data?.code, created.data?.code);
equal(created.data?.settings["theme"], "dark");
const taken = await api.createOrganization({ body: organization });
problem(taken.error, 409, "code_taken");

// The ETag of an answer guards the next write.
const path = { code: name };
const read = await api.getOrganization({ path });
const etag = read.response?.headers.get("ETag") ?? "";
const change = (city: string | null, headers: { "If-Match"?: string }) => api.updateOrganization({ path, headers, body: { city } });
equal((await change("London", { "If-Match": etag })).data?.city, "London");
problem((await change("Paris", { "If-Match": etag })).error, 412, "stale");
equal((await change(null, {})).data?.city ?? null, null);

const code = `${name.toLowerCase()}.read`;
await api.createModule({ body: { code: name, name, order: 3 } });
const permission = await api.createPermission({ body: { code, module: name, name, action: "read" } });
equal(permission.data?.action, "read");
const role = await api.createRole({ body: { code: name.toLowerCase(), name, level: 5 } });
equal(role.data?.level, 5);
const granted = await api.grantPermission({ path: { code: name.toLowerCase(), permission: code } });
equal(granted.data?.code, code);
const one = await api.checkPermissions({ body: { permission: code } });
equal(one.data?.allowed, true);
const many = await api.checkPermissions({ body: { checks: [{ permission: code }, { module: "NONE" }] } });
equal(many.data?.results?.map((result) => result.allowed), [true, false]);

const tracked = await api.trackActivity({ body: stored(name) });
const since = new Date(Date.now() - 3_600_000).toISOString();
const found = await api.listActivities({
  query: { limit: 10, category: ["data_management", "communication"], success: false, since },
});
const activity = found.data?.items.find((item) => item.id === tracked.data?.id);
isStored(activity);
const hours = await api.listActivities({ query: { hours: 24, severity: ["high"] } });
equal(hours.data?.items.some((item) => item.id === tracked.data?.id), true);

// Every page, by the cursor of the one before.
const codes: string[] = [];
for (let cursor: string | null | undefined; cursor !== null; ) {
  const page = await api.listPermissions({ query: { limit: 5, ...(cursor === undefined ? {} : { cursor }) } });
  if (page.data === undefined) throw new Error("no page");
  codes.push(...page.data.items.map((item) => item.code));
  cursor = page.data.next_cursor;
}
equal([codes.length > 5, codes.includes(code)], [true, true]);

const absent = await api.getOrganization({ path: { code: "NOWHERE" } });
problem(absent.error, 404, "not_found");
const invalid = await api.checkPermissions({ body: {} });
problem(invalid.error, 422, "validation_failed");
equal(invalid.error?.errors?.[0]?.field, "permission");
