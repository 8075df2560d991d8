package dev.lastword.load.soak;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;

/**
 * Draws the soak's table as small charts over the same time axis.
 *
 * <p>Arguments: the table, the picture (PNG), the load and the maximum rate of the node, both in
 * keystrokes per second, and the rows of its log.
 */
final class Plot {

  private static final int WIDTH = 900;
  private static final int HEADING = 44;
  private static final int TIME_AXIS = 30;

  /** Pixels per unit of length, so that the picture is sharp on high-resolution screens. */
  private static final int SCALE = 2;

  private Plot() {}

  public static void main(String[] args) throws IOException {
    System.setProperty("java.awt.headless", "true");
    List<Sample> samples = Sample.read(Path.of(args[0]));
    String heading =
        String.format(
            Locale.ROOT,
            "Half load (%,d of %,d keystrokes a second), %,d searches in the log",
            Long.parseLong(args[2]),
            Long.parseLong(args[3]),
            Long.parseLong(args[4]));
    ImageIO.write(draw(panels(samples), heading), "png", Path.of(args[1]).toFile());
  }

  private static List<Panel> panels(List<Sample> samples) {
    return List.of(
        new Panel("Keystrokes taken, thousands a second", "0.#", samples)
            .line("", sample -> sample.rate() / 1_000),
        new Panel("POST /log, milliseconds, of 5 seconds each", "0.#", samples)
            .line("99th percentile", Sample::p99Millis)
            .line("median", Sample::p50Millis),
        new Panel("Promotion lag, seconds: the longest wait after a window", "0.0#", samples)
            .line("", sample -> sample.lagMillis() / 1_000.0),
        new Panel("Memory of the node, MiB", "0", samples)
            .line("resident", Sample::residentMib)
            .line("heap in use", Sample::heapMib));
  }

  private static BufferedImage draw(List<Panel> panels, String heading) {
    int height = HEADING + panels.size() * Panel.HEIGHT + TIME_AXIS;
    BufferedImage image =
        new BufferedImage(SCALE * WIDTH, SCALE * height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.scale(SCALE, SCALE);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, WIDTH, height);
    graphics.setColor(Panel.INK);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 16));
    graphics.drawString(heading, Panel.LEFT, 30);
    graphics.setStroke(new BasicStroke(1));
    graphics.translate(0, HEADING);
    for (int i = 0; i < panels.size(); i++) {
      boolean last = i == panels.size() - 1;
      panels.get(i).draw(graphics, WIDTH, last ? TIME_AXIS : 0);
      graphics.translate(0, Panel.HEIGHT);
    }
    graphics.dispose();
    return image;
  }
}
