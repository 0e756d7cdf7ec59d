import type { BroughtFlag } from '../../domain/flag/flag-change.ts';
import { refOf } from '../../domain/flag/flag-ref.ts';
import type { EnvironmentName } from '../../domain/ids.ts';
import { environmentRules } from '../../domain/rules.ts';
import { notDone, said } from '../../views/answers.ts';
import { flagsAnswer, type ShownFlag } from '../../views/flags.ts';
import { readEnvironment } from '../read-state.ts';
import type { Carry, Desk } from '../requests/asked.ts';
import { findFlag, readFlag } from './find-flag.ts';

/** Flags shown at once, those first that were brought last; their providers are asked for each. */
const MOST = 20;

/** Flags that releases brought, or one flag, with what their providers say now. Asks for no right. */
export const showFlags: Carry<'flags'> = async (desk, asked) => {
  const { ports, rules } = desk;
  const { key, environment: where } = asked.request;
  if (where !== undefined && environmentRules(rules, where) === undefined)
    return notDone(`There is no environment ${where}.`);
  if (key !== undefined) {
    const found = await findFlag(ports, rules, {
      key,
      environment: where,
      again: (environment) => ({ ...asked.request, environment }),
    });
    if (found.kind === 'answer') return found.answer;
    const { ref, brought, environment } = found;
    const shown: ShownFlag = {
      environment: environment.name,
      key,
      provider: ref.provider,
      steps: brought?.flag.steps ?? [],
      release: brought?.release,
      services: brought?.flag.services ?? [],
      answer: await readFlag(ports, ref),
    };
    return flagsAnswer([shown], rules.commandPrefix);
  }
  const brought = await broughtTo(desk, where);
  if (brought.length === 0) return said(`No release brought a flag${where ? ` to ${where}` : ''}.`);
  const flags = await Promise.all(
    brought.map(async ({ environment, flag, release }): Promise<ShownFlag> => {
      const { key: name, provider, steps, services } = flag;
      const answer = await readFlag(ports, refOf(flag));
      return { environment, key: name, provider, steps, release, services, answer };
    }),
  );
  return flagsAnswer(flags, rules.commandPrefix);
};

async function broughtTo(
  { ports, rules }: Desk,
  where: EnvironmentName | undefined,
): Promise<(BroughtFlag & { environment: EnvironmentName })[]> {
  const names = rules.environments
    .map(({ name }) => name)
    .filter((name) => where === undefined || name === where);
  const found = await Promise.all(
    names.map(async (environment) => {
      const { flags } = (await readEnvironment(ports, environment)).state;
      return Object.values(flags.brought).map((each) => ({ ...each, environment }));
    }),
  );
  return found
    .flat()
    .sort((a, b) => b.at.localeCompare(a.at))
    .slice(0, MOST);
}
