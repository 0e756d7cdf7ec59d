import { versionOf } from '../content.ts';
import type { ClockSource, IncidentFact, ReleaseFact } from '../ledger/fact.ts';
import type { IncidentState, Note } from './incident-state.ts';

/** A line of a timeline. Ordered by when it happened, on the clock of whoever saw it. */
export interface TimelineEntry {
  at: string;
  clock: ClockSource;
  /** Who did it; a person's or policy's id. */
  who: string;
  /** What happened; absent for a note, whose words are in the erasable store. */
  says?: string;
  note?: Note;
  /** A word in the margin: what this moment was for the incident. */
  mark?: 'detected' | 'decided' | 'acted' | 'mitigated' | 'clean';
}

/** Everything that happened, in order: the releases' facts that a reader of an incident needs, and the notes. */
export function timelineOf(
  incident: IncidentState,
  facts: readonly (ReleaseFact | IncidentFact)[],
): TimelineEntry[] {
  const entries = facts.flatMap((fact) => entryOf(fact));
  const notes = incident.notes
    .filter((note) => note.removed === undefined)
    .map((note): TimelineEntry => ({ at: note.at, clock: 'slack', who: note.author, note }));
  return [...entries, ...notes].sort((a, b) => a.at.localeCompare(b.at));
}

function entryOf(fact: ReleaseFact | IncidentFact): TimelineEntry[] {
  const told = words(fact);
  return told === undefined ? [] : [{ at: fact.occurredAt, clock: fact.clock, who: fact.actor.id, ...told }];
}

type Told = Pick<TimelineEntry, 'says' | 'mark'>;

function words(fact: ReleaseFact | IncidentFact): Told | undefined {
  switch (fact.kind) {
    case 'release.cut':
      return fact.data.plan.type === 'rollback'
        ? {
            says: `rollback ${fact.data.name} began${fact.data.reason ? `: ${fact.data.reason}` : ''}`,
            mark: 'decided',
          }
        : { says: `${fact.data.name} cut for ${fact.data.environment}: ${changes(fact)}` };
    case 'approval.granted':
      return { says: 'approved' };
    case 'approval.kept':
      return { says: `approval for ${fact.data.services.join(', ')} kept from ${fact.data.from}` };
    case 'approval.rejected':
      return { says: `rejected${fact.data.reason ? `: ${fact.data.reason}` : ''}` };
    case 'approvals.voided':
      return { says: `approvals void: ${fact.data.reason}` };
    case 'release.started':
      return { says: 'started' };
    case 'service.moved':
      return { says: movement(fact.data) };
    case 'gate.judged':
      return fact.data.verdict === 'pass'
        ? { says: `gate ${fact.data.gate} of ${fact.data.service} passed` }
        : { says: `gate ${fact.data.gate} of ${fact.data.service}: ${fact.data.verdict}`, mark: 'detected' };
    case 'migration.cleared':
      return { says: `migration ${fact.data.migration} may run` };
    case 'migration.done':
      return {
        says: `migration ${fact.data.migration} is there${fact.data.phase === 'contract' ? ': no way back to what needs what it removed' : ''}`,
      };
    case 'release.held':
      return { says: 'held, waits for a person' };
    case 'release.resumed':
      return { says: fact.data.reason ?? 'let go on' };
    case 'release.takenBack':
      return { says: `taken back: ${fact.data.reason}`, mark: 'decided' };
    case 'service.proved':
      return { says: `${fact.data.service} proved on ${fact.data.proof.pods} pods` };
    case 'recovery.reached':
      return fact.data.stage === 'servingStable'
        ? { says: 'serving stable', mark: 'mitigated' }
        : { says: 'clean: Git and cluster agree', mark: 'clean' };
    case 'release.ended':
      return { says: `ended: ${fact.data.outcome}` };
    case 'effect.done':
      return effect(fact.data);
    case 'effect.refused':
      return { says: `refused: ${fact.data.says}` };
    case 'incident.opened':
      return { says: `incident opened: ${fact.data.title}` };
    case 'incident.resolved':
      return { says: 'incident resolved' };
    case 'checklist.answered':
      return { says: `checklist item ${fact.data.item} ${fact.data.met ? 'ticked' : 'is not met'}` };
    case 'preflight.judged':
    case 'checklist.taken':
    case 'effect.intended':
    case 'manifest.adopted':
    case 'incident.linked':
    case 'incident.placed':
    case 'note.captured':
    case 'note.edited':
    case 'note.removed':
      return undefined;
  }
}

function changes(fact: Extract<ReleaseFact, { kind: 'release.cut' }>): string {
  return Object.entries(fact.data.plan.services)
    .map(
      ([service, planned]) =>
        `${service} ${planned.from ? versionOf(planned.from) : 'new'} → ${versionOf(planned.to)}`,
    )
    .join(', ');
}

function movement(moved: { service: string; phase: string; weight?: number | undefined }): string {
  const weight = moved.weight === undefined ? '' : ` at ${moved.weight} %`;
  return `${moved.service} ${moved.phase.toLowerCase()}${weight}`;
}

/** What was done to the world, without what was said about it. */
function effect(done: { effect: string }): Told | undefined {
  const [verb = ''] = done.effect.split('/');
  if (verb === 'abort') return { says: `aborted ${lastPart(done.effect, 1)}`, mark: 'acted' };
  if (verb.startsWith('wave-')) return { says: `committed ${verb.replace('@', ' to ')}` };
  if (verb.startsWith('restore@'))
    return { says: `committed the restored content to ${verb.slice('restore@'.length)}`, mark: 'acted' };
  if (verb === 'resume') return { says: `let ${lastPart(done.effect, 1)} go on` };
  if (verb === 'full') return { says: `promoted ${lastPart(done.effect, 1)} fully` };
  if (verb === 'undo') return { says: `undid ${lastPart(done.effect, 1)}`, mark: 'acted' };
  return undefined;
}

/** The Rollout's name inside `<verb>/<cluster>/<namespace>/<rollout>/…`. */
function lastPart(id: string, from: number): string {
  return id.split('/')[from + 2] ?? id;
}
