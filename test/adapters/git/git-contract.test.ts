import { describe } from 'vitest';
import { gitContract } from '../../contracts/git.ts';
import { makeRealWorld } from './git-world.ts';

describe('the git program against a server over HTTP', () => {
  gitContract(makeRealWorld);
});
