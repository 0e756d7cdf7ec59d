import { versionOf } from '../domain/content.ts';
import type { ServiceName } from '../domain/ids.ts';
import { mayRestoreAgain } from '../domain/release/commits.ts';
import { isGlass } from '../domain/release/effect-ids.ts';
import { NOTHING_TO_PROVE } from '../domain/rollout/scaled-to-zero.ts';
import { join, type Mrkdwn, mrkdwn, when } from '../domain/text/mrkdwn.ts';
import type { Block, Button, Message } from '../ports/message.ts';
import { rollbackLines } from './checklist.ts';
import { flagFate } from './flags.ts';
import { keptLines } from './migration-lines.ts';
import type { Picture } from './picture.ts';
import { shortRelease, waitWords } from './wait-words.ts';
import { count, duration, list, shorten } from './words.ts';

/** A rollback's one message, said in three steps and never before its proof: rolling back, serving stable, clean. */
export function recoveryBoard(picture: Picture): Message {
  const { release } = picture;
  const blocks: Block[] = [
    { kind: 'section', text: mrkdwn`*${stageWords(picture)}*\n${heading(picture)}` },
    {
      kind: 'section',
      text: join(
        Object.keys(release.plan.services)
          .slice(0, 20)
          .map((service) => line(picture, service)),
        '\n',
      ),
    },
  ];
  const asked = rollbackLines(picture.checklist ?? []);
  if (asked.length > 0) blocks.push({ kind: 'section', text: join(asked, '\n') });
  const flags = flagLines(picture);
  if (flags.length > 0) blocks.push({ kind: 'section', text: join(flags, '\n') });
  const kept = keptLines(release.plan.recovery?.keeps ?? []);
  if (kept.length > 0) blocks.push({ kind: 'section', text: join(kept, '\n') });
  const waits = openWaits(picture);
  if (waits.length > 0) blocks.push({ kind: 'section', text: join(waits, '\n') });
  const glass = brokenGlass(picture);
  if (glass.length > 0) blocks.push({ kind: 'section', text: glassWords(picture, glass) });
  const incident: Button = { label: 'Open an incident', does: { kind: 'incidentForm', release: release.id } };
  blocks.push({ kind: 'buttons', buttons: isOvertaken(picture) ? [putBack(picture), incident] : [incident] });
  const reason = release.reason && !release.stages.servingStable ? ` · ${release.reason}` : '';
  return { text: shorten(`${release.environment}: ${stageWords(picture)}${reason}`, 150), blocks };
}

/** The stage that is proved, with how long it took; or what became of a rollback that another one took back. */
export function stageWords(picture: Picture): string {
  const { release } = picture;
  const { takenBack, ended } = release;
  if (takenBack) return `${ended?.outcome ?? 'Gives way'} · ${shortRelease(takenBack.by)} took its place`;
  const services = Object.keys(release.plan.services);
  const what = services.length > 3 ? count(services.length, 'service') : list(services);
  if (release.stages.clean) {
    const pods = Object.values(release.proofs).reduce((sum, each) => sum + each.proof.pods, 0);
    const proved = pods > 0 ? `${count(pods, 'pod')} run the old digests, ` : '';
    return `Clean · ${proved}${emptyWords(picture)}Git and cluster agree, ${since(picture, release.stages.clean)} in all`;
  }
  if (release.stages.servingStable) {
    const serving = services.filter((service) => !isEmpty(picture, service));
    if (serving.length === 0) return `Nothing serves · ${list(services.slice(0, 3))} ${NOTHING_TO_PROVE}`;
    const versions = serving.map((service) => targetOf(picture, service)).slice(0, 3);
    return `Serving stable · ${list(versions)} ${versions.length === 1 ? 'takes' : 'take'} all traffic after ${since(picture, release.stages.servingStable)}`;
  }
  const aborts = Object.values(release.effects).filter((each) => each.intent.effect.kind === 'rollout.abort');
  const done = aborts.filter((each) => each.status.kind === 'done').length;
  return `Rolling back ${what}${aborts.length > 0 ? ` · aborted ${done} of ${aborts.length}` : ''}`;
}

/** Placements where no pod proves the old digests, because none is asked for. */
function emptyWords({ release }: Picture): string {
  const empty = Object.values(release.proofs).filter((each) => each.proof.pods === 0).length;
  return empty > 0 ? `${empty} ${NOTHING_TO_PROVE}, ` : '';
}

/** Whether a service that is back on its old content has no pod anywhere. */
function isEmpty({ release }: Picture, service: ServiceName): boolean {
  const proofs = Object.values(release.proofs).filter((each) => each.service === service);
  return proofs.length > 0 && proofs.every((each) => each.proof.pods === 0);
}

function since({ release }: Picture, at: string): string {
  return duration(Date.parse(at) - Date.parse(release.cutAt));
}

function heading({ release, nameOf }: Picture): Mrkdwn {
  const back = release.plan.recovery?.rollsBack.map(shortRelease) ?? [];
  const of = back.length > 0 ? mrkdwn` · takes back ${list(back)}` : mrkdwn``;
  const reason = release.reason ? mrkdwn`\n${release.reason}` : mrkdwn``;
  return mrkdwn`${release.name} · by ${nameOf(release.requestedBy)} ${when(release.cutAt, 'seconds')}${of}${reason}`;
}

function line(picture: Picture, service: ServiceName): Mrkdwn {
  const { plan } = picture.release;
  const planned = plan.services[service];
  const from = planned?.from ? versionOf(planned.from) : '?';
  const because = plan.recovery?.because[service];
  const why = because?.kind === 'needs' ? mrkdwn`   goes back too: it needs ${because.service}` : mrkdwn``;
  const standing =
    plan.recovery?.standing[service] === 'adopted' ? mrkdwn`   adopted, not verified` : mrkdwn``;
  const empty = isEmpty(picture, service) ? mrkdwn`   ${NOTHING_TO_PROVE}` : mrkdwn``;
  return mrkdwn`\`${service}\`  ${from} → *${targetOf(picture, service)}*${why}${standing}${empty}`;
}

/** Flags go back beside everything else: one whose provider is away is said, and keeps nothing waiting. */
function flagLines({ release, flags: state }: Picture): Mrkdwn[] {
  if (state === undefined) return [];
  const changes = state.flags.changes.filter(({ rollback }) => rollback === release.id);
  return changes.slice(0, 5).map((change) => mrkdwn`Flag \`${change.ref.key}\` ${flagFate(change, state)}`);
}

function targetOf({ release }: Picture, service: ServiceName): string {
  const planned = release.plan.services[service];
  return planned ? versionOf(planned.to) : '?';
}

function openWaits({ release, progress }: Picture): Mrkdwn[] {
  if (release.ended) return [];
  return (progress?.waits ?? []).slice(0, 4).map((wait) => mrkdwn`Waits for ${waitWords(wait)}`);
}

/** Whether the cluster still asks for something else, long after everything was committed. */
function isOvertaken({ release, progress, now }: Picture): boolean {
  const waits = progress?.waits.some((wait) => wait.kind === 'sync') ?? false;
  return waits && mayRestoreAgain(release, now);
}

function putBack({ release }: Picture): Button {
  const { environment, plan } = release;
  return {
    label: 'Put it back again',
    does: { kind: 'rollback', environment, services: Object.keys(plan.services), saw: release.name },
    confirm: {
      title: 'Put it back again?',
      text: `Whatever Git says of these services in ${environment} by now is replaced once more by what this rollback restores.`,
      yes: 'Put it back',
      no: 'Wait',
    },
  };
}

/** The identities that acted where the API server refused the person. */
function brokenGlass({ release }: Picture): string[] {
  const acts = Object.values(release.effects).filter((each) => isGlass(each.intent.id));
  return [...new Set(acts.map((each) => each.intent.onBehalfOf.id))];
}

function glassWords({ release, nameOf }: Picture, identities: readonly string[]): Mrkdwn {
  return mrkdwn`:warning: *Glass broken*: the API server did not know ${nameOf(release.requestedBy)}, so ${list(identities)} acted for them. Review it.`;
}
