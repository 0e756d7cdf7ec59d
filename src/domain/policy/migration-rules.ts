import type { RuleId } from './finding.ts';
import { ADVICE, ALWAYS, type RuleEntry } from './rule-entry.ts';

/** Rules about migrations as they are carried out, and what their databases say. */
export const MIGRATION_RULES = {
  'migration-complete': {
    asks: 'Every migration says which database it changes, what has to be there, and what it does.',
    severity: ALWAYS,
    judged: 'cut',
    exemptible: false,
    remedy: 'Say type, database, target and phase; the database stands in signalbox.yaml.',
  },
  'migration-repeatable': {
    asks: 'A migration can be run again, and taken back.',
    severity: ADVICE,
    judged: 'cut',
    exemptible: true,
    remedy: 'Make each step look first whether it is done.',
  },
  'migration-data-reviewed': {
    asks: 'Somebody looked at consent, retention and privacy before data is filled in or removed.',
    severity: ADVICE,
    except: 'off in environments before the last one',
    judged: 'cut',
    exemptible: true,
    remedy: 'Say under dataReview who looked at it, and where that stands.',
  },
  'migration-signed-off': {
    asks: 'A role signs each migration off, and its review is linked.',
    severity: ADVICE,
    judged: 'cut',
    exemptible: true,
    remedy: 'Set signOff of the database in signalbox.yaml, and signOff.link of the migration.',
  },
  'contract-after-soak': {
    asks: 'What removes something waits until the code without it has run for a while and nobody reads the old form.',
    severity: ALWAYS,
    except: 'warn in environments before the last one, and while the time is not over',
    judged: 'cut',
    exemptible: true,
    remedy: 'Say contractAfter with release, soak and noReadersQuery.',
  },
  'migration-history': {
    asks: 'The state of every migration can be read, and nothing stands in the way of its tool.',
    severity: ALWAYS,
    except: 'warn for a lock, and for what comes out of order',
    judged: 'cut',
    exemptible: true,
    remedy: 'Mend what failed; signalbox check tells whether the database can be read.',
  },
  'migration-drift': {
    asks: 'A database has applied what it has applied one environment earlier, from the same files.',
    severity: ALWAYS,
    except: 'warn for what was not applied earlier',
    judged: 'cut',
    exemptible: true,
    remedy: 'Find out which of the two is right.',
  },
} satisfies Partial<Record<RuleId, RuleEntry>>;
