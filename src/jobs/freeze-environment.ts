import { authorise } from '../domain/authorise.ts';
import { activeFreezes, type Freeze } from '../domain/environment/freeze.ts';
import { environmentRules } from '../domain/rules.ts';
import { needsRole, notDone } from '../views/answers.ts';
import { freezeMessage, frozenAnswer, thawedAnswer } from '../views/freeze.ts';
import { decideOnEnvironment } from './preflight/decide-on-environment.ts';
import { ringUnfinished } from './record-turn.ts';
import type { Carry, Desk } from './requests/asked.ts';

/** Some time for clocks that differ: a message that is looked for may seem older than what it tells. */
const CLOCKS_DIFFER_MS = 60_000;

/** Lets nothing begin in an environment: what is under way finishes its wave, and rollbacks go on. */
export const freeze: Carry<'freeze'> = async (desk, asked) => {
  const { environment: name, services, forMs, reason } = asked.request;
  const environment = environmentRules(desk.rules, name);
  if (environment === undefined) return notDone(`There is no environment ${name}.`);
  // Stopping is recovery's kind of act: whoever may abort may also keep others from beginning.
  const may = authorise(asked.by.roles, 'abort', environment);
  if (may.kind === 'refused') return needsRole({ ...may, environment: name, what: `freeze ${name}` });
  const known = Object.keys((await desk.catalog.load()).services);
  const stranger = services.find((service) => !known.includes(service));
  if (stranger !== undefined) return notDone(`There is no service ${stranger}.`);
  const decided = await decideOnEnvironment(desk.ports, { asked, environment: name }, (state) => ({
    kind: 'facts',
    facts: [
      {
        kind: 'freeze.set',
        data: {
          freeze: `F${state.freezes.length + 1}`,
          services,
          ...(forMs !== undefined && {
            until: new Date(Date.parse(asked.receivedAt) + forMs).toISOString(),
          }),
          reason,
          person: asked.by.id,
        },
      },
    ],
  }));
  if (decided.kind === 'answer') return decided.answer;
  const set = decided.state.freezes.find((each) => each.causes.includes(asked.id));
  if (set === undefined) return undefined;
  await show(desk, { channel: environment.channel, environment: name, freeze: set });
  await ringUnfinished(desk.ports, name);
  return frozenAnswer({ environment: name, freeze: set, prefix: desk.rules.commandPrefix });
};

/** Lifts a freeze; without a name the only one there is. */
export const unfreeze: Carry<'unfreeze'> = async (desk, asked) => {
  const { environment: name, freeze: word } = asked.request;
  const environment = environmentRules(desk.rules, name);
  if (environment === undefined) return notDone(`There is no environment ${name}.`);
  const may = authorise(asked.by.roles, 'promote', environment);
  if (may.kind === 'refused')
    return needsRole({ ...may, environment: name, what: `lift a freeze of ${name}` });
  const decided = await decideOnEnvironment(desk.ports, { asked, environment: name }, (state) => {
    const active = activeFreezes(state.freezes, desk.ports.clock.now());
    const meant = active.filter(({ id }) => word === undefined || id === word.toUpperCase());
    const [only] = meant;
    const ids = active.map(({ id, reason }) => `${id} (${reason})`).join(', ');
    if (active.length === 0)
      return {
        kind: 'answer',
        answer: notDone(`Nobody froze ${name}; windows of signalbox.yaml end by themselves.`),
      };
    if (only === undefined || meant.length > 1)
      return { kind: 'answer', answer: notDone(`Which freeze of ${name}? There is ${ids}.`) };
    return {
      kind: 'facts',
      facts: [{ kind: 'freeze.lifted', data: { freeze: only.id, person: asked.by.id } }],
    };
  });
  if (decided.kind === 'answer') return decided.answer;
  const lifted = decided.state.freezes.find((each) => each.causes.includes(asked.id));
  if (lifted === undefined) return undefined;
  await show(desk, { channel: environment.channel, environment: name, freeze: lifted });
  await ringUnfinished(desk.ports, name);
  return thawedAnswer({ environment: name, freeze: lifted });
};

/** The one message of a freeze in its environment's channel: posted when it is set, drawn again when it is lifted. */
async function show(
  { ports: { chat, directory } }: Desk,
  { channel, environment, freeze: shown }: { channel: string; environment: string; freeze: Freeze },
): Promise<void> {
  const operation = `${environment}#freeze/${shown.id}`;
  const message = freezeMessage({ environment, freeze: shown, nameOf: (id) => directory.nameOf(id) });
  const ts = await chat.find({ channel, operation, since: Date.parse(shown.since) - CLOCKS_DIFFER_MS });
  if (ts === undefined) await chat.post({ channel, operation, message });
  else await chat.edit({ channel, ts, message, urgent: false });
}
