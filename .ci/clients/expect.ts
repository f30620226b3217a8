// What both walkthroughs in TypeScript share: where to go, and what an answer must be.
import { deepStrictEqual } from "node:assert";

export function settings() {
  const [url, email, password, name, tomorrow] = process.argv.slice(2);
  if (url === undefined || email === undefined || password === undefined || name === undefined) throw new Error("arguments are missing");
  // What the proxy puts before codes that a client cannot know yet.
  return { url, email, password, name, tomorrow: tomorrow ?? "" };
}

export function equal<T>(value: unknown, wanted: T): asserts value is T {
  deepStrictEqual(value, wanted);
}

export function problem(error: { status: number; code: string } | undefined, status: number, code: string) {
  equal([error?.status, error?.code], [status, settings().tomorrow + code]);
}

// An activity, whose details are free.
export const stored = (description: string) => ({
  activity_type: "file_stored",
  category: "data_management" as const,
  severity: "high" as const,
  description,
  success: false,
  details: { file_size: 1 },
});

// What an answer says of it.
export function isStored(activity: { details: Record<string, unknown>; category: string } | undefined) {
  equal([activity?.details["file_size"], activity?.category], [1, "data_management"]);
}
