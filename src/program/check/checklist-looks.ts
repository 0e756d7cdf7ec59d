import { rulesOf } from '../../config/rules-of.ts';
import type { Config } from '../../config/schema.ts';
import { ADVISED_ITEMS } from '../../domain/checklist/checklist.ts';
import type { EnvironmentRules, Rules } from '../../domain/rules.ts';
import { findChecklists } from '../../jobs/preflight/find-checklists.ts';
import type { Patience } from '../../ports/patience.ts';
import type { Asking } from '../open-for-asking.ts';
import { systemClock, systemPatience } from '../open-stores.ts';
import { type Finding, fault, type Look, ok, warning } from './finding.ts';

/** The first fetch brings a repository's whole history. */
const FETCH_WITHIN_MS = 180_000;
const patience: Patience = { within: (_, work) => systemPatience.within(FETCH_WITHIN_MS, work) };

const FIX =
  'Mend it in Git, or take it out of environments[].checklists; docs/checklists.md says how items are written.';

/** The checklists that releases go by can be read, and mean something: a fault refuses the next cut. */
export function checklistLooks(config: Config, asking: Pick<Asking, 'git'>): Look[] {
  const rules = rulesOf(config);
  return rules.environments
    .filter(({ checklists = [] }) => checklists.length > 0)
    .map((environment) => ({
      area: 'Checklists',
      about: `the checklists of ${environment.name}`,
      fix: FIX,
      withinMs: FETCH_WITHIN_MS,
      look: () => findings(asking, rules, environment),
    }));
}

async function findings(
  { git }: Pick<Asking, 'git'>,
  rules: Rules,
  environment: EnvironmentRules,
): Promise<Finding[]> {
  const { name } = environment;
  const found = await findChecklists({ git, clock: systemClock, patience }, rules, environment);
  if (found.kind === 'unknown')
    return [fault(`the checklists of ${name} cannot be read: ${found.says}`, FIX)];
  const { lists, faults } = found;
  const none = lists.length + faults.length === 0 ? [ok(`releases to ${name} go by no checklist`)] : [];
  return [
    ...none,
    ...faults.map(({ path, line, says }) =>
      fault(`${path}${line === undefined ? '' : `:${line}`} ${says}`, FIX),
    ),
    ...lists.map(({ path, items }) =>
      items.length > ADVISED_ITEMS
        ? warning(
            `${path} has ${items.length} items, and ${ADVISED_ITEMS} are advised`,
            'Turn items into rules and gates; /release checklist report names those that never kept anything back.',
          )
        : ok(`releases to ${name} go by ${path} (${items.length} items)`),
    ),
  ];
}
