import type { Authorised } from '../domain/authorise.ts';
import type { Origin } from '../domain/candidate/candidate.ts';
import { versionOf } from '../domain/content.ts';
import { type ReleaseId, type ReleaseName, type ServiceName, splitReleaseId } from '../domain/ids.ts';
import type { ReleaseNotes, ServiceNotes } from '../domain/notes/release-notes.ts';
import type { ConfigMove } from '../domain/plan/config-move.ts';
import type { Plan, PlannedService } from '../domain/plan/plan.ts';
import type { ValueOrigin } from '../domain/plan/value-origins.ts';
import type { WayBack } from '../domain/plan/way-back.ts';
import type { ShownRow } from '../domain/policy/exemption.ts';
import type { Risk } from '../domain/policy/risk.ts';
import type { Request } from '../domain/request.ts';
import { code, join, type Mrkdwn, mrkdwn } from '../domain/text/mrkdwn.ts';
import type { Answer, Block, Button } from '../ports/message.ts';
import { card } from './answers.ts';
import { plannedMigrations } from './migration-lines.ts';
import { noteCount, noteLines, notesBlocks } from './notes.ts';
import { originLines, originWords } from './origin.ts';
import { planSteps } from './plan-steps.ts';
import { riskLine, rowLines, tallyWords } from './preflight.ts';
import { listed, type Row } from './rows.ts';
import { chartMove } from './service-lines.ts';
import { count, list, shorten } from './words.ts';

/** Warnings shown one by one; the rest is counted in the line above them. */
const WARNINGS_SHOWN = 5;

/** What a cut or a promotion would do, as it was worked out a moment ago. */
export interface PlanPicture {
  plan: Plan;
  /** The name it would get if nobody else takes it before. */
  name: ReleaseName;
  promotedFrom?: ReleaseId | undefined;
  rows: readonly ShownRow[];
  risk: Risk;
  notes: ReleaseNotes;
  /** Where contents came from that nobody typed and no environment verified. */
  origins?: Readonly<Record<ServiceName, Origin>> | undefined;
  wayBack: WayBack;
  /** The track that somebody else holds now; absent: it could start at once. */
  inTheWay?: { service: ServiceName; holder: ReleaseId } | undefined;
  /** Whether the one who asks may do it. */
  may: Authorised;
  /** What others changed beside the services since they were cut where they come from. */
  configMoved?: readonly ConfigMove[] | undefined;
  /** Where values were said. */
  saidBy?: readonly ValueOrigin[] | undefined;
  /** Why the catalog may be old; absent while it is not. */
  catalogNotice?: string | undefined;
  /** What the button does, with what was seen. */
  does: Request;
  nameOf(id: string): string;
}

const MOVES_SHOWN = 8;

/** The plan as one card, with the button that carries it out provided that nothing moved meanwhile. */
export function planCard(picture: PlanPicture): Answer {
  const { plan, name, promotedFrom, rows } = picture;
  const services = plan.waves.flat();
  const what = `${count(services.length, 'service')} → ${plan.environment}`;
  const from = promotedFrom ? ` from ${splitReleaseId(promotedFrom).environment}` : '';
  const warnings = rows.filter(({ outcome }) => outcome !== 'pass').slice(0, WARNINGS_SHOWN);
  const tail: Block[] = [
    { kind: 'section', text: join(facts(picture), '\n') },
    ...notesBlocks(picture.notes),
    ...warnings.map((one): Block => ({ kind: 'section', text: rowLines(one) })),
    ...(picture.catalogNotice === undefined
      ? []
      : [{ kind: 'context' as const, texts: [mrkdwn`${picture.catalogNotice}`] }]),
    ...mayNot(picture),
  ];
  if (picture.may.kind === 'allowed') tail.push({ kind: 'buttons', buttons: [doIt(picture)] });
  return listed({
    text: `Plan: ${what} as ${name}`,
    head: [
      {
        kind: 'section',
        text: mrkdwn`*Plan: ${what}*   would be ${name}${from}\nNothing is recorded or committed by this.`,
      },
    ],
    rows: services.map((service) =>
      row(service, plan.services[service], {
        notes: picture.notes[service],
        origin: picture.origins?.[service],
      }),
    ),
    tail,
    noun: 'service',
    file: `plan-${plan.environment}.txt`,
  });
}

/** What was shown is no longer what would be done: nothing is done, and the new plan is one click away. */
export function planMoved({
  changes,
  again,
}: {
  /** Sentences without full stops. */
  changes: readonly string[];
  again: Request;
}): Answer {
  const text = `Not done: since that plan was shown, ${list(changes.slice(0, 3))}.`;
  return card(shorten(text, 300), {
    lines: [
      mrkdwn`*Not done.* Since that plan was shown:`,
      ...changes.slice(0, 15).map((says) => mrkdwn`•  ${says}`),
    ],
    buttons: [{ label: 'Show the plan now', does: again }],
  });
}

function row(
  service: ServiceName,
  planned: PlannedService | undefined,
  { notes, origin }: { notes: ServiceNotes | undefined; origin: Origin | undefined },
): Row {
  if (planned === undefined) return { line: code(service), text: service };
  const { from, to, tier, config = {} } = planned;
  const was = from ? versionOf(from) : 'new';
  const chart = chartMove(from, to);
  const extra = [
    `tier ${tier}`,
    ...(chart ? [chart] : []),
    ...configWords(config),
    ...noteCount(notes),
    ...originWords(origin),
  ].join(' · ');
  const digests = Object.entries(to.images).map(
    ([container, image]) => `    ${container} ${image.repository}@${image.digest}`,
  );
  return {
    line: mrkdwn`${code(service)}  ${was} → *${versionOf(to)}*   ${extra}`,
    text: [
      `${service}  ${was} -> ${versionOf(to)}  ${extra}`,
      ...digests,
      ...originLines(origin),
      ...noteLines(notes),
    ].join('\n'),
  };
}

/** The commit of its files, so that what a cut was made of can be found again. */
function configWords(config: Readonly<Record<string, string>>): string[] {
  const commits = Object.values(config).map((commit) => commit.slice(0, 8));
  return commits.length === 0 ? [] : [`config ${commits.join(', ')}`];
}

function facts(picture: PlanPicture): Mrkdwn[] {
  const { plan, rows, risk, inTheWay } = picture;
  return [
    ...hotfix(plan),
    ...order(plan),
    ...planSteps(plan),
    ...plannedMigrations(plan.migrations ?? []),
    ...gates(plan),
    approvals(picture),
    riskLine(risk),
    mrkdwn`Preflight: ${tallyWords(rows)}`,
    ...back(picture),
    ...moved(picture),
    ...saidByLine(picture),
    ...(inTheWay
      ? [mrkdwn`Would wait for ${inTheWay.holder}: both touch ${code(inTheWay.service)}`]
      : [mrkdwn`No other release is in the way`]),
  ];
}

function hotfix({ hotfix: mends }: Plan): Mrkdwn[] {
  return mends
    ? [mrkdwn`*Hotfix* for ${mends.incident}: the short way, with what it waives in the preflight`]
    : [];
}

/** One line: who wonders about a value knows where it is changed. Services are named where a value comes from several places. */
function saidByLine({ saidBy = [] }: PlanPicture): Mrkdwn[] {
  if (saidBy.length === 0) return [];
  const byValue = Map.groupBy(saidBy, ({ value }) => value);
  const words = [...byValue].map(([value, all]) => {
    const [only, another] = all;
    if (only !== undefined && another === undefined) return `${value} ${only.from}`;
    return `${value} ${all.map(({ from, services }) => `${from} (${shorten(list(services), 60)})`).join(', ')}`;
  });
  return [mrkdwn`Said by: ${shorten(words.join(' · '), 600)}`];
}

/** What was verified with other files beside it than there are now was not verified as it is. */
function moved({ configMoved = [], promotedFrom }: PlanPicture): Mrkdwn[] {
  const where = promotedFrom ? splitReleaseId(promotedFrom).environment : '';
  return configMoved.slice(0, MOVES_SHOWN).map(({ service, commits }) => {
    const [newest] = commits;
    return mrkdwn`Config of ${code(service)} moved in ${where} since it was cut: ${count(commits.length, 'commit')}, ${code(newest?.commit.slice(0, 8) ?? '')} ${shorten(newest?.subject ?? '', 80)} · ${newest?.author ?? ''}`;
  });
}

function order({ waves }: Plan): Mrkdwn[] {
  if (waves.length < 2) return [mrkdwn`Order: all at once`];
  const named = waves.map((services) =>
    services.length > 4 ? count(services.length, 'service') : services.join(', '),
  );
  return [
    mrkdwn`Order: ${named.join(' → ')}`,
    mrkdwn`        the next goes when pods prove the one before and its required gates have passed`,
  ];
}

/** Services with the same gates share a line. */
function gates({ services }: Plan): Mrkdwn[] {
  const byGates = Map.groupBy(Object.keys(services), (service) =>
    (services[service]?.gates ?? []).map((gate) => gateWords(gate)).join(', '),
  );
  return [...byGates].slice(0, 6).map(([words, names]) => {
    const who =
      names.length === Object.keys(services).length
        ? ''
        : ` of ${names.length > 4 ? count(names.length, 'service') : list(names)}`;
    return mrkdwn`Gates${who}: ${words === '' ? 'none, so a person decides at each pause' : words}`;
  });
}

function gateWords(gate: PlannedService['gates'][number]): string {
  const limit = gate.threshold ? ` ${gate.threshold.text}` : '';
  const when = gate.phase === 'postDeploy' ? ' (after)' : gate.phase === 'preflight' ? ' (before)' : '';
  return `${gate.name}${limit}${when}${gate.required ? '' : ' (shown only)'}`;
}

function approvals({ plan, nameOf }: PlanPicture): Mrkdwn {
  const { required, from, owners, databases = {} } = plan.approvals;
  const byRole = Map.groupBy(Object.keys(owners), (service) => owners[service] ?? '');
  const byKeeper = Map.groupBy(Object.keys(databases), (database) => databases[database] ?? '');
  const asked = [
    ...(required > 0 ? [`${required} of ${from.join(' or ')}`] : []),
    ...[...byRole].map(([role, services]) => `${role} (owns ${list(services)})`),
    ...[...byKeeper].map(([role, kept]) => `${role} (keeps ${list(kept)})`),
  ];
  if (asked.length === 0) return mrkdwn`Approvals: none are asked for`;
  const makers = plan.makers.map((maker) => nameOf(maker));
  return mrkdwn`Approvals: ${list(asked)}${makers.length > 0 ? ` (not ${list(makers)}: they made it)` : ''}`;
}

function back({ wayBack: { returns, none } }: PlanPicture): Mrkdwn[] {
  const all = Object.entries(returns);
  const adopted = all.filter(([, known]) => known.standing === 'adopted').map(([service]) => service);
  const words = all.map(([service, known]) => `${service} ${versionOf(known.content)}`);
  const ready = words.length > 4 ? count(words.length, 'service') : list(words);
  return [
    ...(all.length > 0 ? [mrkdwn`Way back: ${ready}`] : []),
    ...(adopted.length > 0
      ? [
          mrkdwn`        ${shorten(list(adopted), 200)}: found running before the first release, never proved by one`,
        ]
      : []),
    ...(none.length > 0 ? [mrkdwn`No way back for ${shorten(list(none), 200)}: nothing ran before`] : []),
  ];
}

function mayNot({ may }: PlanPicture): Block[] {
  if (may.kind === 'allowed') return [];
  const remedy = may.remedy ? mrkdwn` ${may.remedy}` : mrkdwn``;
  return [{ kind: 'context', texts: [mrkdwn`${may.says}${remedy} _rule ${code(may.rule)}_`] }];
}

function doIt({ plan, does }: PlanPicture): Button {
  const services = Object.keys(plan.services);
  const verb = does.kind === 'promote' ? 'Promote it' : 'Cut it';
  return {
    label: verb,
    style: 'primary',
    does,
    confirm: {
      title: `${verb} → ${plan.environment}?`,
      text: shorten(`${count(services.length, 'service')}: ${list(services)}`, 300),
      yes: verb,
      no: 'Not yet',
    },
  };
}
