import { mayApprove } from '../../domain/approval/may-approve.ts';
import { changeStanding } from '../../domain/environment/change-calendar.ts';
import type { ReleaseId } from '../../domain/ids.ts';
import { isEnded } from '../../domain/release/release-state.ts';
import type { Rules } from '../../domain/rules.ts';
import { board } from '../../views/board.ts';
import type { Picture } from '../../views/picture.ts';
import { recoveryBoard } from '../../views/recovery-board.ts';
import { type EnvironmentStatus, statusOf } from '../../views/status.ts';
import { drawPicture, type PicturePorts } from '../draw-picture.ts';
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
    shown.map((each) => statusOfEnvironment(ports, rules, { pictures, name: each.name })),
  );
  return statusOf(statuses, {
    forYou: pictures.filter((picture) => waitsFor(picture, asked.by)),
    catalogTrouble: catalog.trouble(),
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
  rules: Rules,
  pictures: readonly Picture[],
): Promise<EnvironmentStatus[]> {
  return Promise.all(
    rules.environments.map((each) => statusOfEnvironment(ports, rules, { pictures, name: each.name })),
  );
}

async function statusOfEnvironment(
  ports: PicturePorts,
  rules: Pick<Rules, 'windows'>,
  { pictures, name }: { pictures: readonly Picture[]; name: string },
): Promise<EnvironmentStatus> {
  const { state } = await readEnvironment(ports, name);
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
