// What a field of a name is, wherever it stands: in a form or in a filter bar.

const accountStatuses = ["active", "pending", "suspended", "inactive", "deleted"];
const categories = ["authentication", "authorization", "data_management", "system_operation", "security", "api", "ml_ai", "communication", "maintenance"];
const severities = ["info", "low", "normal", "high", "critical"];
const actionNames = ["create", "read", "update", "delete", "approve", "export", "import", "execute"];

const optionsOf = (set, values) => values.map((value) => [String(value), word(set, String(value))]);
const levels = () => optionsOf("console.level.", [1, 2, 3, 4, 5, 6]);
const inCatalogue = (find) => (mayReadCatalogue() ? find : async () => []);

const everywhere = { value: "*", label: () => t("console.everywhere") };
const findEverywhere = async (q) => [{ value: "*", label: t("console.everywhere"), detail: "*" }, ...await findOrganizations(q)];

const kinds = {
  q: { isWide: true, placeholder: "console.hint.q" },
  status: { options: () => optionsOf("console.status.", accountStatuses) },
  organization: { find: findOrganizations, labelOf: (code) => organizationLabel(code), isWide: true },
  log_organization: { find: findEverywhere, labelOf: (code) => (code === "*" ? everywhere.label() : organizationLabel(code)), placeholder: "console.everywhere" },
  user_id: { find: findUsers, labelOf: userLabel },
  subject_id: { find: findUsers, labelOf: userLabel },
  role: { find: inCatalogue((q) => findRoles(q)), isFree: true },
  module: { find: (q) => findModules(q) },
  level: { options: levels },
  action: { options: () => optionsOf("console.action.", actionNames) },
  category: { options: () => optionsOf("console.category.", categories), isMany: true },
  severity: { options: () => optionsOf("console.severity.", severities), isMany: true },
  success: { options: () => optionsOf("console.success.", [true, false]) },
  hours: { options: () => optionsOf("console.hours.", [1, 24, 168, 720]), any: "console.any_time" },
  period_type: { options: () => optionsOf("console.period.", ["minute", "day"]), any: "console.period.hour" },
  language: { options: () => [["", t("console.language_none")], ...["en", "de"].map((code) => [code, languageName(code)])] },
  email: { type: "email" }, contact_email: { type: "email" }, website: { type: "url" }, phone_number: { type: "tel" }, contact_phone: { type: "tel" },
  description: { type: "textarea" }, bio: { type: "textarea" }, metadata: { type: "json" }, settings: { type: "json" },
  order: { type: "number" }, current_password: { type: "password", autocomplete: "current-password", isWide: true },
};
for (const name of ["since", "until", "inactive_since", "starts_at", "expires_at"]) kinds[name] = { type: "datetime" };

const languageName = (code) => new Intl.DisplayNames([code], { type: "language" }).of(code);

// `"name"` or, if it may be empty, `"name?"`; `{name, …}` says more. Labels and hints have the name of the field.
function fieldOf(spec) {
  const { name: written, ...more } = typeof spec === "string" ? { name: spec } : spec;
  if (!written) return spec;
  const name = written.replace("?", "");
  const kind = kinds[more.kind ?? name] ?? {};
  const hint = "console.hint." + name;
  const made = { name, label: label(name), hint: has(hint) ? t(hint) : null, optional: written !== name, ...kind, ...more };
  if (typeof made.options === "function") made.options = made.options();
  if (["textarea", "json"].includes(made.type)) made.isWide = true;
  return made;
}
