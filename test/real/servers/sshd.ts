import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { commandOutput } from '../../cluster/command.ts';
import { findFreePorts } from '../../cluster/free-ports.ts';
import { opened, temporaryFolder } from '../opened.ts';
import { NSS_WRAPPER, realProgram, SSH, SSHD } from '../programs.ts';
import { startServer } from './start-server.ts';

/** OpenSSH on loopback, which lets one key in as the user of this process. */
export interface RealSshd extends AsyncDisposable {
  /** `ssh://<user>@127.0.0.1:<port>`, before the path of a repository. */
  url: string;
  /** Where bare repositories go. */
  root: string;
  /** A PATH whose `ssh` holds the key that is let in, or another one, or does not know the server. */
  pathOf(who: Client): Promise<string>;
}

export type Client = 'key' | 'otherKey' | 'stranger';

/** An empty folder in which sshd locks up its helper when it runs as root. Its path is fixed when it is built. */
const ROOM = '/run/sshd';

export function startSshd(): Promise<RealSshd> {
  return opened(async (open) => {
    const directory = await temporaryFolder(open, 'sshd');
    const at = (name: string) => join(directory, name);
    await mkdir(at('repositories'));
    for (const key of ['host', 'key', 'otherKey']) await makeKey(at(key));
    await copyFile(at('key.pub'), at('authorized'));
    const [port = 0] = await findFreePorts(1);
    await writeFile(at('known'), `[127.0.0.1]:${port} ${await readFile(at('host.pub'), 'utf8')}`);
    await writeFile(at('strangers'), '');
    if (userInfo().uid === 0 && !existsSync(ROOM)) {
      await mkdir(ROOM, { mode: 0o755 });
      open.defer(() => rmdir(ROOM));
    }
    open.adopt(await run({ directory, port }), (server) => server.stop());
    return {
      url: `ssh://${userInfo().username}@127.0.0.1:${port}`,
      root: at('repositories'),
      pathOf: (who) => clientPath(directory, who),
    };
  });
}

async function makeKey(file: string): Promise<void> {
  const { command, libraryPath } = await realProgram(SSH);
  const keygen = join(dirname(command), 'ssh-keygen');
  const env = { ...process.env, LD_LIBRARY_PATH: libraryPath };
  await commandOutput(keygen, ['-q', '-t', 'ed25519', '-N', '', '-f', file], { env });
}

/** A machine's own settings for ssh, as far as a test may make them: a program of that name in front of the real one. */
async function clientPath(directory: string, who: Client): Promise<string> {
  const key = who === 'stranger' ? 'key' : who;
  const known = who === 'stranger' ? 'strangers' : 'known';
  const folder = join(directory, `path-of-${who}`);
  const ssh = await realProgram(SSH);
  const options = [
    '-F none',
    `-i ${join(directory, key)}`,
    '-o IdentitiesOnly=yes',
    '-o StrictHostKeyChecking=yes',
    `-o UserKnownHostsFile=${join(directory, known)}`,
  ];
  await mkdir(folder);
  const script = `#!/bin/sh\nLD_LIBRARY_PATH=${ssh.libraryPath} exec ${ssh.command} ${options.join(' ')} "$@"\n`;
  await writeFile(join(folder, 'ssh'), script, { mode: 0o755 });
  return `${folder}${delimiter}${process.env['PATH'] ?? ''}`;
}

async function run({ directory, port }: { directory: string; port: number }) {
  const at = (name: string) => join(directory, name);
  const sshd = await realProgram(SSHD);
  const wrapper = await realProgram(NSS_WRAPPER);
  const { username, uid, gid } = userInfo();
  // The user that sshd wants to find, and ours with a shell that every machine has.
  await writeFile(
    at('passwd'),
    `${username}:x:${uid}:${gid}::${directory}:/bin/sh\nsshd:x:65533:65533::${ROOM}:/bin/false\n`,
  );
  await writeFile(at('group'), `${username}:x:${gid}:\nsshd:x:65533:\n`);
  await writeFile(at('sshd_config'), configurationText({ directory, port, program: sshd.command }));
  return startServer({
    command: 'env',
    args: [
      `LD_PRELOAD=${wrapper.command}`,
      `LD_LIBRARY_PATH=${sshd.libraryPath}`,
      `NSS_WRAPPER_PASSWD=${at('passwd')}`,
      `NSS_WRAPPER_GROUP=${at('group')}`,
      sshd.command,
      ...['-D', '-e', '-f', at('sshd_config')],
    ],
    ready: () => greets(port),
  });
}

/** Source: https://man.openbsd.org/sshd_config */
function configurationText({
  directory,
  port,
  program,
}: {
  directory: string;
  port: number;
  program: string;
}) {
  // From 9.8 on sshd is several programs, each looked for where it would be installed.
  const parts = [
    ['SshdSessionPath', 'sshd-session'],
    ['SshdAuthPath', 'sshd-auth'],
  ].flatMap(([setting, name = '']) => {
    const file = join(dirname(program), '..', 'lib', 'openssh', name);
    return existsSync(file) ? [`${setting} ${file}`] : [];
  });
  return [
    'ListenAddress 127.0.0.1',
    `Port ${port}`,
    `HostKey ${join(directory, 'host')}`,
    `AuthorizedKeysFile ${join(directory, 'authorized')}`,
    // The folder is below the system's temporary one, which others may write to.
    'StrictModes no',
    'PermitRootLogin prohibit-password',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    'PidFile none',
    ...parts,
    '',
  ].join('\n');
}

/** A server of SSH speaks first (RFC 4253, 4.2). */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(port, '127.0.0.1');
    connection.once('data', (greeting) => {
      connection.destroy();
      resolve(greeting.toString().startsWith('SSH-'));
    });
    connection.once('error', () => resolve(false));
  });
}
