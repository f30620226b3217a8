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

/** Who is signed in; renders again when that changes, in other tabs as well. */
export function useSession(): Session | null {
  const client = useRolecall();
  const id = useSyncExternalStore(
    (changed) => client.subscribe(changed),
    () => client.session?.sessionId ?? null,
    () => null,
  );
  return id === null ? null : client.session;
}

/** What is known of permissions: nothing is allowed while it is asked, or when it cannot be. */
export interface Permissions {
  /** Whether one of the codes that were asked for is allowed. */
  can(permission: string): boolean;
  isLoading: boolean;
  error: unknown;
}

/** Asks about permissions, again whenever somebody signs in or out. Codes are asked in one call. */
export function usePermissions(...codes: string[]): Permissions {
  const client = useRolecall();
  const session = useSession()?.sessionId ?? null;
  const asked = JSON.stringify([session, codes]);
  const [known, setKnown] = useState<{ asked: string; allowed: Set<string>; error: unknown } | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const [, wanted] = JSON.parse(asked) as [string | null, string[]];
    client.checks(wanted.map((permission) => ({ permission }))).then(
      (decisions) => {
        const allowed = new Set(wanted.filter((_, place) => decisions[place] === true));
        if (isCurrent) setKnown({ asked, allowed, error: null });
      },
      (error: unknown) => {
        if (isCurrent) setKnown({ asked, allowed: new Set(), error });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [client, asked]);
  const current = known?.asked === asked ? known : null;
  return {
    can: (permission) => current?.allowed.has(permission) ?? false,
    isLoading: current === null,
    error: current?.error ?? null,
  };
}

/** Whether whoever is signed in has a permission; `false` while it is asked, or when it cannot be. */
export function useCan(permission: string): boolean {
  return usePermissions(permission).can(permission);
}
