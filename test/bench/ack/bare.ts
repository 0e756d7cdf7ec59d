import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { Redis } from 'ioredis';
import { BareOrder } from './order.ts';

/** The anchors: a Bolt app that checks the signature and acknowledges, at once or after one write to Redis. */
async function main({ secret, redisUrl }: BareOrder): Promise<void> {
  const receiver = new HTTPReceiver({ signingSecret: secret, logLevel: LogLevel.ERROR });
  const app = new App({ receiver, authorize: async () => ({}), logLevel: LogLevel.ERROR });
  const redis = redisUrl === undefined ? undefined : new Redis(redisUrl);
  app.command(/./, async ({ ack, body }) => {
    await redis?.hset('bench:commands', body.trigger_id, JSON.stringify(body));
    await ack();
  });
  const server = await receiver.start({ port: 0, host: '127.0.0.1' });
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
}

process.once('message', (message) => void main(BareOrder.parse(message)));
