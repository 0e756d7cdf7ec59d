import type { Config } from '../../config/schema.ts';
import { environmentAt } from '../../domain/flag/flag-book.ts';
import type { Flags } from '../../ports/flags.ts';
import { type Finding, fault, type Look, ok, warning } from './finding.ts';

/** Every provider of flags knows the token and each of its environments, and says whether they may be written to. */
export function flagLooks(
  {
    flagProviders,
    environments,
  }: Pick<Config, 'flagProviders'> & { environments: readonly { name: string }[] },
  flags: Pick<Flags, 'access'>,
): Look[] {
  return Object.entries(flagProviders).map(([name, settings]) => {
    const fix = `See that flagProviders.${name} has the right address, token and project, and that environments maps ours to its own.`;
    // A provider that names environments keeps flags for those alone.
    const mapped = environments
      .map((each) => each.name)
      .filter(
        (each) =>
          Object.keys(settings.environments).length === 0 || Object.hasOwn(settings.environments, each),
      );
    return {
      area: 'Flags',
      about: name,
      fix,
      look: async () => {
        const there = [...new Set(mapped.map((each) => environmentAt(settings, each)))];
        const found = await Promise.all(
          there.map((environment) =>
            flags.access({ provider: name, project: settings.project, environment }),
          ),
        );
        return found.map(({ kind, says }): Finding => {
          if (kind === 'refused') return fault(`${name}: ${says}`, fix);
          if (kind === 'writes') return ok(`${name}: ${says}`);
          if (kind === 'reads' && settings.kind === 'ofrep') return ok(`${name}: ${says}`);
          return warning(
            `${name}: ${says}`,
            `Without the right to set flags, kill switch and rollback can't turn them off.`,
          );
        });
      },
    };
  });
}
