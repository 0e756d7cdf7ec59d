import { authorise } from '../../../src/domain/authorise.ts';
import type { ReleaseFact } from '../../../src/domain/ledger/fact.ts';
import type { RequestKind } from '../../../src/domain/request.ts';
import { type Action, environmentRules, type Rules } from '../../../src/domain/rules.ts';
import type { Answer } from '../../../src/ports/message.ts';
import { wordsOf } from '../ports/memory-chat.ts';
import { entriesOf } from '../world/history.ts';
import { isMember, rolesOf } from '../world/people.ts';
import type { Law } from './law.ts';
import { factsIn, releaseOf } from './releases.ts';

/** What nobody asked for in words gets no words back. */
const SILENT: ReadonlySet<RequestKind> = new Set(['openHome']);

export const acceptedIsCarriedOut: Law = {
  name: 'no accepted request is lost',
  breaches({ history, waiting }) {
    const causes = new Set(factsIn(history).map(({ fact }) => fact.cause));
    const answered = new Set(entriesOf(history, 'answer').map(({ delivery }) => delivery));
    const finished = new Set(entriesOf(history, 'finished').map(({ request }) => request));
    const silent = entriesOf(history, 'accepted')
      .filter(({ request }) => finished.has(request.id) && !SILENT.has(request.request.kind))
      .filter(({ request, delivery }) => !causes.has(request.id) && !answered.has(delivery))
      .map(({ request }) => `${request.id} (${request.request.kind}) has neither facts nor an answer`);
    return [...waiting.map((id) => `${id} was never carried out`), ...silent];
  },
};

export const oneActIsDoneOnce: Law = {
  name: 'what a person sends once is done once, however often it arrives',
  breaches({ history }) {
    const accepted = entriesOf(history, 'accepted');
    const deliveryOf = new Map(accepted.map(({ request, delivery }) => [request.id, delivery]));
    const cuts = factsIn(history)
      .filter(({ fact }) => fact.kind === 'release.cut' && deliveryOf.has(fact.cause ?? ''))
      .map(({ fact }) => deliveryOf.get(fact.cause ?? '') ?? '');
    return [
      ...twice(accepted.map(({ delivery }) => delivery)).map((id) => `${id} was accepted twice`),
      ...twice(entriesOf(history, 'answer').map(({ delivery }) => delivery)).map(
        (id) => `${id} was answered twice`,
      ),
      ...twice(cuts).map((id) => `${id} made two releases`),
    ];
  },
};

export const onlyThoseWhoMay: Law = {
  name: 'people do only what they may',
  breaches({ history, shop }) {
    return factsIn(history).flatMap(({ fact }) => {
      const action = actionOf(fact as ReleaseFact);
      const environment = releaseOf(fact)?.split('/')[0];
      if (action === undefined || environment === undefined || fact.actor.kind !== 'person') return [];
      if (may(shop.rules, { person: fact.actor.id, action, environment })) return [];
      return [`${fact.actor.id} did ${fact.kind} in ${environment}`];
    });
  },
};

export const refusalsNameARule: Law = {
  name: 'a refusal names its rule',
  breaches({ history, shop }) {
    const answers = new Map(entriesOf(history, 'answer').map(({ delivery, answer }) => [delivery, answer]));
    return entriesOf(history, 'accepted').flatMap(({ request: { principal, request }, delivery }) => {
      const answer = answers.get(delivery);
      const isBarred =
        request.kind === 'cut' && environmentRules(shop.rules, request.environment) !== undefined
          ? !may(shop.rules, { person: principal, action: 'cut', environment: request.environment })
          : !isMember(principal);
      if (!isBarred || answer === undefined || /rule `[^`]+`/.test(wordsIn(answer))) return [];
      return [
        `${delivery} (${request.kind} by ${principal}) was answered without a rule: ${wordsIn(answer)}`,
      ];
    });
  },
};

function may(rules: Rules, asked: { person: string; action: Action; environment: string }): boolean {
  const environment = environmentRules(rules, asked.environment);
  if (environment === undefined || !isMember(asked.person)) return false;
  return authorise(rolesOf(asked.person), asked.action, environment).kind === 'allowed';
}

/** The right that a fact of a person needs; approvals have laws of their own, and makers may take back what has not begun. */
function actionOf(fact: ReleaseFact): Action | undefined {
  switch (fact.kind) {
    case 'release.cut':
      if (fact.data.plan.type === 'rollback') return 'rollback';
      return fact.data.promotedFrom ? 'promote' : 'cut';
    case 'release.resumed':
      return 'resume';
    case 'release.takenBack':
      return 'rollback';
    case 'manifest.adopted':
      return 'cut';
    default:
      return undefined;
  }
}

function wordsIn(answer: Answer): string {
  if (answer.kind === 'file') return answer.text;
  const { blocks, text } = answer.kind === 'form' ? answer.form.message : answer.message;
  return `${text}\n${wordsOf(blocks)}`;
}

function twice(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return [...new Set(names.filter((name) => seen.has(name) || !seen.add(name)))];
}
