import { mayApprove } from '../../domain/approval/may-approve.ts';
import type { Catalog } from '../../domain/catalog/catalog.ts';
import { changeStanding } from '../../domain/environment/change-calendar.ts';
import type { ReleaseId } from '../../domain/ids.ts';
import { isEnded } from '../../domain/release/release-state.ts';
import type { EnvironmentRules, Rules } from '../../domain/rules.ts';
import { board } from '../../views/board.ts';
import type { Picture } from '../../views/picture.ts';
import { recoveryBoard } from '../../views/recovery-board.ts';
import { type EnvironmentStatus, statusOf } from '../../views/status.ts';
import { drawPicture, type PicturePorts } from '../draw-picture.ts';
import { pictureOfChange } from '../observe/tell-of-changes.ts';
import { readEnvironment } from '../read-state.ts';
import type { Carry, Member } from './asked.ts';
import { notOne, whichRelease } from './which-release.ts';

/** What runs, what moves, and what waits for the person who asks; or one release's board. */
export const status: Carry<'status'> = async ({ ports, rules, catalog }, asked) => {
  const { release: word, environment } = asked.request;
  if (word !== undefined) return oneRelease({ ports, rules }, { word, environment });
  const pictures = await openPictures(ports, rules);
  const shown = rules.environments.filter((each) => environment === undefined || each.name === environment);
  const statuses = await Promise.all(
    shown.map((each) => statusOfEnvironment(ports, { rules, catalog: catalog.latest() }, { pictures, each })),
  );
  return statusOf(statuses, {
    forYou: pictures.filter((picture) => waitsFor(picture, asked.by)),
    catalogTrouble: catalog.trouble(),
    catalogNotice: catalog.notice(),
  });
};

async function oneRelease(
  { ports, rules }: { ports: PicturePorts; rules: Rules },
  asked: { word: string; environment: string | undefined },
) {
  const found = await whichRelease(ports, { ...asked, finished: true });
  if (found.kind !== 'one') return notOne(found, (id) => ({ kind: 'status', release: id }));
  const picture = await drawPicture(ports, rules, found.release);
  if (picture === undefined) return undefined;
  const message = picture.release.plan.type === 'rollback' ? recoveryBoard(picture) : board(picture);
  return { kind: 'message' as const, message };
}

/** Every release that has not ended. */
export async function openPictures(ports: PicturePorts, rules: Rules): Promise<Picture[]> {
  const streams = (await ports.ledger.unfinished()).filter((stream) => stream.startsWith('release:'));
  const pictures = await Promise.all(
    streams.map((stream) => drawPicture(ports, rules, stream.slice('release:'.length) as ReleaseId)),
  );
  return pictures.filter((picture) => picture !== undefined).filter((picture) => !isEnded(picture.release));
}

/** Every environment, in promotion order. */
export function environmentStatuses(
  ports: PicturePorts,
  known: Known,
  pictures: readonly Picture[],
): Promise<EnvironmentStatus[]> {
  return Promise.all(
    known.rules.environments.map((each) => statusOfEnvironment(ports, known, { pictures, each })),
  );
}

interface Known {
  rules: Rules;
  /** As it was read last. */
  catalog: Catalog | undefined;
}

async function statusOfEnvironment(
  ports: PicturePorts,
  { rules, catalog }: Known,
  { pictures, each: { name, observeOnly } }: { pictures: readonly Picture[]; each: EnvironmentRules },
): Promise<EnvironmentStatus> {
  const { state } = await readEnvironment(ports, name);
  const open = state.changes.filter(({ ended }) => ended === undefined);
  const newest = Object.values(state.known)
    .map(([known]) => known)
    .filter((known) => known?.standing === 'verified')
    .sort((a, b) => (b?.at ?? '').localeCompare(a?.at ?? ''))[0];
  return {
    name,
    moving: pictures.filter((picture) => picture.release.environment === name),
    services: Object.keys(state.known).length,
    changes: changeStanding(state, {
      windows: rules.windows,
      services: Object.keys(state.known),
      now: ports.clock.now(),
    }),
    ...(observeOnly && { observeOnly }),
    observed: observeOnly
      ? open.map((change) => pictureOfChange(ports, rules, { catalog, state, change }))
      : [],
    ...(newest?.release && { verified: { release: newest.release as ReleaseId, at: newest.at } }),
  };
}

/** Whether this person's approval is what the release waits for. */
export function waitsFor({ release, approval }: Picture, person: Member): boolean {
  if (release.started || approval.kind !== 'waiting' || release.foreignPush) return false;
  const given = release.approvals.some((each) => each.person === person.id && each.services === undefined);
  const wanted = approval.missing.some(({ roles }) => roles.some((role) => person.roles.has(role)));
  return wanted && !given && mayApprove({ id: person.id, roles: person.roles }, release.plan).kind === 'yes';
}
