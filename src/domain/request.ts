import { z } from 'zod';
import { Digest, EnvironmentName, IncidentId, LoginId, PersonId, ReleaseId, ServiceName } from './ids.ts';

/** One service of `/release cut <env> service@version`: a tag to resolve, or a digest. */
export const ServiceChoice = z.strictObject({
  service: ServiceName,
  version: z.union([
    z.strictObject({ kind: z.literal('tag'), tag: z.string().regex(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/) }),
    z.strictObject({ kind: z.literal('digest'), digest: Digest }),
  ]),
});
export type ServiceChoice = z.infer<typeof ServiceChoice>;

/** What a person typed to mean a release: its whole name, `.3`, or nothing. Found out when the request is carried out. */
const ReleaseWord = z.string().max(253).optional();

/** A flag's key, as providers allow it: it becomes a part of addresses. Source: Unleash, `schema/feature-schema.ts` (URL-friendly names). */
export const FlagKey = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._~-]{0,199}$/);

/** What a forward button's reader saw; the button is refused when it is no longer so. */
export const Seen = z.strictObject({ planHash: z.string(), state: z.string() });
export type Seen = z.infer<typeof Seen>;

/** What the reader of a plan saw before they pressed its button; what would be done now is compared with it. */
export const PlanSeen = z.strictObject({
  /** Over everything but the name the release would get. */
  hash: z.string(),
  /** How each service would move, in words, so that a refusal can name what is different by now. */
  moves: z.record(ServiceName, z.string()),
});
export type PlanSeen = z.infer<typeof PlanSeen>;

/** Whether something is only to be shown, or done provided that it still is what was shown. */
const Rehearsal = {
  /** Nothing is recorded or committed; the answer is the plan. */
  dryRun: z.literal(true).optional(),
  seen: PlanSeen.optional(),
};

/** One side of a comparison. `environment`: what the ledger trusts to run there; `git`, `cluster`: what those say now. */
export const DiffSide = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('release'), release: z.string().max(253) }),
  z.strictObject({ kind: z.literal('environment'), environment: EnvironmentName }),
  z.strictObject({ kind: z.literal('git'), environment: EnvironmentName }),
  z.strictObject({ kind: z.literal('cluster'), environment: EnvironmentName }),
]);
export type DiffSide = z.infer<typeof DiffSide>;

/** A path inside a repository, that leads nowhere else. */
const RepositoryPath = z
  .string()
  .max(500)
  .refine((path) => path.split('/').every((step) => step !== '' && step !== '.' && step !== '..'));

/**
 * Everything a person can ask for, whichever way it came (a slash command, a button, a modal, the command line, HTTP).
 * The one list: the grammar makes these, buttons carry these, the jobs carry them out.
 */
export const Request = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('help'), command: z.string(), topic: z.string().optional() }),
  z.strictObject({
    kind: z.literal('cut'),
    environment: EnvironmentName,
    /** Empty: everything verified in the environment before. */
    services: z.array(ServiceChoice),
    leaveOut: z.array(ServiceName).default([]),
    train: z.string().optional(),
    /** The open incident that it mends, by the short way. */
    hotfix: IncidentId.optional(),
    /** Path of a file beside the manifests, with what changes in databases. */
    migrations: RepositoryPath.optional(),
    ...Rehearsal,
  }),
  /** Show what a cut would take, with a choice to leave services out. */
  z.strictObject({ kind: z.literal('cutPreview'), environment: EnvironmentName }),
  z.strictObject({
    kind: z.literal('status'),
    environment: EnvironmentName.optional(),
    release: ReleaseWord,
  }),
  /** Where a commit, a version or a digest runs. */
  z.strictObject({
    kind: z.literal('where'),
    word: z.string().min(1).max(200),
    service: ServiceName.optional(),
  }),
  /** What happened to a service lately. `withinMs`: how far back; absent: a day. */
  z.strictObject({
    kind: z.literal('changes'),
    service: ServiceName,
    environment: EnvironmentName.optional(),
    withinMs: z.int().positive().optional(),
  }),
  z.strictObject({ kind: z.literal('diff'), a: DiffSide, b: DiffSide }),
  /** What every rule comes to: for a release, or for what a cut would take to an environment. */
  z.strictObject({
    kind: z.literal('preflight'),
    release: ReleaseWord,
    environment: EnvironmentName.optional(),
    /** Asks the world again instead of showing what it said a moment ago. */
    afresh: z.boolean().default(false),
    /** Every row, as a file. */
    whole: z.boolean().default(false),
  }),
  /** The checklists of a release, item by item. `afresh`: what rules say is judged again before. */
  z.strictObject({
    kind: z.literal('checklist'),
    release: ReleaseWord,
    environment: EnvironmentName.optional(),
    afresh: z.boolean().default(false),
  }),
  /** The owner of an item says that it is so, or that it is not. `seen`: hash of the plan it was shown with. */
  z.strictObject({
    kind: z.literal('answerItem'),
    release: ReleaseWord,
    environment: EnvironmentName.optional(),
    item: z.string().min(1).max(100),
    met: z.boolean(),
    link: z.string().max(500).optional(),
    says: z.string().max(500).optional(),
    seen: z.string().optional(),
  }),
  /** The form for the evidence of an item, or for what is not so. */
  z.strictObject({
    kind: z.literal('answerItemForm'),
    release: ReleaseId,
    item: z.string().min(1).max(100),
    met: z.boolean(),
  }),
  /** Which items ever kept a release back. */
  z.strictObject({ kind: z.literal('checklistReport'), environment: EnvironmentName.optional() }),
  /** Which parts of a safe way to release are in place. */
  z.strictObject({ kind: z.literal('readiness'), service: ServiceName.optional() }),
  /** What a cut would do, gone through without moving anything. Empty: everything verified in the environment before. */
  z.strictObject({
    kind: z.literal('rehearse'),
    environment: EnvironmentName,
    services: z.array(ServiceChoice),
  }),
  /** That a rule be passed over for a while: for a release, or for a service of an environment. */
  z.strictObject({
    kind: z.literal('exempt'),
    rule: z.string().max(100),
    target: z.string().max(253),
    environment: EnvironmentName.optional(),
    forMs: z.int().positive(),
    reason: z.string().min(10).max(500),
  }),
  z.strictObject({
    kind: z.literal('decideExemption'),
    environment: EnvironmentName,
    exemption: z.string().max(20),
    grant: z.boolean(),
  }),
  /** Nothing begins in an environment, or nothing of these services. `forMs`: absent, until somebody lifts it. */
  z.strictObject({
    kind: z.literal('freeze'),
    environment: EnvironmentName,
    services: z.array(ServiceName).max(100),
    forMs: z.int().positive().optional(),
    reason: z.string().min(3).max(300),
  }),
  z.strictObject({
    kind: z.literal('unfreeze'),
    environment: EnvironmentName,
    freeze: z.string().max(20).optional(),
  }),
  z.strictObject({ kind: z.literal('approve'), release: ReleaseId, seen: Seen }),
  z.strictObject({
    kind: z.literal('reject'),
    release: ReleaseId,
    seen: Seen,
    reason: z.string().max(500).optional(),
  }),
  /** `head`: the commit that the card showed. */
  z.strictObject({ kind: z.literal('adoptManifest'), release: ReleaseId, head: z.string() }),
  z.strictObject({
    kind: z.literal('promote'),
    release: ReleaseWord,
    environment: EnvironmentName.optional(),
    ...Rehearsal,
  }),
  z.strictObject({
    kind: z.literal('resume'),
    release: ReleaseWord,
    environment: EnvironmentName.optional(),
    service: ServiceName.optional(),
    seen: Seen.optional(),
  }),
  /** Takes services out of a release that has not begun, under a new name. */
  z.strictObject({
    kind: z.literal('drop'),
    services: z.array(ServiceName).min(1),
    release: ReleaseWord,
    environment: EnvironmentName.optional(),
    /** What depends on them: dropped as well, left in, or asked about. */
    dependents: z.enum(['ask', 'drop', 'leave']),
    seen: Seen.optional(),
  }),
  z.strictObject({ kind: z.literal('retry'), release: ReleaseId, seen: Seen.optional() }),
  z.strictObject({
    kind: z.literal('abort'),
    release: ReleaseWord,
    environment: EnvironmentName.optional(),
    reason: z.string().max(500).optional(),
    /** What the card said when it was clicked, for the answer only: recovery compares release and environment. */
    saw: z.string().optional(),
  }),
  /** What a rollback would do. */
  z.strictObject({
    kind: z.literal('rollbackPlan'),
    environment: EnvironmentName.optional(),
    target: z.string().max(253).optional(),
    to: z.string().max(253).optional(),
  }),
  z.strictObject({
    kind: z.literal('rollback'),
    environment: EnvironmentName,
    /** Release that goes back whole, or services that go back with what needs them. */
    release: ReleaseId.optional(),
    services: z.array(ServiceName).default([]),
    to: ReleaseId.optional(),
    saw: z.string().optional(),
  }),
  /** Flags of an environment, or of all; one of them with what its provider says now. */
  z.strictObject({
    kind: z.literal('flags'),
    key: FlagKey.optional(),
    environment: EnvironmentName.optional(),
  }),
  /** Turns a flag off, whatever it gives now: recovery, which nothing holds. */
  z.strictObject({ kind: z.literal('flagOff'), key: FlagKey, environment: EnvironmentName.optional() }),
  /** Turns a flag to a percentage; absent: to the next step of its plan. */
  z.strictObject({
    kind: z.literal('flagTurn'),
    key: FlagKey,
    environment: EnvironmentName.optional(),
    percent: z.number().min(0).max(100).optional(),
    /** The revision that a card showed. */
    seen: z.string().max(100).optional(),
    /** A person's word for gates that could not tell; one that failed is not passed over. */
    anyway: z.literal(true).optional(),
  }),
  z.strictObject({ kind: z.literal('why'), release: ReleaseId, gate: z.string().optional() }),
  z.strictObject({
    kind: z.literal('askHelp'),
    environment: EnvironmentName,
    role: z.string(),
    what: z.string(),
  }),
  z.strictObject({ kind: z.literal('incidentForm'), release: ReleaseId.optional() }),
  z.strictObject({
    kind: z.literal('incidentOpen'),
    title: z.string().min(1).max(150),
    release: ReleaseId.optional(),
    environment: EnvironmentName.optional(),
  }),
  z.strictObject({
    kind: z.literal('incidentNote'),
    text: z.string().min(1).max(3000),
    incident: IncidentId.optional(),
  }),
  z.strictObject({ kind: z.literal('incidentTimeline'), incident: IncidentId.optional() }),
  z.strictObject({ kind: z.literal('incidentResolve'), incident: IncidentId.optional() }),
  z.strictObject({ kind: z.literal('incidentExport'), incident: IncidentId.optional() }),
  /** A message of a channel, pinned by emoji or shortcut; which incident is asked when two are open. */
  z.strictObject({
    kind: z.literal('pinMessage'),
    how: z.enum(['pin', 'shortcut']),
    channel: z.string(),
    ts: z.string(),
    incident: IncidentId.optional(),
  }),
  z.strictObject({ kind: z.literal('unpinMessage'), channel: z.string(), ts: z.string() }),
  z.strictObject({
    kind: z.literal('messageSeen'),
    channel: z.string(),
    ts: z.string(),
    change: z.enum(['posted', 'edited', 'deleted']),
    author: PersonId.optional(),
    /** Absent when deleted. Kept in the erasable store, never in a fact. */
    text: z.string().optional(),
  }),
  /** A tag was pushed to a repository of the forge (`owner/name`): what it names is cut for the first environment. */
  z.strictObject({ kind: z.literal('cutTag'), repository: z.string().max(200), tag: z.string().max(255) }),
  /** Words that were meant for us and mean nothing, from where the answer takes its own way. */
  z.strictObject({
    kind: z.literal('notUnderstood'),
    says: z.string().max(1000),
    remedy: z.string().max(1000),
  }),
  z.strictObject({ kind: z.literal('openHome') }),
  z.strictObject({ kind: z.literal('confirmRestore') }),
  /** A personal token for asking outside the chat workspace; a new one replaces the old. */
  z.strictObject({ kind: z.literal('token'), act: z.enum(['issue', 'revoke']) }),
]);
export type Request = z.infer<typeof Request>;
export type RequestKind = Request['kind'];

/** Whether it asks for recovery: it goes to recovery's own workers, and nothing else is before it. */
export function asksForRecovery({ kind }: Request): boolean {
  return kind === 'abort' || kind === 'rollback' || kind === 'rollbackPlan' || kind === 'flagOff';
}

/** Where the answer goes. Only the adapter named by `kind` reads the rest. */
export const ReplyAddress = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('slack'),
    channel: z.string().optional(),
    user: z.string(),
    /** A capability: never logged, never shown. */
    responseUrl: z.string().optional(),
    /** A modal that was opened at once and waits to be filled. */
    view: z.string().optional(),
    /** The message a button sits on. */
    message: z.strictObject({ channel: z.string(), ts: z.string() }).optional(),
  }),
  /** Kept until whoever asked fetches it under the request's identity. */
  z.strictObject({ kind: z.literal('kept'), id: z.string(), person: PersonId }),
  /** A comment on an issue or a pull request of the forge. */
  z.strictObject({
    kind: z.literal('comment'),
    repository: z.string(),
    issue: z.int().positive(),
    operation: z.string(),
  }),
  /** A channel, for what nobody asked for in words. `since`: milliseconds since 1970. */
  z.strictObject({
    kind: z.literal('channel'),
    channel: z.string(),
    operation: z.string(),
    since: z.int().nonnegative(),
  }),
  z.strictObject({ kind: z.literal('none') }),
]);
export type ReplyAddress = z.infer<typeof ReplyAddress>;

/** A request as it was accepted: written down before the person is told so. */
export const AcceptedRequest = z.strictObject({
  /** Transport identity: the same signed request sent again has the same id. */
  id: z.string(),
  receivedAt: z.iso.datetime(),
  /** A login is looked up when the request is carried out. */
  principal: z.union([PersonId, LoginId]),
  via: z.enum(['slack', 'cli', 'http', 'github']),
  /** Channel it was asked in; absent outside Slack. */
  channel: z.string().optional(),
  request: Request,
  replyTo: ReplyAddress,
});
export type AcceptedRequest = z.infer<typeof AcceptedRequest>;
