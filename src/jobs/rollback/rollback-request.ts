import { authorise } from '../../domain/authorise.ts';
import { ReleaseId, type ServiceName } from '../../domain/ids.ts';
import type { RollbackInput } from '../../domain/plan/rollback-input.ts';
import { mayRestoreAgain } from '../../domain/release/commits.ts';
import { type EnvironmentRules, environmentRules } from '../../domain/rules.ts';
import type { Answer } from '../../ports/message.ts';
import { needsRole, notDone } from '../../views/answers.ts';
import {
  putBackAgain,
  rollbackForm,
  rollbackRefusal,
  rollbackStarted,
  rollbackUnderway,
} from '../../views/rollback-plan.ts';
import { readRelease } from '../read-state.ts';
import { bellFor } from '../reconcile-release.ts';
import type { Asked, Carry, Desk } from '../requests/asked.ts';
import { decideOnRelease } from '../requests/decide-on-release.ts';
import { notOne, openRelease, whichRelease } from '../requests/which-release.ts';
import { startRecovery } from '../start-recovery.ts';
import { endAsItIs } from './end-as-it-is.ts';
import { planRecovery } from './plan-recovery.ts';

/** Shows what would go back, before anything moves. Asks for no right: everybody may know the way back. */
export const rollbackPlan: Carry<'rollbackPlan'> = async (desk, asked) => {
  const meant = await whatIsMeant(desk, asked);
  if (meant.kind === 'answer') return meant.answer;
  const { environment, wanted, to } = meant;
  // The plan that is shown may wait for the catalog; the one that is carried out does not.
  await desk.catalog.load().catch(() => undefined);
  const { planned } = await planRecovery(desk.ports, desk.catalog, {
    environment,
    asked: wanted,
    to,
    makers: [],
  });
  if (planned.kind !== 'planned') return rollbackRefusal(planned, environment.name);
  const does = {
    kind: 'rollback' as const,
    environment: environment.name,
    services: wanted.kind === 'services' ? [...wanted.services] : [],
    ...(wanted.kind === 'release' && { release: wanted.release }),
    ...(to && { to }),
    saw: Object.keys(planned.draft.services).join(', '),
  };
  return { kind: 'form', form: rollbackForm({ planned, environment: environment.name, does }) };
};

/** Takes it back. Compares release and environment only: what moved since the card was drawn is taken back all the same. */
export const rollback: Carry<'rollback'> = async (desk, asked) => {
  const { environment: name, release, services, to } = asked.request;
  const environment = environmentRules(desk.rules, name);
  if (environment === undefined) return notDone(`There is no environment ${name}.`);
  const wanted: RollbackInput['asked'] = release
    ? { kind: 'release', release }
    : { kind: 'services', services };
  return begin(desk, asked, {
    environment,
    wanted,
    to,
    action: 'rollback',
    reason: `rolled back by ${asked.by.name}`,
  });
};

/**
 * Stops a release: before it started it is cancelled, afterwards everything it changed goes back. Where nothing can, it ends as
 * it is.
 */
export const abort: Carry<'abort'> = async (desk, asked) => {
  const { release: word, environment: where, reason } = asked.request;
  const named = await openRelease(desk.ports, { word, environment: where });
  const found = named
    ? { kind: 'one' as const, release: named.state.id }
    : await whichRelease(desk.ports, { word, environment: where, finished: false });
  if (found.kind !== 'one')
    return notOne(found, (id) => ({
      ...asked.request,
      release: id.split('/')[1] ?? '',
      environment: id.split('/')[0] ?? '',
    }));
  const reading = named ?? (await readRelease(desk.ports.ledger, found.release));
  const environment = reading && environmentRules(desk.rules, reading.state.environment);
  if (reading === undefined || environment === undefined)
    return notDone(`There is no release ${found.release}.`);
  if (reading.state.started === undefined) return cancel(desk, asked, { id: found.release, environment });
  const wanted = { kind: 'release' as const, release: found.release };
  return begin(desk, asked, {
    environment,
    wanted,
    action: 'abort',
    reason: reason ?? `aborted by ${asked.by.name}`,
    otherwise: ({ says }) => endAsItIs(desk, asked, { id: found.release, because: says }),
  });
};

async function cancel(
  desk: Desk,
  asked: Asked<'abort'>,
  { id, environment }: { id: ReleaseId; environment: EnvironmentRules },
): Promise<Answer | undefined> {
  const reading = await readRelease(desk.ports.ledger, id);
  // Whoever made a release may take it back before anybody has moved it.
  const maker = reading?.state.requestedBy === asked.by.id;
  const may = authorise(asked.by.roles, 'abort', environment);
  if (may.kind === 'refused' && !maker)
    return needsRole({ ...may, environment: environment.name, what: 'cancel a release' });
  const decided = await decideOnRelease(desk.ports, { asked, release: id }, (state) => {
    if (state.started || state.ended)
      return { kind: 'answer', answer: notDone(`${state.name} has moved on meanwhile; abort it again.`) };
    const by = `cancelled by ${asked.by.name}`;
    return {
      kind: 'facts',
      facts: [{ kind: 'release.ended', data: { outcome: 'cancelled', reason: asked.request.reason ?? by } }],
    };
  });
  if (decided.kind === 'answer') return decided.answer;
  await desk.ports.bells.ring(bellFor(decided.state));
  return undefined;
}

interface Beginning {
  environment: EnvironmentRules;
  wanted: RollbackInput['asked'];
  to?: ReleaseId | undefined;
  action: 'rollback' | 'abort';
  reason: string;
  /** What may still be done where nothing can go back. */
  otherwise?: (refused: { says: string }) => Promise<Answer | undefined>;
}

async function begin(
  desk: Desk,
  asked: Asked<'rollback'> | Asked<'abort'>,
  beginning: Beginning,
): Promise<Answer | undefined> {
  const { environment, wanted, to, action, reason, otherwise } = beginning;
  const may = authorise(asked.by.roles, action, environment);
  if (may.kind === 'refused')
    return needsRole({
      ...may,
      says: `${may.says} The plan is kept.`,
      environment: environment.name,
      what: 'roll back',
    });
  const actor = { kind: 'person' as const, id: asked.by.id, via: asked.via };
  const started = await startRecovery(desk.ports, desk, {
    wish: { environment, asked: wanted, to, makers: [asked.by.id] },
    cause: { actor, id: asked.id, reason },
  });
  if (started.kind === 'underway') return again(desk, asked, started.release);
  if (started.kind !== 'started')
    return (await otherwise?.(started)) ?? rollbackRefusal(started, environment.name);
  return rollbackStarted({ id: started.id, channel: environment.channel });
}

/**
 * Asked for once more while it is under way: where all of it was committed long ago, somebody may have changed since what it
 * restored, and it is put back once more. Sooner than that it is a second click, which changes nothing.
 */
async function again(
  desk: Desk,
  asked: Asked<'rollback'> | Asked<'abort'>,
  release: ReleaseId,
): Promise<Answer | undefined> {
  const decided = await decideOnRelease(desk.ports, { asked, release }, (state) =>
    mayRestoreAgain(state, desk.ports.clock.now())
      ? {
          kind: 'facts',
          facts: [{ kind: 'release.resumed', data: { moments: [], reason: 'put back once more' } }],
        }
      : { kind: 'answer', answer: rollbackUnderway(release) },
  );
  if (decided.kind === 'answer') return decided.answer;
  await desk.ports.bells.ring(bellFor(decided.state));
  return putBackAgain(release);
}

type Meant =
  | {
      kind: 'meant';
      environment: EnvironmentRules;
      wanted: RollbackInput['asked'];
      to?: ReleaseId | undefined;
    }
  | { kind: 'answer'; answer: Answer };

/** What a person means by a word, or by nothing: what is under way, else what was released last. */
async function whatIsMeant(desk: Desk, asked: Asked<'rollbackPlan'>): Promise<Meant> {
  const { target, to: toWord } = asked.request;
  const environment = await whichEnvironment(desk, asked.request.environment);
  if (environment === undefined) return { kind: 'answer', answer: notDone('No environment is configured.') };
  const to =
    toWord === undefined
      ? undefined
      : await whichRelease(desk.ports, { word: toWord, environment: environment.name, finished: true });
  if (to && to.kind !== 'one')
    return { kind: 'answer', answer: notOne(to, (id) => ({ ...asked.request, to: id.split('/')[1] ?? '' })) };
  const meant = { kind: 'meant' as const, environment, ...(to && { to: to.release }) };
  if (target !== undefined && !/^\.?\d+$|-\d{4}-\d{2}-\d{2}\.\d+$/.test(target)) {
    return { ...meant, wanted: { kind: 'services', services: [target.toLowerCase() as ServiceName] } };
  }
  const found =
    target === undefined
      ? await lastMoved(desk, environment.name)
      : await whichRelease(desk.ports, { word: target, environment: environment.name, finished: true });
  if (found.kind !== 'one') {
    return {
      kind: 'answer',
      answer: notOne(found, (id) => ({
        ...asked.request,
        target: id.split('/')[1] ?? '',
        environment: environment.name,
      })),
    };
  }
  return { ...meant, wanted: { kind: 'release', release: found.release } };
}

/** Where something is under way, the latest environment first; else the last environment. */
async function whichEnvironment(
  { ports, rules }: Desk,
  name: string | undefined,
): Promise<EnvironmentRules | undefined> {
  if (name !== undefined) return environmentRules(rules, name);
  const open = await ports.ledger.unfinished();
  const busy = [...rules.environments]
    .reverse()
    .find((each) => open.some((stream) => stream.startsWith(`release:${each.name}/`)));
  return busy ?? rules.environments.at(-1);
}

/** The release that is under way, else the one that ended last as released. */
async function lastMoved({ ports }: Desk, environment: string) {
  const under = await whichRelease(ports, { environment, finished: false });
  if (under.kind !== 'none') return under;
  const prefix = `release:${environment}/`;
  for (const stream of await ports.ledger.recent('release', 50)) {
    if (!stream.startsWith(prefix)) continue;
    const reading = await readRelease(ports.ledger, ReleaseId.parse(stream.slice('release:'.length)));
    if (reading?.state.ended?.outcome === 'released')
      return { kind: 'one' as const, release: reading.state.id };
  }
  return under;
}
