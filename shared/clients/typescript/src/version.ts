/** The version of this package, as the server's log has it. */
export const VERSION = "0.1.0";

/**
 * The `info.version` of the OpenAPI document that this package was written for. It works with every
 * server of the same major version; below 1.0.0, of the same minor one.
 */
export const DOCUMENT_VERSION = "0.1.0";

/** Whether a server's document is one that this package knows. */
export function isCompatible(version: string): boolean {
  const [theirs, ours] = [version, DOCUMENT_VERSION].map((one) => one.split(".").map(Number)) as [
    number[],
    number[],
  ];
  const significant = ours.findIndex((number) => number > 0);
  const compared = (significant < 0 ? ours.length - 1 : significant) + 1;
  return (
    theirs.length === ours.length &&
    ours.slice(0, compared).every((number, place) => number === theirs[place])
  );
}
