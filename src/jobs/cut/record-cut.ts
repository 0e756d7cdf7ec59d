import type { Actor } from '../../domain/actor.ts';
import { type ReleaseId, type ReleaseName, releaseId, releaseStream } from '../../domain/ids.ts';
import type { ReleaseFactBody } from '../../domain/ledger/fact.ts';
import { nextReleaseName } from '../../domain/naming/release-name.ts';
import { UnavailableError } from '../../errors.ts';
import type { Write } from '../../ports/ledger.ts';
import type { Ports } from '../../ports/ports.ts';
import { readInstallation } from '../read-state.ts';
import { stamp, writeTo } from '../record.ts';
import type { Asker } from '../requests/asked.ts';

type Cut = Extract<ReleaseFactBody, { kind: 'release.cut' }>['data'];

export type CutRecorded =
  | { kind: 'recorded'; id: ReleaseId }
  /** The name was taken, or something else that is written with it changed: read again and decide again. */
  | { kind: 'nameTaken' };

/** What stands or falls with a cut. */
interface Besides {
  /** Of the release itself, after its first fact. */
  facts?: readonly ReleaseFactBody[];
  /** To other streams. */
  writes?: readonly Write[];
}

/** The next free name of a train today, whatever environment the others were made in. */
export async function nextName(
  ports: Pick<Ports, 'ledger' | 'snapshots' | 'clock'>,
  train: string,
): Promise<ReleaseName> {
  const { state } = await readInstallation(ports);
  return nextReleaseName({ train, now: ports.clock.now(), taken: state.names });
}

/** A person who asks, as the maker of a release. */
export function makerOf(asker: Asker): { id: string; actor: Actor } {
  return { id: asker.id, actor: { kind: 'person', id: asker.by.id, via: asker.via } };
}

/**
 * Records a cut: its name is used up and its first facts stand, or nothing is. A release that carries its name from another
 * environment takes none.
 */
export async function recordCut(
  ports: Pick<Ports, 'ledger' | 'snapshots' | 'clock'>,
  by: { id: string; actor: Actor },
  data: Cut,
  { facts = [], writes: others = [] }: Besides = {},
): Promise<CutRecorded> {
  const { ledger, clock } = ports;
  const id = releaseId(data.environment, data.name);
  const { actor } = by;
  const installation = await readInstallation(ports);
  const isNew = !installation.state.names.includes(data.name);
  if (!isNew && data.promotedFrom === undefined) return { kind: 'nameTaken' };
  const at = await ledger.read(releaseStream(id));
  if (at.version > 0) return at.facts[0]?.cause === by.id ? { kind: 'recorded', id } : { kind: 'nameTaken' };
  const cut = stamp(clock, { kind: 'release.cut', actor, cause: by.id, data });
  const more = facts.map((fact) => stamp(clock, { ...fact, actor, cause: by.id }));
  const writes: Write[] = [writeTo(at, [cut, ...more], id), ...others];
  if (isNew) {
    const taken = stamp(clock, { kind: 'name.taken', actor, cause: by.id, data: { name: data.name } });
    writes.push(writeTo(installation.at, [taken], id));
  }
  const appended = await ledger.append({
    operation: `request:${by.id}`,
    writes,
    fences: {},
    raises: {},
    opens: [releaseStream(id)],
  });
  if (appended.kind === 'conflict') return { kind: 'nameTaken' };
  if (appended.kind === 'readOnly')
    throw new UnavailableError(`${appended.stream} is read-only: ${appended.reason}`);
  const recorded = appended.kind === 'appended' || appended.kind === 'repeated' ? appended.facts : [];
  const own = recorded.find((fact) => fact.kind === 'release.cut');
  return { kind: 'recorded', id: (own?.correlation ?? id) as ReleaseId };
}
