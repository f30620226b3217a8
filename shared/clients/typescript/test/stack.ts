import { type ChildProcess, spawn } from "node:child_process";

export const PASSWORD = "violet-anchor-mosaic-91";

/** A running stack in memory, that of `ROLECALL_BIN`, with a drawing office. */
export class Stack {
  root = "";
  key = "";

  private constructor(
    readonly url: string,
    private readonly process: ChildProcess,
  ) {}

  static async start(): Promise<Stack> {
    const binary = process.env["ROLECALL_BIN"];
    if (binary === undefined) throw new Error("ROLECALL_BIN names the local stack's program");
    const started = spawn(binary, ["--port", "0", "--dynamodb-port", "0", "--data", "memory"], {
      env: {
        ...process.env,
        ROLECALL_ADMIN_EMAIL: "admin@example.com",
        ROLECALL_ADMIN_PASSWORD: PASSWORD,
        ROLECALL_REGISTRATION: "open",
      },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const url = await new Promise<string>((resolve, reject) => {
      let said = "";
      started.stdout?.on("data", (data: Buffer) => {
        said += data.toString();
        const found = /listening on (http:\S+)/.exec(said);
        if (found?.[1] !== undefined) resolve(found[1]);
      });
      started.on("exit", () => reject(new Error(`the stack does not start: ${said}`)));
    });
    const stack = new Stack(url, started);
    const signedIn = await stack.call("POST", "/auth/token", { email: "admin@example.com", password: PASSWORD });
    stack.root = signedIn.access as string;
    await stack.furnish();
    return stack;
  }

  stop(): void {
    this.process.removeAllListeners("exit");
    this.process.kill();
  }

  // biome-ignore lint: what a route answers
  async call(method: string, path: string, body?: unknown): Promise<Record<string, any>> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        "Content-Type": "application/json",
        ...(this.root === "" ? {} : { Authorization: `Bearer ${this.root}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${text}`);
    return text === "" ? {} : JSON.parse(text);
  }

  private async furnish(): Promise<void> {
    await this.call("POST", "/organizations", { code: "ACME", name: "Acme" });
    await this.call("POST", "/modules", { code: "PID", name: "Piping" });
    const permission = { code: "pid.create", module: "PID", name: "Create", action: "create" };
    await this.call("POST", "/permissions", permission);
    await this.call("POST", "/roles", { code: "drafter", name: "Drafter", level: 5 });
    await this.call("PUT", "/roles/drafter/permissions/pid.create");
    await this.call("PUT", "/roles/drafter/modules/PID");
    await this.member("ada", "drafter");
    await this.member("bob");
    const service = { kind: "service", name: "Drawings", organization: "ACME", roles: ["drafter"] };
    const { id } = await this.call("POST", "/users", service);
    const key = { name: "tests", scopes: ["pid.create"] };
    this.key = (await this.call("POST", `/users/${id}/api-keys`, key))["key"] as string;
  }

  private async member(name: string, ...roles: string[]): Promise<void> {
    const { id } = await this.call("POST", "/auth/register", { username: name, ...credentials(name) });
    const at = `/organizations/ACME/members/${id}`;
    await this.call("PUT", at, {});
    for (const role of roles) await this.call("PUT", `${at}/roles/${role}`, {});
  }
}

/** What somebody signs in with. */
export function credentials(name: string): { email: string; password: string } {
  return { email: `${name}@example.com`, password: PASSWORD };
}
