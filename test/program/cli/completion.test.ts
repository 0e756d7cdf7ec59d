import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commands } from '../../../commands/registry.ts';
import { runCli } from './run-cli.ts';

const TEST_MS = 60_000;

/** What bash offers after a line, the last word of which is not finished: its own completion, as it reads the script. */
function offeredBy(script: string, line: string): string[] {
  const words = line.split(' ');
  const program = `${script}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
$(complete -p signalbox | sed 's/.*-F \\([^ ]*\\).*/\\1/')
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-u', '-c', program], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\n').filter(Boolean);
}

describe('completion', { timeout: TEST_MS }, () => {
  it('in bash offers commands, then the verbs of the registry, then options', async () => {
    const { stdout: script, code } = await runCli(['completion', 'bash']);
    expect(code).toBe(0);
    expect(offeredBy(script, 'signalbox re')).toEqual(['release']);
    for (const { name, verbs } of commands) {
      expect(offeredBy(script, `signalbox ${name} `)).toEqual(verbs.map((verb) => verb.name));
    }
    expect(offeredBy(script, 'signalbox release sta')).toEqual(['status']);
    expect(offeredBy(script, 'signalbox rollback web --y')).toEqual(['--yes']);
    expect(offeredBy(script, 'signalbox schema rel')).toEqual(['release']);
    expect(offeredBy(script, 'signalbox validate cat')).toEqual([]);
  });

  it('has a script for every shell with every verb in it, and names the shells to whoever asks for another', async () => {
    const [zsh, fish, other] = await Promise.all([
      runCli(['completion', 'zsh']),
      runCli(['completion', 'fish']),
      runCli(['completion', 'tcsh']),
    ]);
    for (const verb of commands.flatMap(({ verbs }) => verbs)) {
      expect(zsh.stdout).toContain(`'${verb.name}:${verb.summary.replaceAll("'", "'\\''")}'`);
      expect(fish.stdout).toContain(` -a ${verb.name} -d '${verb.summary.replaceAll("'", "\\'")}'`);
    }
    expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('bash, zsh, fish') });
  });
});
