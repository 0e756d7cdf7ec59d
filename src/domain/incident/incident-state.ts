import type { EffectRecord } from '../effect-record.ts';
import type { EnvironmentName, IncidentId, PersonId, ReleaseId } from '../ids.ts';
import type { FactData, IncidentFact } from '../ledger/fact.ts';

type Data = FactData['incident'];

/** A line that a person wrote or pinned. Its words are in the erasable store. */
export interface Note {
  id: string;
  author: PersonId;
  how: Data['note.captured']['how'];
  source: Data['note.captured']['source'];
  /** Key of its text. */
  text: string;
  /** When it was said. */
  at: string;
  edited: boolean;
  removed?: 'deleted' | 'unpinned' | undefined;
}

/** An incident as its facts say. */
export interface IncidentState {
  id: IncidentId;
  title: string;
  environment?: EnvironmentName | undefined;
  /** Releases whose facts are part of the timeline. */
  releases: ReleaseId[];
  openedBy: PersonId;
  openedAt: string;
  channel?: string | undefined;
  notes: Note[];
  effects: Record<string, EffectRecord>;
  resolved?: (Data['incident.resolved'] & { at: string }) | undefined;
}

/** The state after one more fact; absent before `incident.opened`. */
export function foldIncident(
  state: IncidentState | undefined,
  fact: IncidentFact,
): IncidentState | undefined {
  if (fact.kind === 'incident.opened') return state ?? begin(fact);
  return state && { ...state, ...change(state, fact) };
}

function begin(fact: Extract<IncidentFact, { kind: 'incident.opened' }>): IncidentState {
  const { id, title, environment, release, openedBy } = fact.data;
  return {
    id,
    title,
    environment,
    releases: release ? [release] : [],
    openedBy,
    openedAt: fact.occurredAt,
    notes: [],
    effects: {},
  };
}

function change(
  state: IncidentState,
  fact: Exclude<IncidentFact, { kind: 'incident.opened' }>,
): Partial<IncidentState> {
  const at = fact.occurredAt;
  switch (fact.kind) {
    case 'incident.linked':
      return { releases: [...new Set([...state.releases, fact.data.release])] };
    case 'incident.placed':
      return { channel: fact.data.channel };
    case 'note.captured': {
      const { note: id, author, how, source, text } = fact.data;
      const known = state.notes.find((note) => note.id === id);
      const others = state.notes.filter((note) => note.id !== id);
      // Pinned, unpinned and pinned again is the same note, back where it was said.
      const note: Note = known
        ? { ...known, removed: undefined }
        : { id, author, how, source, text, at, edited: false };
      return { notes: [...others, note] };
    }
    case 'note.edited':
      return {
        notes: state.notes.map((note) => (note.id === fact.data.note ? { ...note, edited: true } : note)),
      };
    case 'note.removed':
      return {
        notes: state.notes.map((note) =>
          note.id === fact.data.note ? { ...note, removed: fact.data.why } : note,
        ),
      };
    case 'incident.resolved':
      return { resolved: { ...fact.data, at } };
    case 'effect.intended':
      return {
        effects: { ...state.effects, [fact.data.id]: { intent: fact.data, at, status: { kind: 'open' } } },
      };
    case 'effect.done':
      return settle(state, fact.data.effect, { kind: 'done', receipt: fact.data.receipt });
    case 'effect.refused':
      return settle(state, fact.data.effect, { kind: 'refused', why: fact.data.why, says: fact.data.says });
  }
}

function settle(state: IncidentState, id: string, status: EffectRecord['status']): Partial<IncidentState> {
  const record = state.effects[id];
  if (record === undefined || record.status.kind === 'done') return {};
  return { effects: { ...state.effects, [id]: { ...record, status } } };
}

/** The id of a captured message: the same message captured twice is one note. */
export function noteIdOf(source: { channel: string; ts: string }): string {
  return `${source.channel}/${source.ts}`;
}
