import { existsSync, readFileSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { connect } from 'node:net';
import type { ApiServerAddress } from './credentials.ts';

/** A probe that gets no answer in this time counts as not ready. */
const PROBE_TIMEOUT_MS = 2_000;

/** Whether the address answers with 200. Never throws: not reachable is not ready. */
export function answersOk(url: string): Promise<boolean> {
  return statusIsOk((onStatus) => requestPlain(url, { timeout: PROBE_TIMEOUT_MS }, onStatus));
}

/** Whether the API server says that it is ready, to somebody with this token. */
export async function apiServerIsReady({ url, caFile }: ApiServerAddress, token: string): Promise<boolean> {
  // It makes its certificate when it first starts.
  if (!existsSync(caFile)) return false;
  const options = {
    ca: readFileSync(caFile),
    headers: { authorization: `Bearer ${token}` },
    timeout: PROBE_TIMEOUT_MS,
    // No connection is kept for later: after a restart it would be a dead one.
    agent: false as const,
  };
  return statusIsOk((onStatus) => requestTls(`${url}/readyz`, options, onStatus));
}

/** Whether somebody listens on this port of 127.0.0.1. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const end = (listening: boolean): void => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}

type Send = (onResponse: (response: IncomingMessage) => void) => ClientRequest;

function statusIsOk(send: Send): Promise<boolean> {
  return new Promise((resolve) => {
    const request = send((response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request
      .once('timeout', () => request.destroy())
      .once('error', () => resolve(false))
      .end();
  });
}
