import { judgeChecklist, openItems } from '../checklist/judge-checklist.ts';
import { type ShownRow, withExemptions } from '../policy/exemption.ts';
import { type Look, type Turn, type Wait, waitFor } from './look.ts';

/** What the rules came to, with the exemptions that count: at this moment or, once the release has begun, when it began. */
export function rowsNow({ release, environment, now }: Look): ShownRow[] {
  const { exemptions } = environment;
  const { makers } = release.plan;
  const at = release.started ? Date.parse(release.started.at) : now;
  return withExemptions(release.preflight?.rows ?? [], { exemptions, release: release.id, makers, now: at });
}

/** What the release's checklists still ask for before this; absent: nothing. */
export function checklistWait(look: Look, before: 'start' | 'wave' | 'end'): Wait | undefined {
  const { release, environment } = look;
  if (release.checklist === undefined) return undefined;
  const rows = judgeChecklist({ release, rows: rowsNow(look), known: environment.known });
  const open = openItems(rows, before);
  const [first] = open;
  return (
    first && {
      kind: 'checklist',
      items: open.map(({ item }) => item.id),
      says: `${first.item.text}: ${first.says}`,
    }
  );
}

/** Everything is proved, and the release does not end before its checklists agree. */
export function atTheEnd(look: Look): Turn | undefined {
  const open = checklistWait(look, 'end');
  return open && waitFor(open);
}
