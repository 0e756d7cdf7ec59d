import type { RequestKind } from '../../domain/request.ts';
import { answerItem, answerItemForm } from '../checklist/answer-item.ts';
import { checklist } from '../checklist/show-checklist.ts';
import { readiness } from '../checklist/show-readiness.ts';
import { checklistReport } from '../checklist/show-report.ts';
import { cut, cutPreview } from '../cut/cut-release.ts';
import { cutTag } from '../cut/cut-tag.ts';
import { drop } from '../cut/drop-service.ts';
import { promote } from '../cut/promote-release.ts';
import { diff } from '../diff/show-diff.ts';
import { showFlags as flags } from '../flags/show-flags.ts';
import { flagOff } from '../flags/turn-off.ts';
import { flagTurn } from '../flags/turn-up.ts';
import { freeze, unfreeze } from '../freeze-environment.ts';
import { changes } from '../history/show-changes.ts';
import { where } from '../history/show-where.ts';
import { messageSeen, note, pin, unpin } from '../incidents/capture-note.ts';
import { form, open } from '../incidents/open-incident.ts';
import { exportTimeline, resolve, timeline } from '../incidents/resolve-incident.ts';
import { decideExemption, exempt } from '../preflight/exempt.ts';
import { rehearse } from '../preflight/rehearse.ts';
import { preflight } from '../preflight/show-preflight.ts';
import { abort, rollback, rollbackPlan } from '../rollback/rollback-request.ts';
import { adoptManifest } from './adopt-manifest.ts';
import { askHelp } from './ask-help.ts';
import type { Carry } from './asked.ts';
import { confirmRestore } from './confirm-restore.ts';
import { approve, reject } from './decide-approval.ts';
import { why } from './explain-gate.ts';
import { notUnderstood } from './not-understood.ts';
import { openHome } from './open-home.ts';
import { resume, retry } from './resume-release.ts';
import { help } from './show-help.ts';
import { status } from './show-status.ts';
import { token } from './token.ts';

/** Who carries out what: every kind of request has one, or this does not compile. */
export const carriers: { readonly [K in RequestKind]: Carry<K> } = {
  help,
  cut,
  cutPreview,
  preflight,
  checklist,
  answerItem,
  answerItemForm,
  checklistReport,
  readiness,
  rehearse,
  exempt,
  decideExemption,
  freeze,
  unfreeze,
  status,
  diff,
  where,
  changes,
  approve,
  reject,
  adoptManifest,
  promote,
  drop,
  resume,
  retry,
  abort,
  rollbackPlan,
  rollback,
  flags,
  flagOff,
  flagTurn,
  why,
  askHelp,
  incidentForm: form,
  incidentOpen: open,
  incidentNote: note,
  incidentTimeline: timeline,
  incidentResolve: resolve,
  incidentExport: exportTimeline,
  pinMessage: pin,
  unpinMessage: unpin,
  messageSeen,
  openHome,
  cutTag,
  notUnderstood,
  confirmRestore,
  token,
};
