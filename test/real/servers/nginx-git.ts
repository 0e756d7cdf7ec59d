import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { commandOutput } from '../../cluster/command.ts';
import { findFreePorts } from '../../cluster/free-ports.ts';
import { opened, temporaryFolder } from '../opened.ts';
import { FCGIWRAP, NGINX, realProgram } from '../programs.ts';
import { answers, startServer } from './start-server.ts';

/** Git over HTTP as companies run it themselves: nginx asks for a name and a password, `git http-backend` does the rest. */
export interface NginxGit extends AsyncDisposable {
  url: string;
  /** Where bare repositories go, as `<name>.git`. */
  root: string;
}

/** Starts both; `users` maps names to passwords. */
export function startNginxGit(users: Readonly<Record<string, string>>): Promise<NginxGit> {
  return opened(async (open) => {
    const directory = await temporaryFolder(open, 'nginx');
    const root = join(directory, 'repositories');
    await mkdir(root);
    const socket = join(directory, 'fcgiwrap.sock');
    const wrapping = await startServer({
      ...(await realProgram(FCGIWRAP)),
      args: ['-s', `unix:${socket}`],
      ready: () => listens(socket),
    });
    open.defer(() => wrapping.stop());
    const lines = Object.entries(users).map(([name, password]) => `${name}:{PLAIN}${password}\n`);
    await writeFile(join(directory, 'users'), lines.join(''), { mode: 0o600 });
    const [port = 0] = await findFreePorts(1);
    const configuration = join(directory, 'nginx.conf');
    const backend = join((await commandOutput('git', ['--exec-path'])).trim(), 'git-http-backend');
    await writeFile(configuration, configurationText({ directory, root, socket, port, backend }));
    const server = await startServer({
      ...(await realProgram(NGINX)),
      args: ['-e', 'stderr', '-p', directory, '-c', configuration],
      ready: () => answers(`http://127.0.0.1:${port}/`),
    });
    open.defer(() => server.stop());
    return { url: `http://127.0.0.1:${port}`, root };
  });
}

/** Source: https://git-scm.com/docs/git-http-backend#_examples, and nginx's own documentation of each directive. */
function configurationText(at: {
  directory: string;
  root: string;
  socket: string;
  port: number;
  backend: string;
}): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(at.directory, name)};`,
  );
  return `
daemon off;
master_process off;
pid ${join(at.directory, 'nginx.pid')};
events {}
http {
  access_log off;
  client_max_body_size 0;
  ${temporary.join('\n  ')}
  server {
    listen 127.0.0.1:${at.port};
    location ~ ^(/[^/]+\\.git/.*)$ {
      auth_basic git;
      auth_basic_user_file ${join(at.directory, 'users')};
      fastcgi_pass unix:${at.socket};
      fastcgi_param SCRIPT_FILENAME ${at.backend};
      fastcgi_param GIT_PROJECT_ROOT ${at.root};
      fastcgi_param GIT_HTTP_EXPORT_ALL "";
      fastcgi_param GIT_CONFIG_NOSYSTEM 1;
      fastcgi_param PATH /usr/local/bin:/usr/bin:/bin;
      fastcgi_param PATH_INFO $1;
      fastcgi_param QUERY_STRING $query_string;
      fastcgi_param REQUEST_METHOD $request_method;
      fastcgi_param CONTENT_TYPE $content_type;
      fastcgi_param CONTENT_LENGTH $content_length;
      fastcgi_param REMOTE_USER $remote_user;
      fastcgi_param REMOTE_ADDR $remote_addr;
    }
  }
}
`;
}

function listens(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.once('connect', () => {
      connection.destroy();
      resolve(true);
    });
    connection.once('error', () => resolve(false));
  });
}
