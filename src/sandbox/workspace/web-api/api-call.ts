/** A Web API call that was made, as tests read it. */
export interface ApiCall {
  readonly atMs: number;
  readonly method: string;
  /** Without the token. */
  readonly args: Readonly<Record<string, unknown>>;
  /** HTTP status; absent while the call is under way, and when the connection was cut. */
  status?: number;
  /** What was answered; absent like `status`. */
  answer?: Readonly<Record<string, unknown>>;
  /** The trouble that was ordered for it. */
  fault?: string;
  tookMs?: number;
}
