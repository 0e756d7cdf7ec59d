import type { Origin } from '../../domain/candidate/candidate.ts';
import type { Catalog } from '../../domain/catalog/catalog.ts';
import type { TakenChecklists } from '../../domain/checklist/checklist.ts';
import type { Content } from '../../domain/content.ts';
import { faultLine } from '../../domain/document/fault.ts';
import type { EnvironmentState } from '../../domain/environment/environment-state.ts';
import {
  type IncidentId,
  PersonId,
  type ReleaseId,
  type ReleaseName,
  releaseId,
  type ServiceName,
} from '../../domain/ids.ts';
import { composeManifest, manifestPath, manifestText } from '../../domain/manifest/compose-manifest.ts';
import type { WrittenContract, WrittenFlag } from '../../domain/manifest/evidence-schema.ts';
import { type Manifest, readManifest } from '../../domain/manifest/manifest.ts';
import type { ReleaseNotes } from '../../domain/notes/release-notes.ts';
import { makePlan } from '../../domain/plan/make-plan.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { planHash } from '../../domain/plan/plan-hash.ts';
import type { PlanInput, Unresolved } from '../../domain/plan/plan-input.ts';
import { type ShownRow, withExemptions } from '../../domain/policy/exemption.ts';
import type { Risk } from '../../domain/policy/risk.ts';
import { type PreflightRow, refusing } from '../../domain/policy/row.ts';
import type { EnvironmentRules, Rules } from '../../domain/rules.ts';
import { TerminalError } from '../../errors.ts';
import type { Ports } from '../../ports/ports.ts';
import { askFlags } from '../preflight/ask-flags.ts';
import { assessRisk } from '../preflight/assess-risk.ts';
import { findChecklists, takenOf } from '../preflight/find-checklists.ts';
import { type JudgePorts, judgePlan } from '../preflight/judge-plan.ts';
import { configCommits } from './config-commits.ts';
import type { DatabaseChanges } from './read-migrations.ts';

export type PreparePorts = JudgePorts & Pick<Ports, 'flags'>;

/** What is to be released, chosen but not yet planned. */
export interface Wish {
  name: ReleaseName;
  environment: EnvironmentRules;
  catalog: Catalog;
  here: EnvironmentState;
  contents: Readonly<Record<ServiceName, Content>>;
  unresolved: readonly Unresolved[];
  /** Where contents came from that nobody typed and no environment verified; absent: none did. */
  origins?: Readonly<Record<ServiceName, Origin>>;
  /** A person, or the policy that sends a train. */
  requestedBy: string;
  promotedFrom?: ReleaseId;
  /** The open incident that a hotfix mends; absent for every other release. */
  hotfixFor?: IncidentId | undefined;
  /** What is new in its services; absent: nobody looked. */
  notes?: ReleaseNotes | undefined;
  /** Contracts that its document states; absent: none. */
  contracts?: readonly WrittenContract[];
  /** Flags that its document brings; absent: none. */
  flags?: readonly WrittenFlag[];
  /** What its document says of databases; absent: nothing. */
  changes?: DatabaseChanges;
  /** Ask the world again whatever it said a moment ago. */
  afresh?: boolean;
}

export type Prepared =
  | {
      kind: 'ready';
      plan: Plan;
      planHash: string;
      manifest: { path: string; text: string };
      /** What every rule came to. */
      rows: PreflightRow[];
      /** The same with the exemptions that count now, the worst first. */
      shown: ShownRow[];
      risk: Risk;
      /** The checklists it would go by; absent: there are none. */
      checklist?: TakenChecklists;
    }
  | { kind: 'nothing' }
  /** `risk`: absent when there is no plan. */
  | { kind: 'refused'; shown: ShownRow[]; risk?: Risk };

/** Writes the document, reads it back as anybody would, plans it and judges it. Nothing is recorded. */
export async function prepareRelease(ports: PreparePorts, rules: Rules, wish: Wish): Promise<Prepared> {
  const { name, environment, requestedBy, promotedFrom, contents, contracts, flags, changes, catalog } = wish;
  const config = await configCommits(ports, rules, {
    catalog,
    environment: environment.name,
    services: Object.keys(contents),
  });
  const document = composeManifest({
    name,
    environment: environment.name,
    type: wish.hotfixFor === undefined ? 'standard' : 'hotfix',
    incident: wish.hotfixFor,
    services: contents,
    requestedBy,
    promotedFrom,
    contracts,
    flags,
    ...changes,
    config,
  });
  const person = PersonId.safeParse(requestedBy);
  const text = manifestText(document, (value) => ports.yaml.write(value));
  return judgeText(ports, rules, { ...wish, text, makers: person.success ? [person.data] : [] });
}

/** A document as it is written, with what else its plan is made from. */
export type WrittenWish = Omit<Wish, 'requestedBy'> & { text: string; makers: readonly PersonId[] };

/** Plans and judges a document as it is written. */
export async function judgeText(ports: PreparePorts, rules: Rules, wish: WrittenWish): Promise<Prepared> {
  const input = await inputOf(ports, rules, wish);
  const made = makePlan(input);
  if (made.kind === 'nothing') return made;
  const plan = made.kind === 'planned' ? made.plan : undefined;
  const checklists = await findChecklists(ports, rules, wish.environment);
  const rows = await judgePlan(ports, rules, {
    input,
    plan,
    notes: wish.notes,
    checklists,
    afresh: wish.afresh ?? false,
  });
  const shown = withExemptions(rows, {
    exemptions: wish.here.exemptions,
    release: releaseId(wish.environment.name, wish.name),
    makers: plan?.makers ?? wish.makers,
    now: ports.clock.now(),
  });
  if (plan === undefined) return { kind: 'refused', shown };
  const risk = await assessRisk(ports, { input, plan, rows: shown });
  if (refusing(shown).length > 0) return { kind: 'refused', shown, risk };
  const manifest = { path: input.document.file, text: wish.text };
  const checklist = takenOf(checklists, input.manifest);
  return {
    kind: 'ready',
    plan,
    planHash: planHash(plan),
    manifest,
    rows,
    shown,
    risk,
    ...(checklist && { checklist }),
  };
}

/** Everything a plan is made from. Throws `TerminalError` with file, line and remedy when the document cannot be read. */
export async function inputOf(
  ports: Pick<Ports, 'yaml' | 'flags'>,
  rules: Rules,
  { environment, name, text, catalog, contents, unresolved, here, makers }: WrittenWish,
): Promise<PlanInput> {
  const path = manifestPath(environment.manifestPath, { environment: environment.name, name });
  const { manifest, hash, locate } = await readText(ports, { path, text });
  return {
    document: { file: path, locate },
    manifest,
    manifestHash: hash,
    name,
    catalog,
    environment,
    isLastEnvironment: rules.environments.at(-1)?.name === environment.name,
    gates: rules.gateBook,
    flags: await askFlags(ports, rules, { manifest, environment: environment.name }),
    databases: rules.databases,
    contents,
    unresolved,
    known: here.known,
    makers,
  };
}

async function readText(
  { yaml }: Pick<Ports, 'yaml'>,
  { path, text }: { path: string; text: string },
): Promise<{ manifest: Manifest; hash: string; locate: PlanInput['document']['locate'] }> {
  const read = await yaml.read(text);
  if (read.kind === 'refused') {
    throw new TerminalError(
      read.faults.map(({ line, column, message }) => `${path}:${line}:${column} ${message}`).join('\n'),
    );
  }
  const told = readManifest({ file: path, value: read.value, locate: read.locate });
  if (told.kind === 'faulty') throw new TerminalError(told.faults.map(faultLine).join('\n'));
  return { manifest: told.manifest, hash: told.hash, locate: read.locate };
}
