import type { Request } from './request.ts';

/** The title of the form that answers a request, at most 24 characters; absent when a message does. */
export function formTitle(request: Request): string | undefined {
  switch (request.kind) {
    case 'cutPreview':
      return `Cut ${request.environment}`.slice(0, 24);
    case 'rollbackPlan':
      return 'Roll back';
    case 'answerItemForm':
      return request.met ? 'Tick an item' : 'Not met';
    case 'incidentForm':
      return 'Open an incident';
    default:
      return undefined;
  }
}
