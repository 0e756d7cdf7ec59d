import { ADVICE, ALWAYS, type RuleEntry } from './rule-entry.ts';

/** Rules about the checklists that a release goes by, and about what CI tests its manifests by. */
export const LIST_ENTRIES = {
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
} as const satisfies Record<string, RuleEntry>;
