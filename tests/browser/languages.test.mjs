// Every page in German, and in an Arabic that nobody reads: from right to left.
import { lookAtAll } from "./album.mjs";
import { translate } from "./arabic.mjs";
import { views } from "./look.mjs";

const some = views.filter(({ name }) => ["dark", "light-narrow"].includes(name));

await lookAtAll(
  { name: "German", titled: (title) => `german-${title}`, views: some, options: { locale: "de-DE" } },
  { name: "Arabic", titled: (title) => `arabic-${title}`, views: some, prepare: ({ context }) => context.route("**/*", translate) },
);
