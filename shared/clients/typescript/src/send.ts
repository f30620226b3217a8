import { UnavailableError } from "./errors.js";
import { VERSION } from "./version.js";

/** Sends a request; `UnavailableError` where nothing comes back in time. */
export type Send = (request: Request) => Promise<Response>;

/** A browser names itself, and asks other origins about every header that is not usual. */
export const userAgent: Readonly<Record<string, string>> =
  typeof (globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node === "string"
    ? { "User-Agent": `rolecall-typescript/${VERSION}` }
    : {};

/** Sends within a time, which ends when the response begins: what it streams may take longer. */
export function sender(fetch: typeof globalThis.fetch, timeout: number): Send {
  return async (request) => {
    const stop = new AbortController();
    const pass = () => stop.abort(request.signal.reason);
    if (request.signal.aborted) pass();
    request.signal.addEventListener("abort", pass, { once: true });
    const timer = setTimeout(() => stop.abort(), timeout);
    try {
      // A redirect would carry the token to wherever it points.
      return await fetch(new Request(request, { redirect: "error", signal: stop.signal }));
    } catch (error) {
      if (request.signal.aborted) throw error;
      throw new UnavailableError("the server does not answer");
    } finally {
      clearTimeout(timer);
    }
  };
}

/** The JSON of a response; `null` if it has none. */
export async function jsonOf(response: Response): Promise<unknown> {
  try {
    return (await response.json()) as unknown;
  } catch {
    return null;
  }
}
