import { ConfigurationError } from "./errors.js";

/** A server's URL without a slash at its end: https, or http on this very machine. */
export function checkedUrl(baseUrl: string): string {
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch {
    throw new ConfigurationError("the URL of a server begins with https://");
  }
  const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLocal)) {
    throw new ConfigurationError("the URL of a server begins with https://");
  }
  if (url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "") {
    throw new ConfigurationError("the URL has more than a host and a path");
  }
  return baseUrl.replace(/\/+$/, "");
}
