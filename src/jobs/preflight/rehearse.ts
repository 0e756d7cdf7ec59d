import type { Plan } from '../../domain/plan/plan.ts';
import { environmentRules } from '../../domain/rules.ts';
import type { Ports } from '../../ports/ports.ts';
import { notDone } from '../../views/answers.ts';
import { preflightRefusal, unresolvedAnswer } from '../../views/cut.ts';
import { rehearsalAnswer } from '../../views/rehearsal.ts';
import { nothingNew, wishOf } from '../cut/cut-release.ts';
import { prepareRelease } from '../cut/prepare-release.ts';
import { nextName } from '../cut/record-cut.ts';
import type { Carry } from '../requests/asked.ts';
import { askGates, type Question } from './ask-start.ts';

/**
 * Goes through a plan without moving anything: every rule is judged, and every gate that would decide on the way is asked once of what
 * runs now, so that a query that says nothing is found before a canary stands still for it.
 */
export const rehearse: Carry<'rehearse'> = async (desk, asked) => {
  const { ports, rules } = desk;
  const { environment: name, services } = asked.request;
  const environment = environmentRules(rules, name);
  if (environment === undefined) return notDone(`There is no environment ${name}.`);
  const wish = await wishOf(desk, { environment, asked, services });
  if (wish.unresolved.length > 0) return unresolvedAnswer({ environment: name, unresolved: wish.unresolved });
  if (Object.keys(wish.contents).length === 0) return nothingNew(environment);
  const next = await nextName(ports, rules.defaultTrain);
  const prepared = await prepareRelease(ports, rules, { ...wish, name: next, afresh: true });
  if (prepared.kind === 'nothing') return nothingNew(environment);
  if (prepared.kind === 'refused')
    return preflightRefusal({ environment: name, rows: prepared.shown, prefix: rules.commandPrefix });
  const answers = await askGates(ports, { questions: questionsOf(ports, prepared.plan), environment: name });
  return rehearsalAnswer({ plan: prepared.plan, rows: prepared.shown, answers });
};

/** What runs stands for what comes: both are asked about by the hash of their pods. */
function questionsOf({ cluster }: Pick<Ports, 'cluster'>, { services }: Plan): Question[] {
  return Object.entries(services).flatMap(([service, { gates, placements }]) =>
    placements.flatMap((placement) => {
      const observed = cluster.observe(placement);
      const podHash = observed.kind === 'seen' ? observed.rollout.stablePodHash : '';
      return gates
        .filter(({ type, phase }) => type !== 'manual' && phase !== 'preflight')
        .map((gate) => ({
          gate,
          service,
          namespace: placement.namespace,
          stablePodHash: podHash,
          moment: { podHash },
        }));
    }),
  );
}
