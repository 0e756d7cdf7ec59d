import { setTimeout } from 'node:timers/promises';
import { systemPatience } from '../../src/program/open-stores.ts';
import { patienceContract } from '../contracts/patience.ts';
import { createMemoryPatience } from '../simulation/ports/memory-patience.ts';
import { virtualTime } from '../simulation/world/virtual-time.ts';

patienceContract('of the machine', () => ({
  patience: systemPatience,
  pass: (ms) => setTimeout(ms),
}));

patienceContract('in virtual time', () => {
  const time = virtualTime(0);
  return { patience: createMemoryPatience(time), pass: (ms) => time.run(time.now() + ms) };
});
