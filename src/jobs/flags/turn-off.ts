import { authorise } from '../../domain/authorise.ts';
import { askFacts } from '../../domain/flag/ask-facts.ts';
import { channelLink, mrkdwn } from '../../domain/text/mrkdwn.ts';
import { needsRole, said } from '../../views/answers.ts';
import { decideOnEnvironment } from '../preflight/decide-on-environment.ts';
import type { Carry } from '../requests/asked.ts';
import { findFlag } from './find-flag.ts';

/**
 * The kill switch: everybody gets the old path again. Whoever may roll back may do it; no approval, freeze or release under way
 * holds it, and what the flag gave before does not matter.
 */
export const flagOff: Carry<'flagOff'> = async ({ ports, rules }, asked) => {
  const { key, environment: where } = asked.request;
  const found = await findFlag(ports, rules, {
    key,
    environment: where,
    again: (environment) => ({ ...asked.request, environment }),
  });
  if (found.kind === 'answer') return found.answer;
  const { environment, ref, brought } = found;
  const may = authorise(asked.by.roles, 'rollback', environment);
  if (may.kind === 'refused')
    return needsRole({ ...may, environment: environment.name, what: `turn ${key} off` });
  const decided = await decideOnEnvironment(
    ports,
    { asked, environment: environment.name, recovery: true },
    (state) => ({
      kind: 'facts',
      facts: askFacts(state, {
        change: `FL${state.flags.count + 1}`,
        ref,
        wanted: { on: false },
        why: 'off',
        urgent: true,
        ...(brought && { release: brought.release }),
        services: brought?.flag.services ?? [],
        judgements: [],
      }),
    }),
  );
  if (decided.kind === 'answer') return decided.answer;
  await ports.bells.ring({ kind: 'flags', environment: environment.name });
  return said(
    `Turning ${key} off in ${environment.name}.`,
    mrkdwn`${channelLink(environment.channel)} says when it is off.`,
  );
};
