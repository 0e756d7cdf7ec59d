import type { AppLink } from './app/app-link.ts';
import { signRequest } from './app/signature.ts';
import type { RawRequests } from './workspace.ts';

/** Requests a test makes up, and replays. */
export function createRawRequests(
  link: Pick<AppLink, 'postRaw'>,
  { signingSecret, now }: { readonly signingSecret: string; readonly now: () => number },
): RawRequests {
  return {
    sign: (body, options = {}) => {
      const {
        secret = signingSecret,
        timestampSeconds = now() / 1000,
        contentType = 'application/x-www-form-urlencoded',
      } = options;
      return {
        body,
        headers: { 'content-type': contentType, ...signRequest(body, { secret, timestampSeconds }) },
      };
    },
    send: (request) => link.postRaw(request),
    replay: (delivery) => {
      if (delivery.wire === undefined) throw new Error('only what went by HTTP can be replayed');
      return link.postRaw(delivery.wire);
    },
  };
}
