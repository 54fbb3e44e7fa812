import { Argument, type Command } from "commander";

/** `medallion completion` and `medallion shell-library` */
export function defineShell(root: Command): void {
  root
    .command("completion")
    .addArgument(new Argument("<shell>", "your shell").choices(["bash", "zsh", "fish"]))
    .description("Print a script that completes commands, options and data sets.")
    .addHelpText(
      "after",
      `
Examples:
  $ source <(medallion completion bash)                                   in ~/.bashrc
  $ source <(medallion completion zsh)                                    in ~/.zshrc, after compinit
  $ medallion completion fish > ~/.config/fish/completions/medallion.fish`,
    )
    .action(async (shell: "bash" | "zsh" | "fish") => {
      const { completion } = await import("../commands/completion.ts");
      await completion(shell, root);
    });
  root
    .command("shell-library")
    .description("Print the path of the functions for bash scripts, such as run_medallion_pipeline.")
    .addHelpText("after", '\nExamples:\n  $ source "$(medallion shell-library)"\n  $ run_medallion_pipeline yesterday')
    .action(async () => {
      const { shellLibrary } = await import("../commands/shell-library.ts");
      shellLibrary();
    });
}
