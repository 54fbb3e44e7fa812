/** What a line or a unit starts. */
export interface ScheduledCommand {
  /** Absolute paths. */
  readonly node: string;
  readonly script: string;
  readonly lake: string;
  readonly config: string | null;
  readonly cron: string;
  readonly timeZone: string;
  readonly runs: readonly string[];
}

/** Lines for crontab(5), one a run. */
export function crontabLines(command: ScheduledCommand): string {
  const { cron, timeZone, node, script, lake, config, runs } = command;
  const lines = runs.map((run) => {
    const words = [node, script, "run", ...wordsOf(run), "--quiet", "--lake", lake, ...configWords(config)];
    // cron takes % for a line end.
    return `${cron} ${words.map(shellWord).join(" ").replaceAll("%", "\\%")}`;
  });
  return `# Medallion: the numbers of ${lake}. cron goes by the machine's time zone; the days of the lake are in ${timeZone}.
# What goes wrong is sent by mail, as cron does with all output.
${lines.join("\n")}
`;
}

/** A unit for systemd.service(5). */
export function systemdUnit(command: ScheduledCommand): string {
  const { cron, timeZone, node, script, lake, config, runs } = command;
  const words = [
    ...[node, script, "schedule", "--once-at-start", "--cron", cron, "--timezone", timeZone],
    ...runs.flatMap((run) => ["--run", run]),
    ...["--lake", lake, ...configWords(config)],
  ];
  return `# ~/.config/systemd/user/medallion.service (then: systemctl --user enable --now medallion)
# or /etc/systemd/system/medallion.service with a line User= in [Service].
[Unit]
Description=Medallion: the numbers of ${lake.replaceAll("%", "%%")}

[Service]
Type=exec
ExecStart=${words.map(unitWord).join(" ")}
Restart=on-failure
RestartSec=60
# Only the scheduler is told to stop; it stops a run under way.
KillMode=mixed
# A run that was interrupted is done again.
SuccessExitStatus=130
TimeoutStopSec=60

[Install]
WantedBy=default.target
`;
}

/** The words of a run's arguments, such as `yesterday --wait 60`. */
export function wordsOf(run: string): string[] {
  return run.split(/\s+/).filter(Boolean);
}

function configWords(config: string | null): string[] {
  return config === null ? [] : ["--config", config];
}

function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:=@+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** % begins a specifier and $ a variable, doubled they are themselves. */
function unitWord(text: string): string {
  const plain = text.replaceAll("%", "%%").replaceAll("$", "$$$$");
  return /^[A-Za-z0-9_./:=@+%-]+$/.test(plain) ? plain : `"${plain.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
