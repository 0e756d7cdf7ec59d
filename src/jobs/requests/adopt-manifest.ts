import { authorise } from '../../domain/authorise.ts';
import { plannedContents } from '../../domain/plan/planned-contents.ts';
import { releaseBranch } from '../../domain/release/commits.ts';
import type { ReleaseState } from '../../domain/release/release-state.ts';
import { environmentRules } from '../../domain/rules.ts';
import { TerminalError } from '../../errors.ts';
import { needsRole, notDone, said } from '../../views/answers.ts';
import { preflightRefusal } from '../../views/cut.ts';
import { judgeText } from '../cut/prepare-release.ts';
import { judgedFacts } from '../preflight/judged-facts.ts';
import { readEnvironment, readRelease } from '../read-state.ts';
import { bellFor } from '../reconcile-release.ts';
import type { Carry, Desk } from './asked.ts';
import { decideOnRelease } from './decide-on-release.ts';

/** A person takes over what somebody else pushed to a release's branch: a new plan, its approvals asked for again. */
export const adoptManifest: Carry<'adoptManifest'> = async (desk, asked) => {
  const { ports, rules } = desk;
  const reading = await readRelease(ports.ledger, asked.request.release);
  const environment = reading && environmentRules(rules, reading.state.environment);
  if (reading === undefined || environment === undefined)
    return notDone(`There is no release ${asked.request.release}.`);
  const { state } = reading;
  if (state.foreignPush === undefined)
    return notDone(`Nobody else pushed to the branch of ${state.name}. Not done.`);
  const may = authorise(asked.by.roles, 'cut', environment);
  if (may.kind === 'refused')
    return needsRole({ ...may, environment: environment.name, what: 'take over a manifest' });
  const { head } = asked.request;
  if (state.foreignPush.head !== head)
    return notDone(
      `Somebody has pushed to the branch of ${state.name} again. Not done: look at its newest card.`,
    );
  const pushed = await textAt(desk, state);
  if (pushed.head !== head) {
    await ports.bells.ring(bellFor(state));
    return notDone(`Somebody has pushed to the branch of ${state.name} again. Not done: look at its board.`);
  }
  const here = (await readEnvironment(ports, environment.name)).state;
  const prepared = await judgeText(ports, rules, {
    name: state.name,
    environment,
    catalog: await desk.catalog.load(),
    here,
    // The document may leave some out; an image that it adds has to be cut anew.
    contents: plannedContents(state.plan),
    unresolved: [],
    text: pushed.text,
    notes: state.notes,
    makers: [...state.plan.makers, asked.by.id],
    // Whoever was refused a moment ago has mended it, perhaps where the world is asked.
    afresh: true,
  });
  if (prepared.kind === 'nothing') return said('What was pushed changes nothing that runs.');
  if (prepared.kind === 'refused')
    return preflightRefusal({
      environment: environment.name,
      rows: prepared.shown,
      prefix: rules.commandPrefix,
    });
  const decided = await decideOnRelease(ports, { asked, release: state.id }, (now) => {
    if (now.foreignPush?.head !== head)
      return { kind: 'answer', answer: notDone('The branch has moved again. Look at the new card.') };
    const { plan, planHash } = prepared;
    return {
      kind: 'facts',
      facts: [
        { kind: 'manifest.adopted', data: { person: asked.by.id, head, plan, planHash, text: pushed.text } },
        ...judgedFacts(prepared),
      ],
    };
  });
  if (decided.kind === 'answer') return decided.answer;
  await ports.bells.ring(bellFor(state));
  return undefined;
};

/** The manifest as the branch has it now, and the commit it was read at. */
async function textAt({ ports }: Desk, state: ReleaseState): Promise<{ text: string; head: string }> {
  const { repository, path } = state.manifest;
  const view = await ports.git.view(repository, releaseBranch(state));
  const text = await view?.read(path);
  if (view === undefined || text === undefined)
    throw new TerminalError(
      `${path} is gone from the branch of ${state.name}: reject the release and cut it again.`,
    );
  return { text, head: view.commit };
}
