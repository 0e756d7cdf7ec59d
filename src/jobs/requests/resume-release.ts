import { authorise } from '../../domain/authorise.ts';
import type { Moment } from '../../domain/gate/planned-gate.ts';
import { type ServiceName, splitReleaseId } from '../../domain/ids.ts';
import { placesOf, standingOf } from '../../domain/release/forward/standing.ts';
import type { Look } from '../../domain/release/look.ts';
import { phaseOfRelease } from '../../domain/release/release-state.ts';
import { environmentRules } from '../../domain/rules.ts';
import { TerminalError } from '../../errors.ts';
import { choose, needsRole, notDone } from '../../views/answers.ts';
import { gatherLook } from '../gather-look.ts';
import { bellFor } from '../reconcile-release.ts';
import type { Asked, Carry } from './asked.ts';
import { decideOnRelease } from './decide-on-release.ts';
import { notOne, whichRelease } from './which-release.ts';

/** Lets paused canaries, or a held release, go on: as this person, for exactly the pauses that are there now. */
export const resume: Carry<'resume'> = async ({ ports, rules }, asked) => {
  const { release: word, environment, service, seen } = asked.request;
  const found = await whichRelease(ports, { word, environment, finished: false });
  if (found.kind !== 'one') return notOne(found, (id) => againFor(asked, id));
  const gathered = await gatherLook(ports, rules, { id: found.release });
  if (gathered === undefined) throw new TerminalError(`release ${found.release} is gone`);
  const { look } = gathered;
  const refused = notAllowed(rules, asked, look.release.environment);
  if (refused) return refused;
  const paused = pausesOf(look, service);
  if (paused.length > 1 && service === undefined && look.release.hold === undefined) {
    return choose(
      'Several services wait for a person. Which one may go on?',
      paused.map((each) => ({
        label: each.service,
        does: { ...asked.request, release: look.release.name, service: each.service },
      })),
    );
  }
  const moments = [...paused.map((each) => each.moment), ...unclearMoments(look)];
  const decided = await decideOnRelease(ports, { asked, release: found.release }, (state) => {
    const phase = phaseOfRelease(state, true);
    if (seen && (seen.planHash !== state.planHash || seen.state !== phase)) {
      return {
        kind: 'answer',
        answer: notDone(`Since that card ${state.name} became ${phase}. Not done: look at its board.`),
      };
    }
    if (state.hold === undefined && moments.length === 0) {
      return {
        kind: 'answer',
        answer: notDone(`Nothing of ${state.name} in ${state.environment} waits for a person.`),
      };
    }
    return { kind: 'facts', facts: [{ kind: 'release.resumed', data: { moments } }] };
  });
  if (decided.kind === 'answer') return decided.answer;
  await ports.bells.ring(bellFor(decided.state));
  return undefined;
};

/** Tries again what a target refused, once whoever can has changed the target's mind. */
export const retry: Carry<'retry'> = (desk, asked) => {
  const { environment, name } = splitReleaseId(asked.request.release);
  return resume(desk, {
    ...asked,
    request: {
      kind: 'resume',
      release: name,
      environment,
      ...(asked.request.seen && { seen: asked.request.seen }),
    },
  });
};

function againFor(asked: Asked<'resume'>, id: `${string}/${string}`) {
  const [environment = '', name = ''] = id.split('/');
  return { ...asked.request, environment, release: name };
}

function notAllowed(
  rules: Parameters<typeof environmentRules>[0],
  asked: Asked<'resume'>,
  environment: string,
) {
  const here = environmentRules(rules, environment);
  if (here === undefined) return notDone(`${environment} is no longer configured.`);
  const may = authorise(asked.by.roles, 'resume', here);
  return may.kind === 'allowed'
    ? undefined
    : needsRole({ ...may, environment, what: 'let the release go on' });
}

/** The pauses that wait for a person, of one service or of all. */
function pausesOf(look: Look, service: ServiceName | undefined): { service: ServiceName; moment: Moment }[] {
  const services = look.release.plan.waves.flat().filter((each) => service === undefined || each === service);
  return placesOf(look, services).flatMap((place) => {
    const standing = standingOf(look, place);
    return standing.kind === 'paused' || standing.kind === 'undecided' || standing.kind === 'empty'
      ? [{ service: place.service, moment: standing.moment }]
      : [];
  });
}

/** What a held release was held for after its deployment. */
function unclearMoments(look: Look): Moment[] {
  if (look.release.hold?.reason.kind !== 'gateUnclear') return [];
  const { gate } = look.release.hold.reason;
  const last = look.release.judgements.findLast((each) => each.gate === gate && each.verdict !== 'pass');
  return last?.moment.step === 'postDeploy' ? [last.moment] : [];
}
