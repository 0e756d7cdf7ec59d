import type { ChangeWindow } from '../calendar/windows.ts';
import type { EnvironmentName, PersonId, ServiceName } from '../ids.ts';

/** A person's word that nothing begins in an environment, until a moment or until somebody lifts it. Recovery is never held by it. */
export interface Freeze {
  /** `F<n>`, counted in its environment. */
  id: string;
  /** Empty: every service. */
  services: ServiceName[];
  since: string;
  /** The first moment at which it no longer counts; absent: until it is lifted. */
  until?: string | undefined;
  reason: string;
  by: PersonId;
  lifted?: { by: PersonId; at: string } | undefined;
  /** The requests that set and lifted it, so that each is carried out once. */
  causes: string[];
}

/** Freezes that count now. `now`: milliseconds since 1970. */
export function activeFreezes(freezes: readonly Freeze[], now: number): Freeze[] {
  return freezes.filter(
    ({ lifted, until }) => lifted === undefined && (until === undefined || now < Date.parse(until)),
  );
}

/** A freeze as the window that it is. */
export function windowOfFreeze(environment: EnvironmentName, freeze: Freeze): ChangeWindow {
  const { id, services, since, until, reason } = freeze;
  return {
    name: id,
    kind: 'deny',
    from: since,
    to: until,
    timeZone: 'UTC',
    environments: [environment],
    services,
    reason,
  };
}
