// Every page in light and dark, wide, narrow and at 400 %.
import { lookAtAll } from "./album.mjs";
import { views } from "./look.mjs";

await lookAtAll({ name: "English", views });
