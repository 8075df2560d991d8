package dev.lastword;

import dev.lastword.cli.LastwordCommand;

/** The program: {@code java -jar lastword.jar COMMAND}. */
public final class Lastword {
  private Lastword() {}

  public static void main(String[] args) {
    System.exit(LastwordCommand.run(args));
  }
}
