import { isIP } from 'node:net';
import { z } from 'zod';

/** Where an image comes from: a public address, or a file that was uploaded to the workspace. `@slack/types` `composition-objects.d.ts`. */
export const imageSource = {
  image_url: z.string().max(3000).refine(isReachableBySlack, 'downloading image failed').optional(),
  slack_file: z
    .strictObject({ id: z.string().optional(), url: z.string().optional() })
    // "If both are provided then the payload will be rejected": `@slack/types`, SlackFile.
    .refine(
      (file) => (file.id === undefined) !== (file.url === undefined),
      'must define either `id` or `url`',
    )
    .optional(),
};

/**
 * Slack's servers fetch an image before they show it, so they answer "downloading image failed" for an address that
 * only our machine can reach, and for schemes that are no web address (bolt-js issues name the message).
 */
function isReachableBySlack(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  if (protocol !== 'http:' && protocol !== 'https:') return false;
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) === 6) return false;
  if (isIP(host) === 4) return !/^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(host);
  return host.includes('.') && !/\.(local|localhost|internal)$/.test(host);
}
