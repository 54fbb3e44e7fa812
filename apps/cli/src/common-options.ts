/** Options that every command has. */
export interface CommonOptions {
  readonly lake: string;
  readonly config?: string;
  readonly json?: true;
  readonly quiet?: true;
}
