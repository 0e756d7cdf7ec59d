import { authorise } from '../../domain/authorise.ts';
import { servicesIn } from '../../domain/catalog/catalog.ts';
import type { EnvironmentState } from '../../domain/environment/environment-state.ts';
import { type ReleaseId, splitReleaseId } from '../../domain/ids.ts';
import type { EnvironmentFactBody } from '../../domain/ledger/fact.ts';
import { didYouMean } from '../../domain/naming/nearest.ts';
import {
  EXEMPTIBLE,
  type Exemption,
  isExemptible,
  LONGEST_EXEMPTION_MS,
} from '../../domain/policy/exemption.ts';
import { RULE_IDS } from '../../domain/policy/finding.ts';
import { type EnvironmentRules, environmentRules } from '../../domain/rules.ts';
import type { Answer } from '../../ports/message.ts';
import { needsRole, notDone, refusal, said } from '../../views/answers.ts';
import { waitsForSecond } from '../../views/exemption.ts';
import { readRelease } from '../read-state.ts';
import { ringUnfinished } from '../record-turn.ts';
import type { Asked, Carry, Desk } from '../requests/asked.ts';
import { notOne, whichRelease } from '../requests/which-release.ts';
import { decideOnEnvironment } from './decide-on-environment.ts';
import { showExemption } from './show-exemption.ts';

/** Asks that a rule be passed over for a while. It counts for nothing until a second person has granted it. */
export const exempt: Carry<'exempt'> = async (desk, asked) => {
  const { rule, forMs, reason } = asked.request;
  const impossible = notExemptible(rule) ?? tooLong(forMs);
  if (impossible) return impossible;
  const target = await targetOf(desk, asked);
  if (target.kind === 'answer') return target.answer;
  const { environment, release, service } = target;
  const may = authorise(asked.by.roles, 'cut', environment);
  if (may.kind === 'refused')
    return needsRole({ ...may, environment: environment.name, what: `ask for an exemption from ${rule}` });
  const decided = await decideOnEnvironment(
    desk.ports,
    { asked, environment: environment.name },
    (state) => ({
      kind: 'facts',
      facts: [
        {
          kind: 'exemption.asked',
          data: {
            exemption: `E${state.exemptions.length + 1}`,
            rule,
            ...(release && { release }),
            ...(service !== undefined && { service }),
            until: new Date(Date.parse(asked.receivedAt) + forMs).toISOString(),
            reason,
            person: asked.by.id,
          },
        },
      ],
    }),
  );
  if (decided.kind === 'answer') return decided.answer;
  const exemption = decided.state.exemptions.find((each) => each.causes.includes(asked.id));
  if (exemption === undefined) return undefined;
  await showExemption(desk, { environment, exemption });
  const line = `Asked for ${exemption.id}: ${rule}. A second person has to grant it.`;
  return {
    kind: 'message',
    message: {
      text: line,
      blocks: [{ kind: 'section', text: waitsForSecond(exemption, environment.name) }],
    },
  };
};

/** A second person says yes or no; whoever asked may take it back. */
export const decideExemption: Carry<'decideExemption'> = async (desk, asked) => {
  const { environment: name, exemption: id, grant } = asked.request;
  const environment = environmentRules(desk.rules, name);
  if (environment === undefined) return notDone(`There is no environment ${name}.`);
  const decided = await decideOnEnvironment(desk.ports, { asked, environment: name }, (state) => {
    const refused = notDecidable(state, { asked, environment, now: desk.ports.clock.now() });
    return refused ? { kind: 'answer', answer: refused } : { kind: 'facts', facts: [word(asked)] };
  });
  if (decided.kind === 'answer') return decided.answer;
  const exemption = decided.state.exemptions.find((each) => each.id === id);
  if (exemption) await showExemption(desk, { environment, exemption });
  await ringUnfinished(desk.ports, name);
  return said(`${id} is ${grant ? 'granted' : 'refused'}.`);
};

function word({ request, by }: Asked<'decideExemption'>): EnvironmentFactBody {
  const { exemption } = request;
  return request.grant
    ? { kind: 'exemption.granted', data: { exemption, person: by.id, roles: [...by.roles] } }
    : { kind: 'exemption.refused', data: { exemption, person: by.id } };
}

function notExemptible(rule: string): Answer | undefined {
  if (isExemptible(rule)) return undefined;
  const isKnown = RULE_IDS.some((each) => each === rule);
  return refusal({
    says: isKnown
      ? `Nobody is exempted from ${rule}: it protects the record, the approval or the plan.`
      : `There is no rule ${rule}; ${didYouMean(rule, EXEMPTIBLE)}`,
    rule: 'exemptible',
    remedy: `Exemptions are possible from: ${EXEMPTIBLE.join(', ')}.`,
  });
}

function tooLong(forMs: number): Answer | undefined {
  if (forMs <= LONGEST_EXEMPTION_MS) return undefined;
  return refusal({
    says: 'An exemption lasts 30 days at most.',
    rule: 'exemption-length',
    remedy: 'Ask for less, or change the rule in signalbox.yaml.',
  });
}

type Target =
  | { kind: 'target'; environment: EnvironmentRules; release?: ReleaseId; service?: string }
  | { kind: 'answer'; answer: Answer };

/** A service of an environment, or a release that has not ended. */
async function targetOf(desk: Desk, { request }: Asked<'exempt'>): Promise<Target> {
  const { target: word, environment: name } = request;
  const answer = (words: string): Target => ({ kind: 'answer', answer: notDone(words) });
  const catalog = await desk.catalog.load();
  if (Object.hasOwn(catalog.services, word)) {
    if (name === undefined)
      return answer(
        `Say in which environment ${word} is exempted: one of ${environmentsWith(desk, word, catalog)}.`,
      );
    const environment = environmentRules(desk.rules, name);
    return environment && servicesIn(catalog, name).includes(word)
      ? { kind: 'target', environment, service: word }
      : answer(`There is no service ${word} in ${name}. It is in ${environmentsWith(desk, word, catalog)}.`);
  }
  const found = await whichRelease(desk.ports, { word, environment: name, finished: false });
  if (found.kind !== 'one') {
    if (found.kind === 'none')
      return answer(`${word} is neither a service nor an open release: ${found.says}.`);
    const again = (id: ReleaseId) => {
      const { environment, name: release } = splitReleaseId(id);
      return { ...request, environment, target: release };
    };
    return { kind: 'answer', answer: notOne(found, again) };
  }
  const reading = await readRelease(desk.ports.ledger, found.release);
  const environment = reading && environmentRules(desk.rules, reading.state.environment);
  if (reading === undefined || environment === undefined)
    return answer(`There is no release ${found.release}.`);
  // A window may close in the midst of a release; every other rule was judged before it began.
  if (reading.state.started && request.rule !== 'freeze-window')
    return answer(`${found.release} has begun: there is nothing left to exempt it from.`);
  return { kind: 'target', environment, release: found.release };
}

function environmentsWith(
  { rules }: Desk,
  service: string,
  catalog: Awaited<ReturnType<Desk['catalog']['load']>>,
): string {
  const names = rules.environments.map((each) => each.name);
  return names.filter((name) => servicesIn(catalog, name).includes(service)).join(', ') || 'none';
}

function notDecidable(
  state: EnvironmentState,
  {
    asked,
    environment,
    now,
  }: { asked: Asked<'decideExemption'>; environment: EnvironmentRules; now: number },
): Answer | undefined {
  const { exemption: id, grant } = asked.request;
  const exemption = state.exemptions.find((each) => each.id === id);
  if (exemption === undefined) return notDone(`There is no exemption ${id} in ${environment.name}.`);
  if (exemption.granted || exemption.refused) return notDone(`${id} has been decided already. Not done.`);
  if (now >= Date.parse(exemption.until)) return notDone(`${id} would have ended already. Not done.`);
  if (!grant && exemption.asked.by === asked.by.id) return undefined;
  return notTheSecond(exemption, asked) ?? notAllowed(asked, environment);
}

function notTheSecond({ id, asked }: Exemption, { by }: Asked<'decideExemption'>): Answer | undefined {
  if (asked.by !== by.id) return undefined;
  return refusal({
    says: `You asked for ${id}: a second person grants it. Not done.`,
    rule: 'maker-checker',
  });
}

function notAllowed(asked: Asked<'decideExemption'>, environment: EnvironmentRules): Answer | undefined {
  const may = authorise(asked.by.roles, 'approve', environment);
  return may.kind === 'allowed'
    ? undefined
    : needsRole({ ...may, environment: environment.name, what: 'decide on an exemption' });
}
