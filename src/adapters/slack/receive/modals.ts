import type { Logger } from 'pino';
import type { Message } from '../../../ports/message.ts';
import { attempt } from '../api-fault.ts';
import type { Clients } from '../clients.ts';
import { loadingModal, type ModalPlace, renderMessageModal } from '../render/form.ts';
import { withoutRequests } from './without-requests.ts';

/** Modals that stand open while an answer is worked out. Neither method rejects. */
export interface Modals {
  /** Opens one that says it is loading; false when Slack does not, as with a trigger older than 3 s. */
  open(modal: ModalPlace & { title: string; triggerId: string }): Promise<boolean>;
  /** Shows a message without buttons of ours in an open one. */
  fill(externalId: string, message: Message): Promise<void>;
}

/** Opens and fills modals by the fast client: a person looks at them. */
export function createModals({ fast }: Pick<Clients, 'fast'>, logger: Pick<Logger, 'warn'>): Modals {
  return {
    async open({ title, triggerId, ...place }) {
      const view = loadingModal(title, place);
      const done = await attempt(() => fast.apiCall('views.open', { trigger_id: triggerId, view }));
      if (done.kind !== 'ok')
        logger.warn({ why: done.kind === 'refused' ? done.code : done.kind }, 'a modal did not open');
      // A lost answer may still have opened it; the answer is first tried there in any case.
      return done.kind === 'ok' || (done.kind === 'unavailable' && done.ambiguous);
    },
    async fill(externalId, message) {
      const view = renderMessageModal(withoutRequests(message), { externalId, idOf: () => '' });
      const done = await attempt(() => fast.apiCall('views.update', { external_id: externalId, view }));
      if (done.kind !== 'ok')
        logger.warn({ why: done.kind === 'refused' ? done.code : done.kind }, 'a modal was not filled');
    },
  };
}
