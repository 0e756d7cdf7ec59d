import type { PersonId } from '../../../src/domain/ids.ts';
import type { Request } from '../../../src/domain/request.ts';
import type { MemoryRepository } from '../ports/memory-repository.ts';
import { MIGRATION_FILES } from '../world/databases.ts';
import type { Draw } from '../world/draw.ts';
import { holdersOf, PEOPLE } from '../world/people.ts';
import { HOME, type Place, type Shop } from '../world/shop.ts';
import type { VirtualTime } from '../world/virtual-time.ts';
import { buttonsOf, type Desk } from './desk.ts';

/** What people need to act. */
export interface Acting {
  time: VirtualTime;
  draw: Draw;
  shop: Shop;
  desk: Desk;
  repositories: ReadonlyMap<string, MemoryRepository>;
  /** Releases that were cut so far, oldest first. */
  releases(): string[];
  /** Told of every file of a service that somebody changed past the product. */
  onTampering(place: Place): void;
}

type Act = (acting: Acting) => void;

/** What people do, by how often they do it. */
const ACTS: readonly (readonly [weight: number, act: Act])[] = [
  [22, cut],
  [14, cutComputed],
  [34, press],
  [4, typeAbort],
  [5, typeRollback],
  [4, rollBackServices],
  [4, typePromote],
  [3, typeResume],
  [6, typeDrop],
  [2, lookAround],
  [2, pushToReleaseBranch],
  [1, tamper],
];

/** Somebody does something: the right person or not, at a good moment or not. */
export function actSomehow(acting: Acting): void {
  const total = ACTS.reduce((sum, [weight]) => sum + weight, 0);
  let at = acting.draw.number() * total;
  const drawn = ACTS.find(([weight]) => {
    at -= weight;
    return at < 0;
  });
  drawn?.[1](acting);
}

/** Mostly somebody who may. */
function somebody(draw: Draw, roles: readonly string[]): PersonId {
  const holders = holdersOf(roles);
  if (holders.length > 0 && draw.happens(0.85)) return draw.pick(holders);
  return draw.happens(0.1) ? 'slack:T1:USTRANGER' : draw.pick(PEOPLE).id;
}

function environmentOf({ draw, shop }: Acting): string {
  // Earlier environments are released to more often: later ones take what was verified there.
  return draw.happens(0.5) ? (shop.environments[0] ?? '') : draw.pick(shop.environments);
}

function cut(acting: Acting): void {
  const { draw, shop, desk } = acting;
  const environment = environmentOf(acting);
  const services = draw.some(shop.services, draw.integer(1, 3)).map((service) => {
    const { tag, digest } = draw.pick(service.versions);
    const wrong = draw.happens(0.03);
    if (draw.happens(0.8))
      return { service: service.name, version: { kind: 'tag' as const, tag: wrong ? '9.9.9' : tag } };
    return { service: wrong ? 'nothing' : service.name, version: { kind: 'digest' as const, digest } };
  });
  const migrations = draw.happens(0.15) ? draw.pick(Object.keys(MIGRATION_FILES)) : undefined;
  desk.ask(somebody(draw, ['managers', 'developers']), {
    kind: 'cut',
    environment,
    services,
    leaveOut: [],
    ...(migrations !== undefined && { migrations }),
  });
}

function cutComputed(acting: Acting): void {
  const { draw, shop, desk } = acting;
  const environment = draw.pick(shop.environments.slice(-2));
  const person = somebody(draw, ['managers', 'developers']);
  const leaveOut = draw.happens(0.2) ? [draw.pick(shop.services).name] : [];
  desk.ask(
    person,
    draw.happens(0.8)
      ? { kind: 'cut', environment, services: [], leaveOut }
      : { kind: 'cutPreview', environment },
  );
}

/** How many of the newest messages people mostly look at. */
const RECENT = 12;

/** Presses a button: of what was said just now, or of something long decided; once, twice, or two people at once. */
function press({ draw, desk, time }: Acting): void {
  const among = draw.happens(0.75) ? desk.shown.slice(-RECENT) : desk.shown;
  const usable = among.filter(({ message }) => buttonsOf(message).some(isPressed));
  if (usable.length === 0) return;
  const shown = draw.pick(usable);
  const { does } = draw.pick(buttonsOf(shown.message).filter(isPressed));
  const person = shown.person ?? somebody(draw, rolesFor(does));
  desk.ask(person, does);
  if (draw.happens(0.15)) desk.ask(person, does);
  if (draw.happens(0.15)) desk.ask(somebody(draw, rolesFor(does)), does);
  if (draw.happens(0.1)) time.at(time.now() + draw.integer(10, 3_000), () => desk.ask(person, does));
}

/** Incidents have tests of their own. */
function isPressed({ does }: { does: Request }): boolean {
  return does.kind !== 'incidentForm';
}

function rolesFor(does: Request): readonly string[] {
  if (does.kind === 'approve' || does.kind === 'reject') return ['managers', 'owners-a', 'owners-b'];
  return does.kind === 'cut' || does.kind === 'drop' || does.kind === 'adoptManifest'
    ? ['managers', 'developers']
    : ['managers', 'on-call'];
}

/** A release as people name it: whole, by its end, or not at all. */
function word({ draw, releases }: Acting): { release?: string; environment?: string } {
  const known = releases();
  if (known.length === 0 || draw.happens(0.2)) return {};
  const [environment = '', name = ''] = draw.pick(draw.happens(0.6) ? known.slice(-5) : known).split('/');
  const end = name.slice(name.lastIndexOf('.'));
  return { release: draw.pick([name, name, end]), ...(draw.happens(0.6) && { environment }) };
}

function typeAbort(acting: Acting): void {
  acting.desk.ask(somebody(acting.draw, ['managers', 'on-call']), { kind: 'abort', ...word(acting) });
}

function typeRollback(acting: Acting): void {
  const { draw, desk, shop } = acting;
  const { release, environment } = word(acting);
  const target = draw.happens(0.3) ? draw.pick(shop.services).name : release;
  const to = draw.happens(0.15) ? word(acting).release : undefined;
  desk.ask(somebody(draw, ['managers', 'on-call']), {
    kind: 'rollbackPlan',
    ...(environment !== undefined && { environment }),
    ...(target !== undefined && { target }),
    ...(to !== undefined && { to }),
  });
}

/** What a confirmed form sends. */
function rollBackServices(acting: Acting): void {
  const { draw, desk, shop } = acting;
  const services = draw.some(shop.services, draw.integer(1, 2)).map(({ name }) => name);
  const environment = environmentOf(acting);
  desk.ask(somebody(draw, ['managers', 'on-call']), { kind: 'rollback', environment, services });
}

function typePromote(acting: Acting): void {
  acting.desk.ask(somebody(acting.draw, ['managers']), { kind: 'promote', ...word(acting) });
}

function typeResume(acting: Acting): void {
  acting.desk.ask(somebody(acting.draw, ['managers', 'on-call']), { kind: 'resume', ...word(acting) });
}

/** Somebody takes services out of what is not under way yet, or tries to. */
function typeDrop(acting: Acting): void {
  const { draw, desk, shop } = acting;
  const services = draw.some(shop.services, draw.happens(0.8) ? 1 : 2).map(({ name }) => name);
  const dependents = draw.pick(['ask', 'drop', 'leave'] as const);
  const named = draw.happens(0.3) ? word(acting) : {};
  desk.ask(somebody(draw, ['managers', 'developers']), { kind: 'drop', services, dependents, ...named });
}

function lookAround(acting: Acting): void {
  const { draw, desk } = acting;
  const person = draw.pick(PEOPLE).id;
  desk.ask(person, draw.happens(0.5) ? { kind: 'status' } : { kind: 'openHome' });
}

/** Somebody else writes to the branch of a release: a word, or another version. */
function pushToReleaseBranch({ draw, shop, repositories, releases }: Acting): void {
  const repository = repositories.get(HOME);
  const known = releases().slice(-4);
  if (repository === undefined || known.length === 0) return;
  const branch = `release/${draw.pick(known)}`;
  const files = repository.at(branch)?.files;
  const path = [...(files?.keys() ?? [])].find((file) => file.startsWith('releases/'));
  const text = path && files?.get(path);
  if (!path || !text) return;
  const service = draw.pick(shop.services);
  const [from, to] = [draw.pick(service.versions).digest, draw.pick(service.versions).digest];
  const changed = draw.happens(0.6) ? text.replaceAll(from, to) : `${text}# looked at\n`;
  void repository.push({ branch, files: { [path]: changed } });
}

/** Somebody changes what runs, past the product. */
function tamper({ draw, shop, repositories, onTampering }: Acting): void {
  const place = draw.pick(shop.places);
  const { git } = place.placement;
  const repository = repositories.get(git.repository);
  const text = repository?.at('main')?.files.get(git.file);
  if (repository === undefined || text === undefined) return;
  if (draw.happens(0.7))
    return void repository.push({ branch: 'main', files: { [git.file]: `${text}# ours\n` } });
  const digest = draw.pick(place.service.versions).digest;
  onTampering(place);
  const changed = text.replace(/sha256:[0-9a-f]{64}/, digest);
  void repository.push({ branch: 'main', files: { [git.file]: changed } });
}
