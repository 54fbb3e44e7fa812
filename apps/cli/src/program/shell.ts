import { Argument, type Command } from "commander";

/** `medallion completion` and `medallion shell-library` */
export function defineShell(root: Command): void {
  root
    .command("completion")
    .exitOverride()
    .addArgument(new Argument("<shell>", "the shell").choices(["bash", "zsh", "fish"]))
    .description("Print what makes a shell complete the commands, their options and the data sets.")
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
    .exitOverride()
    .description("Print the path of the functions for bash scripts: init_medallion, run_medallion_pipeline and others.")
    .addHelpText("after", '\nExamples:\n  $ source "$(medallion shell-library)"\n  $ run_medallion_pipeline yesterday')
    .action(async () => {
      const { shellLibrary } = await import("../commands/shell-library.ts");
      shellLibrary();
    });
}
