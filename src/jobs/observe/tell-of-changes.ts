import { z } from 'zod';
import { type Catalog, placementsOf } from '../../domain/catalog/catalog.ts';
import { placementId } from '../../domain/catalog/placement.ts';
import { canonicalHash } from '../../domain/document/canonical-hash.ts';
import type { EnvironmentState } from '../../domain/environment/environment-state.ts';
import type { ObservedChange } from '../../domain/observe/observed-change.ts';
import type { EnvironmentRules, Rules } from '../../domain/rules.ts';
import { UnavailableError } from '../../errors.ts';
import type { Message } from '../../ports/message.ts';
import type { Ports } from '../../ports/ports.ts';
import { beforeOf, type ChangePicture, changeBoard, changeJudged } from '../../views/observed.ts';
import { readEnvironment } from '../read-state.ts';

type TellPorts = Pick<Ports, 'ledger' | 'snapshots' | 'chat' | 'scratch' | 'clock' | 'cluster'>;

/** What is over for this long is not drawn again. */
const TOLD_WITHIN_MS = 3600_000;
const KEEP_MS = 30 * 24 * 3600_000;

const Told = z.object({ channel: z.string(), ts: z.string(), shown: z.string() });

/** Says what others change in an environment, one message for each change, drawn again as it goes. Throws `UnavailableError`. */
export async function tellOfChanges(
  ports: TellPorts,
  rules: Rules,
  { catalog, environment }: { catalog: Catalog; environment: EnvironmentRules },
): Promise<void> {
  const { state } = await readEnvironment(ports, environment.name);
  const fresh = state.changes.filter(
    ({ ended }) => ended === undefined || ports.clock.now() - Date.parse(ended.at) < TOLD_WITHIN_MS,
  );
  for (const change of fresh) {
    const picture = pictureOfChange(ports, rules, { catalog, state, change });
    const board = await say(ports, environment, {
      operation: `seen/${environment.name}/${change.id}`,
      since: change.seenAt,
      message: changeBoard(picture),
    });
    for (const judgement of change.judgements.filter(({ verdict }) => verdict !== 'pass')) {
      const { gate, moment } = judgement;
      await say(ports, environment, {
        operation: `seen/${environment.name}/${change.id}/${gate}/${moment.placement}/${moment.step}/${moment.since}`,
        since: change.seenAt,
        thread: board,
        message: changeJudged(picture, judgement),
      });
    }
  }
}

/** A change with what the cluster shows of it now. */
export function pictureOfChange(
  { cluster }: Pick<Ports, 'cluster'>,
  rules: Rules,
  {
    catalog,
    state,
    change,
  }: { catalog: Catalog | undefined; state: EnvironmentState; change: ObservedChange },
): ChangePicture {
  const at = { service: change.service, environment: state.name };
  const placements = catalog && change.ended === undefined ? placementsOf(catalog, at) : [];
  return {
    environment: state.name,
    change,
    before: beforeOf(state, change),
    views: placements.flatMap((placement) => {
      const observed = cluster.observe(placement);
      return observed.kind === 'seen' ? [{ placement: placementId(placement), view: observed.rollout }] : [];
    }),
    commitUrl: (repository, commit) => rules.repositories[repository]?.commitUrl?.replace('{commit}', commit),
  };
}

/** Says it once and shows it as it is now; what was said and not remembered is looked for. Answers where it stands. */
async function say(
  { chat, scratch }: Pick<Ports, 'chat' | 'scratch'>,
  { channel }: EnvironmentRules,
  told: { operation: string; since: string; thread?: string; message: Message },
): Promise<string> {
  const { operation, message, thread } = told;
  const key = `told:${operation}`;
  const shown = canonicalHash(message);
  const known = Told.safeParse(await scratch.get(key)).data;
  if (known?.shown === shown) return known.ts;
  const where = { channel, operation, ...(thread !== undefined && { thread }) };
  const ts = known?.ts ?? (await chat.find({ ...where, since: Date.parse(told.since) }));
  if (ts !== undefined) {
    await chat.edit({ channel, ts, message, urgent: false });
    await scratch.put(key, { channel, ts, shown }, KEEP_MS);
    return ts;
  }
  const posted = await chat.post({ ...where, message });
  if (posted.kind === 'refused') throw new UnavailableError(`${channel}: ${posted.reason}`);
  await scratch.put(key, { channel: posted.channel, ts: posted.ts, shown }, KEEP_MS);
  return posted.ts;
}
