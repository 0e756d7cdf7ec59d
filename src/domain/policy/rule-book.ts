import { CI_RULES } from './ci-rules.ts';
import type { RuleId } from './finding.ts';

/** How severe a finding is: `error` keeps a release from being cut, `warn` is shown to those who approve. */
export type RuleSeverity = 'error' | 'warn' | 'off';

/** What people should know of a rule before they meet it. */
export interface RuleEntry {
  /** What it asks, in one sentence. */
  asks: string;
  /** For tiers 0 and 1, tier 2, and tiers 3 and 4. */
  severity: readonly [critical: RuleSeverity, usual: RuleSeverity, internal: RuleSeverity];
  /** Where that differs from the severity; absent: nowhere. */
  except?: string;
  /** `cut`: when a release is cut, and by `signalbox validate` as far as it can know. `validate`: by that alone, as advice. */
  judged: 'cut' | 'validate';
  /** Whether two people may let a release pass it for a while. Not where it could then not be planned, or approved by nobody. */
  exemptible: boolean;
  /** What to do about it. */
  remedy: string;
}

const ALWAYS = ['error', 'error', 'error'] as const;
const ADVICE = ['warn', 'warn', 'warn'] as const;
const BEFORE_THE_LAST = 'warn in environments before the last one';

/** Every rule. */
export const RULE_BOOK: Readonly<Record<RuleId, RuleEntry>> = {
  'release-name': {
    asks: 'The document is called what the release is called.',
    severity: ALWAYS,
    judged: 'cut',
    exemptible: false,
    remedy: 'Write the name under metadata.name: train, day and number.',
  },
  'catalog-agrees': {
    asks: "Environment, services, containers, repositories and owners are the catalog's.",
    severity: ALWAYS,
    judged: 'cut',
    exemptible: false,
    remedy: 'Change the catalog first, or the document.',
  },
  'image-digest-pinned': {
    asks: 'Every image is named by its whole SHA-256.',
    severity: ALWAYS,
    except: 'warn for a tag beside a digest',
    judged: 'cut',
    exemptible: false,
    remedy: 'Write repository@sha256: and 64 lower-case hexadecimal digits.',
  },
  'placeholder-digest': {
    asks: 'No digest is cut short.',
    severity: ALWAYS,
    judged: 'cut',
    exemptible: false,
    remedy: 'Write all 64 digits.',
  },
  'no-floating-tag': {
    asks: 'No image is whatever its tag happens to mean.',
    severity: ALWAYS,
    judged: 'cut',
    exemptible: false,
    remedy: 'Write the digest.',
  },
  'digest-exists': {
    asks: 'The registry has every image, or the environment before runs it.',
    severity: ALWAYS,
    judged: 'cut',
    exemptible: false,
    remedy: 'Push the image, or name one that is there.',
  },
  'dependency-cycle': {
    asks: 'There is an order in which services can go.',
    severity: ALWAYS,
    judged: 'cut',
    exemptible: false,
    remedy: 'Take one of the dependencies out.',
  },
  'dependency-unknown': {
    asks: 'Whatever is depended on goes along or already exists in the environment.',
    severity: ALWAYS,
    judged: 'cut',
    exemptible: false,
    remedy: 'Take the dependency out, or place the service there.',
  },
  'dependency-version': {
    asks: 'Each dependency is, or becomes, at least the version that is asked for.',
    severity: ALWAYS,
    judged: 'cut',
    exemptible: true,
    remedy: 'Put the version that is needed into the release.',
  },
  'no-weakening': {
    asks: 'A document asks for as much as the configuration and the catalog do, or for more.',
    severity: ALWAYS,
    judged: 'cut',
    exemptible: false,
    remedy: 'Leave it out; signalbox.yaml decides the least.',
  },
  'gate-complete': {
    asks: 'Every gate can be judged, and has a name of its own.',
    severity: ALWAYS,
    judged: 'cut',
    exemptible: false,
    remedy: 'Complete the gate, or use a preset of signalbox.yaml.',
  },
  'not-carried-out': {
    asks: 'Nothing is promised that this version would not do.',
    severity: ALWAYS,
    judged: 'cut',
    exemptible: false,
    remedy: 'Each is named with what to write instead.',
  },
  'migration-plan-required': {
    asks: 'A service that needs another schema brings the migration along.',
    severity: ALWAYS,
    judged: 'cut',
    exemptible: true,
    remedy: 'Add the migration under spec.migrations, or say schemaAffecting: false.',
  },
  'migration-compatible': {
    asks: 'The code that runs now can work with what a migration leaves.',
    severity: ALWAYS,
    except: BEFORE_THE_LAST,
    judged: 'cut',
    exemptible: true,
    remedy: 'Make it so, and say constraint: backwardCompatible or full.',
  },
  'migration-backout-plan': {
    asks: 'It is known whether a migration adds, fills or removes, and what is done when it goes wrong.',
    severity: ALWAYS,
    except: BEFORE_THE_LAST,
    judged: 'cut',
    exemptible: true,
    remedy: 'Say phase and backoutPlan, or rollback.dbPlan for all of them.',
  },
  'db-plan-required': {
    asks: 'With migrations, a release says what becomes of the database when it is taken back.',
    severity: ALWAYS,
    judged: 'cut',
    exemptible: true,
    remedy:
      'Say rollback.dbPlan: forwardFix, restore, downMigration, or none where every migration only adds.',
  },
  'no-destructive-with-code': {
    asks: 'A migration that removes something goes alone, after the code that no longer needs it.',
    severity: ALWAYS,
    judged: 'cut',
    exemptible: false,
    remedy: 'Put it into a release of its own, once nothing reads the old form any more.',
  },
  'flag-plan-complete': {
    asks: 'Each flag says what it is before the release, and what is done with it when the release is taken back.',
    severity: ALWAYS,
    judged: 'cut',
    exemptible: true,
    remedy: 'Say default and rollbackPlan; services of this release; rising percentages.',
  },
  'flag-provider': {
    asks: 'Each flag is kept by a provider of signalbox.yaml, in this environment.',
    severity: ALWAYS,
    judged: 'cut',
    exemptible: false,
    remedy: 'Name the provider under flagProviders, or leave the flag out.',
  },
  'flag-default-off': {
    asks: 'A flag is off before the release that brings it.',
    severity: ADVICE,
    judged: 'cut',
    exemptible: true,
    remedy: 'Turn it off first; turn it up when the release is out.',
  },
  'flag-live-state': {
    asks: 'What each flag gives now is what the document says, and to nobody but its audience.',
    severity: ALWAYS,
    except: 'warn for those who have it already where no audience is named',
    judged: 'cut',
    exemptible: true,
    remedy: 'Set it at its provider, or say what it is.',
  },
  'progressive-required': {
    asks: 'What matters can be stopped before everybody has it: canary or blueGreen; for tier 2 batch too.',
    severity: ['error', 'error', 'off'],
    judged: 'cut',
    exemptible: true,
    remedy: 'Use canary or blueGreen.',
  },
  'environment-order': {
    asks: 'Content was verified in the environment before.',
    severity: ALWAYS,
    except: 'warn for a hotfix; off with requireVerifiedIn: none',
    judged: 'cut',
    exemptible: true,
    remedy: 'Release it there first.',
  },
  'slo-gate-required': {
    asks: 'A service has a required prometheus gate.',
    severity: ['error', 'warn', 'off'],
    except: BEFORE_THE_LAST,
    judged: 'cut',
    exemptible: true,
    remedy: 'Give it a gate in the catalog, or one to all of the environment in signalbox.yaml.',
  },
  'gate-query-not-ratio': {
    asks: 'A gate compares the share of failures, not how many there are each second.',
    severity: ADVICE,
    judged: 'cut',
    exemptible: true,
    remedy: 'Divide by the rate of all requests.',
  },
  'gate-threshold-vs-slo': {
    asks: 'No gate of a canary lets pass what would page by the objective.',
    severity: ADVICE,
    except: 'off for services without an slo',
    judged: 'cut',
    exemptible: true,
    remedy: 'Compare with less: at most 14.4 times what the objective lets fail.',
  },
  'owners-declared': {
    asks: 'Somebody is in the role that owns a service.',
    severity: ADVICE,
    except: 'error where owners are asked to approve',
    judged: 'cut',
    exemptible: false,
    remedy: 'Add people to the role in signalbox.yaml, or change the owner in the catalog.',
  },
  'maker-checker': {
    asks: 'Enough people who did not make the release can approve it.',
    severity: ALWAYS,
    judged: 'cut',
    exemptible: false,
    remedy: 'Add people to the role in signalbox.yaml, or let somebody else cut the release.',
  },
  'no-downgrade': {
    asks: 'No service goes to a lower version.',
    severity: ADVICE,
    judged: 'cut',
    exemptible: true,
    remedy: 'If it is meant to go back, use /rollback.',
  },
  'rollout-agrees': {
    asks: 'A rollout that is stated is the one that Git or the cluster has.',
    severity: ALWAYS,
    judged: 'cut',
    exemptible: false,
    remedy: 'Change the Rollout in Git first, or leave the rollout out.',
  },
  'contract-complete': {
    asks: 'Every contract says enough to be asked about.',
    severity: ALWAYS,
    judged: 'cut',
    exemptible: false,
    remedy: 'Name the subject, the file, the service or the version that is missing.',
  },
  'contract-order': {
    asks: 'Contracts and dependencies ask for the same order.',
    severity: ALWAYS,
    judged: 'cut',
    exemptible: false,
    remedy: 'Promise FULL compatibility, or take the dependency out.',
  },
  'contract-compatible': {
    asks: 'Whoever keeps the contracts says that these versions keep them.',
    severity: ALWAYS,
    except: 'warn for a subject that is new to the schema registry',
    judged: 'cut',
    exemptible: true,
    remedy: 'Mend what they show, or run the preflight again when they answer.',
  },
  ...CI_RULES,
  'error-budget': {
    asks: 'No service burns the error budget of its objective too fast, and something of it is left.',
    severity: ALWAYS,
    except: 'warn for a slow burn, and for a hotfix; off without an slo or a gate of type errorBudget',
    judged: 'cut',
    exemptible: true,
    remedy: 'Wait until it burns less, or cut a hotfix for the incident.',
  },
  'no-active-sev1': {
    asks: 'No incident is open.',
    severity: ALWAYS,
    except: 'warn for a hotfix; off without a gate of type incident',
    judged: 'cut',
    exemptible: true,
    remedy: 'See it resolved first, or cut a hotfix for it.',
  },
  capacity: {
    asks: 'There is room for the release.',
    severity: ALWAYS,
    except: 'warn for a hotfix; off without a gate of type capacity or of phase preflight',
    judged: 'cut',
    exemptible: true,
    remedy: 'Make room first.',
  },
  'freeze-window': {
    asks: 'Nothing begins while the environment is closed.',
    severity: ADVICE,
    except: 'a release waits until it opens; off without windows in signalbox.yaml and freezes',
    judged: 'cut',
    exemptible: true,
    remedy: 'Wait, or ask two people for an exemption.',
  },
  'batch-size': {
    asks: 'Few services and few commits go at once.',
    severity: ADVICE,
    judged: 'cut',
    exemptible: true,
    remedy: 'Release less at once, and more often.',
  },
  'release-overlap': {
    asks: 'Nothing else that is under way moves the same services, or what they need.',
    severity: ADVICE,
    judged: 'cut',
    exemptible: true,
    remedy: 'Speak with whoever cut the other, or drop a service.',
  },
  'contract-window': {
    asks: 'The time in which the old form of a contract is kept is not nearly over.',
    severity: ADVICE,
    except: 'off for contracts without a window',
    judged: 'cut',
    exemptible: true,
    remedy: 'See that everybody who reads it has moved, or promise it for longer.',
  },
  'hotfix-incident': {
    asks: 'A hotfix mends an incident that is open.',
    severity: ALWAYS,
    except: 'off for other releases',
    judged: 'cut',
    exemptible: false,
    remedy: 'Open an incident, and cut with --hotfix and its number.',
  },
  'hotfix-base': {
    asks: 'A hotfix is built from a commit that descends from the one in production.',
    severity: ALWAYS,
    except: 'off for other releases',
    judged: 'cut',
    exemptible: true,
    remedy: 'Build it from a branch that begins at the commit in production.',
  },
  'hotfix-canary': {
    asks: 'Also a hotfix of what is critical reaches a few before it reaches all.',
    severity: ['error', 'off', 'off'],
    except: 'off for other releases',
    judged: 'cut',
    exemptible: false,
    remedy: 'Give its Rollout a step before 100 %, or blueGreen.',
  },
  policy: {
    asks: "The installation's own policy denies nothing.",
    severity: ALWAYS,
    except: 'warn for what it warns of; off without a policy in signalbox.yaml',
    judged: 'cut',
    exemptible: true,
    remedy: 'Meet the policy, or ask those who keep it.',
  },
  conftest: {
    asks: 'The policies that CI tests manifests by with conftest were evaluated, and found nothing.',
    severity: ALWAYS,
    except: 'warn for its warnings; off for services whose catalog entry has no conftest',
    judged: 'cut',
    exemptible: true,
    remedy: 'Mend what conftest found, and let CI run it again.',
  },
  'checklist-complete': {
    asks: 'Every item of a checklist is checked by itself, or has an owner and evidence.',
    severity: ALWAYS,
    except: 'off without a checklist in the repository',
    judged: 'cut',
    exemptible: false,
    remedy: 'End the item with (rule: …), (gate: …), (fact: …) or (owner: <role>; evidence: link).',
  },
  'checklist-length': {
    asks: 'A checklist has ten items at most.',
    severity: ADVICE,
    except: 'off without a checklist in the repository',
    judged: 'cut',
    exemptible: true,
    remedy: 'Turn items into gates and rules; drop those that never refuse anything.',
  },
  'health-checks-declared': {
    asks: 'Each service says where it tells that it lives and that it is ready.',
    severity: ['error', 'error', 'warn'],
    judged: 'validate',
    exemptible: true,
    remedy: 'Say healthChecks: { liveness: /healthz, readiness: /readyz }.',
  },
  'rollout-strategy-declared': {
    asks: 'Each service says how it is brought out.',
    severity: ['error', 'error', 'warn'],
    judged: 'validate',
    exemptible: true,
    remedy: 'Say rollout: { strategy: canary } or blueGreen, as its Rollout in Git has it.',
  },
};
