import { mrkdwn } from '../../domain/text/mrkdwn.ts';
import { notDone } from '../../views/answers.ts';
import type { Carry } from './asked.ts';

/** Says what was not understood, where the words came from. */
export const notUnderstood: Carry<'notUnderstood'> = async (_, { request }) =>
  notDone(request.says, ...(request.remedy === '' ? [] : [mrkdwn`${request.remedy}`]));
