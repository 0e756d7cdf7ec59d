import type { Catalog } from '../../domain/catalog/catalog.ts';
import type { Content } from '../../domain/content.ts';
import { faultLine } from '../../domain/document/fault.ts';
import type { EnvironmentState } from '../../domain/environment/environment-state.ts';
import { PersonId, type ReleaseId, type ReleaseName, type ServiceName } from '../../domain/ids.ts';
import { composeManifest, manifestPath, manifestText } from '../../domain/manifest/compose-manifest.ts';
import { type Manifest, readManifest } from '../../domain/manifest/manifest.ts';
import { makePlan } from '../../domain/plan/make-plan.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { planHash } from '../../domain/plan/plan-hash.ts';
import type { PlanInput, Unresolved } from '../../domain/plan/plan-input.ts';
import { type Finding, mayBeCut } from '../../domain/policy/finding.ts';
import { preflight } from '../../domain/policy/preflight.ts';
import type { EnvironmentRules, Rules } from '../../domain/rules.ts';
import { TerminalError } from '../../errors.ts';
import type { Ports } from '../../ports/ports.ts';
import { readEnvironment } from '../read-state.ts';
import { readRollouts } from './read-rollouts.ts';

export type PreparePorts = Pick<Ports, 'ledger' | 'snapshots' | 'git' | 'yaml' | 'cluster' | 'directory'>;

/** What is to be released, chosen but not yet planned. */
export interface Wish {
  name: ReleaseName;
  environment: EnvironmentRules;
  catalog: Catalog;
  here: EnvironmentState;
  contents: Readonly<Record<ServiceName, Content>>;
  unresolved: readonly Unresolved[];
  /** A person, or the policy that sends a train. */
  requestedBy: string;
  promotedFrom?: ReleaseId;
}

export type Prepared =
  | {
      kind: 'ready';
      plan: Plan;
      planHash: string;
      manifest: { path: string; text: string };
      findings: Finding[];
    }
  | { kind: 'nothing' }
  | { kind: 'refused'; findings: Finding[] };

/** Writes the document, reads it back as anybody would, plans it and judges it. Nothing is recorded. */
export async function prepareRelease(ports: PreparePorts, rules: Rules, wish: Wish): Promise<Prepared> {
  const { name, environment, requestedBy, promotedFrom, contents } = wish;
  const document = composeManifest({
    name,
    environment: environment.name,
    type: 'standard',
    services: contents,
    requestedBy,
    promotedFrom,
  });
  const person = PersonId.safeParse(requestedBy);
  const text = manifestText(document, (value) => ports.yaml.write(value));
  return judgeText(ports, rules, { ...wish, text, makers: person.success ? [person.data] : [] });
}

/** Plans and judges a document as it is written. */
export async function judgeText(
  ports: PreparePorts,
  rules: Rules,
  wish: Omit<Wish, 'requestedBy'> & { text: string; makers: readonly PersonId[] },
): Promise<Prepared> {
  const { environment, name, text } = wish;
  const path = manifestPath(environment.manifestPath, { environment: environment.name, name });
  const { manifest, hash, locate } = await readText(ports, { path, text });
  const input: PlanInput = {
    document: { file: path, locate },
    manifest,
    manifestHash: hash,
    name,
    catalog: wish.catalog,
    environment,
    isLastEnvironment: rules.environments.at(-1)?.name === environment.name,
    gates: rules.gateBook,
    contents: wish.contents,
    unresolved: wish.unresolved,
    known: wish.here.known,
    makers: wish.makers,
  };
  const made = makePlan(input);
  if (made.kind === 'nothing') return made;
  const plan = made.kind === 'planned' ? made.plan : undefined;
  const findings = preflight({
    ...input,
    plan,
    ...(await surroundings(ports, rules, { environment, plan })),
    rollouts: await readRollouts(ports, rules, input),
  });
  if (plan === undefined || !mayBeCut(findings)) return { kind: 'refused', findings };
  return { kind: 'ready', plan, planHash: planHash(plan), manifest: { path, text }, findings };
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

/** What the rules ask of the world around the plan. */
async function surroundings(
  ports: Pick<Ports, 'ledger' | 'snapshots' | 'directory'>,
  rules: Rules,
  { environment, plan }: { environment: EnvironmentRules; plan: Plan | undefined },
) {
  const at = rules.environments.findIndex((each) => each.name === environment.name);
  const earlier = await Promise.all(
    rules.environments
      .slice(0, at)
      .reverse()
      .map(async ({ name }) => ({
        environment: name,
        known: (await readEnvironment(ports, name)).state.known,
      })),
  );
  const owners = Object.values(plan?.services ?? {}).map((service) => service.owner);
  const roles = [...new Set([...(plan?.approvals.from ?? []), ...owners])];
  const members = await Promise.all(
    roles.map(async (role): Promise<[string, PersonId[]]> => [role, await ports.directory.members(role)]),
  );
  return {
    earlier,
    isLastEnvironment: at === rules.environments.length - 1,
    members: Object.fromEntries(members),
  };
}
