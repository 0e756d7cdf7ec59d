import type { IncidentId, PersonId, ReleaseName } from '../ids.ts';
import type { InstallationFact } from '../ledger/fact.ts';

/** The installation as its facts say. */
export interface InstallationState {
  /** 0 before the first start. */
  incarnation: number;
  /** Present after a restore until a person has confirmed it: forward work waits, recovery does not. */
  unconfirmed?: { upTo: number; lastFactAt?: string | undefined; since: string } | undefined;
  confirmedBy?: PersonId | undefined;
  /** Names that are used up. */
  names: ReleaseName[];
  /** Number of the newest incident; 0 before the first. */
  incidents: number;
}

export const EMPTY_INSTALLATION: InstallationState = { incarnation: 0, names: [], incidents: 0 };

/** The state after one more fact. */
export function foldInstallation(state: InstallationState, fact: InstallationFact): InstallationState {
  switch (fact.kind) {
    case 'incarnation.opened': {
      const { incarnation, restored } = fact.data;
      const unconfirmed = restored && { ...restored, since: fact.occurredAt };
      return { ...state, incarnation, unconfirmed };
    }
    case 'incarnation.confirmed':
      return fact.data.incarnation === state.incarnation
        ? { ...state, unconfirmed: undefined, confirmedBy: fact.data.by }
        : state;
    case 'name.taken':
      return { ...state, names: [...state.names, fact.data.name] };
    case 'incident.numbered':
      return { ...state, incidents: numberOf(fact.data.id) };
  }
}

/** The id after the newest incident's. */
export function nextIncident(state: InstallationState): IncidentId {
  return `INC-${state.incidents + 1}`;
}

function numberOf(id: IncidentId): number {
  return Number(id.slice('INC-'.length));
}
