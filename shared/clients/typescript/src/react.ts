/**
 * Hooks for React 18 and newer.
 *
 * @packageDocumentation
 */

import {
  type ReactNode,
  createContext,
  createElement,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from "react";

import type { Rolecall, Session } from "./index.js";

const Context = createContext<Rolecall | null>(null);

/** Hands a client to the hooks below it. */
export function RolecallProvider(props: { client: Rolecall; children?: ReactNode }): ReactNode {
  return createElement(Context.Provider, { value: props.client }, props.children);
}

/** The client of the provider above. */
export function useRolecall(): Rolecall {
  const client = useContext(Context);
  if (client === null) throw new Error("there is no <RolecallProvider> above");
  return client;
}

/** Grows with each sign-in, sign-out and change of the organization, in other tabs as well. */
function useVersion(client: Rolecall): number {
  return useSyncExternalStore(
    (changed) => client.subscribe(changed),
    () => client.version,
    () => 0,
  );
}

/** Who is signed in; renders again when that changes. */
export function useSession(): Session | null {
  const client = useRolecall();
  const version = useVersion(client);
  // The same object as long as nothing changes.
  return useMemo(() => client.session, [client, version]);
}

/** What is known of permissions: nothing is allowed while it is asked, or when it cannot be. */
export interface Permissions {
  /** Whether one of the codes that were asked for is allowed. */
  can(permission: string): boolean;
  isLoading: boolean;
  error: unknown;
  /** Asks again. */
  retry(): void;
}

interface Known {
  client: Rolecall;
  asked: string;
  allowed: ReadonlySet<string>;
  error: unknown;
}

/** Asks about permissions, again with each change of the session. Codes are asked in one call. */
export function usePermissions(...codes: string[]): Permissions {
  const client = useRolecall();
  const version = useVersion(client);
  const [tries, setTries] = useState(0);
  const [known, setKnown] = useState<Known | null>(null);
  const asked = JSON.stringify([version, tries, codes]);
  useEffect(() => {
    let isCurrent = true;
    const [, , wanted] = JSON.parse(asked) as [number, number, string[]];
    const told = (allowed: ReadonlySet<string>, error: unknown) => {
      if (isCurrent) setKnown({ client, asked, allowed, error });
    };
    client.checks(wanted.map((permission) => ({ permission }))).then(
      (decisions) => told(new Set(wanted.filter((_, place) => decisions[place] === true)), null),
      (error: unknown) => told(new Set(), error),
    );
    return () => {
      isCurrent = false;
    };
  }, [client, asked]);
  const current = known?.client === client && known.asked === asked ? known : null;
  return {
    can: (permission) => current?.allowed.has(permission) ?? false,
    isLoading: current === null,
    error: current?.error ?? null,
    retry: () => setTries((before) => before + 1),
  };
}

/** Whether whoever is signed in has a permission; `false` while it is asked, or when it cannot be. */
export function useCan(permission: string): boolean {
  return usePermissions(permission).can(permission);
}
