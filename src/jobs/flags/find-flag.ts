import { environmentAt, isWritable } from '../../domain/flag/flag-book.ts';
import type { BroughtFlag } from '../../domain/flag/flag-change.ts';
import { type FlagRef, refOf } from '../../domain/flag/flag-ref.ts';
import type { FlagAnswer } from '../../domain/flag/flag-setting.ts';
import { didYouMean } from '../../domain/naming/nearest.ts';
import type { Request } from '../../domain/request.ts';
import { type EnvironmentRules, environmentRules, type Rules } from '../../domain/rules.ts';
import { UnavailableError } from '../../errors.ts';
import type { Answer } from '../../ports/message.ts';
import type { Ports } from '../../ports/ports.ts';
import { choose, notDone } from '../../views/answers.ts';
import { noSuchFlag } from '../../views/flags.ts';
import { readEnvironment } from '../read-state.ts';

/** A flag that a person named. */
export interface FoundFlag {
  kind: 'found';
  environment: EnvironmentRules;
  ref: FlagRef;
  /** Absent for a flag of no release. */
  brought?: BroughtFlag | undefined;
}

type FindPorts = Pick<Ports, 'ledger' | 'snapshots' | 'flags'>;

/**
 * The flag a person means by its key: one that a release brought, or else one that a provider has. `again`: the same request, with
 * the environment.
 */
export async function findFlag(
  ports: FindPorts,
  rules: Rules,
  {
    key,
    environment,
    again,
  }: { key: string; environment?: string | undefined; again: (environment: string) => Request },
): Promise<FoundFlag | { kind: 'answer'; answer: Answer }> {
  const answer = (given: Answer) => ({ kind: 'answer' as const, answer: given });
  if (rules.flagBook.length === 0)
    return answer(notDone('No flag provider is configured: signalbox.yaml names them under flagProviders.'));
  if (environment !== undefined && environmentRules(rules, environment) === undefined)
    return answer(notDone(`There is no environment ${environment}.`));
  const wanted = rules.environments.filter(({ name }) => environment === undefined || name === environment);
  const states = await Promise.all(
    wanted.map(async (each) => ({
      environment: each,
      flags: (await readEnvironment(ports, each.name)).state.flags,
    })),
  );
  const brought = states.flatMap(({ environment: here, flags }) =>
    Object.values(flags.brought)
      .filter(({ flag }) => flag.key === key)
      .map((each): FoundFlag => ({ kind: 'found', environment: here, ref: refOf(each.flag), brought: each })),
  );
  const [only, ...others] = brought;
  if (only && others.length === 0) return only;
  const names = wanted.map(({ name }) => name);
  const [here, ...elsewhere] = wanted;
  if (only || here === undefined || elsewhere.length > 0) {
    const among = only ? brought.map((each) => each.environment.name) : names;
    return answer(
      choose(
        `In which environment is ${key} meant?`,
        [...new Set(among)].map((name) => ({ label: name, does: again(name) })),
      ),
    );
  }
  const ref = await atProvider(ports, rules, { key, environment: here.name });
  if (ref) return { kind: 'found', environment: here, ref };
  const keys = states.flatMap(({ flags }) => Object.values(flags.brought).map(({ flag }) => flag.key));
  const near = keys.length > 0 ? didYouMean(key, keys) : 'No release brought one there.';
  return answer(noSuchFlag({ key, environment: here.name, near }));
}

/** A flag of no release: whoever has it. One that is the only writable provider, and away, is taken to have it. */
async function atProvider(
  { flags }: Pick<Ports, 'flags'>,
  { flagBook }: Rules,
  { key, environment }: { key: string; environment: string },
): Promise<FlagRef | undefined> {
  const writable = flagBook.filter(isWritable);
  for (const provider of [...writable, ...flagBook.filter((each) => !isWritable(each))]) {
    const { name, project } = provider;
    const ref = { key, provider: name, project, environment: environmentAt(provider, environment) };
    const answer = await readFlag({ flags }, ref);
    if (answer.kind === 'seen' || (answer.kind === 'unknown' && writable.length === 1)) return ref;
  }
  return undefined;
}

/** What a flag gives now; nobody being there is an answer. */
export async function readFlag({ flags }: Pick<Ports, 'flags'>, ref: FlagRef): Promise<FlagAnswer> {
  try {
    return await flags.read(ref);
  } catch (error) {
    if (error instanceof UnavailableError) return { kind: 'unknown', says: error.message };
    throw error;
  }
}
