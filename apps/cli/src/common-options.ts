/** Options that every command has. */
export interface CommonOptions {
  readonly lake: string;
  readonly json?: true;
  readonly quiet?: true;
}
