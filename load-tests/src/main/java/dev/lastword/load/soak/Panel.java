package dev.lastword.load.soak;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A small chart of values from zero up, over minutes. The names of its lines are beside its title,
 * in their colours.
 */
final class Panel {

  static final int HEIGHT = 170;
  static final int LEFT = 56;
  static final Color INK = new Color(0x33, 0x33, 0x33);

  private static final int TITLE = 24;
  private static final Color GRID = new Color(0xe2, 0xe2, 0xe2);
  // Distinguishable for people with red-green colour blindness.
  private static final List<Color> COLORS =
      List.of(new Color(0x00, 0x5f, 0x99), new Color(0xc9, 0x6f, 0x0a));

  private final String title;
  private final List<Sample> samples;
  private final List<String> names = new ArrayList<>();
  private double highest;
  private final XYChart chart = new XYChartBuilder().build();

  Panel(String title, String pattern, List<Sample> samples) {
    this.title = title;
    this.samples = samples;
    DecimalFormat format = format(pattern);
    var style = chart.getStyler();
    // Zero is a sum of steps, which may be slightly off, even negative.
    style.setYAxisTickLabelsFormattingFunction(
        value -> format.format(Math.abs(value) < 1e-6 ? 0 : value));
    style.setXAxisTickLabelsFormattingFunction(minutes -> format("0.##").format(minutes));
    style.setXAxisMin(-0.001);
    style.setXAxisMax(1.002 * samples.get(samples.size() - 1).second() / 60);
    style.setYAxisTickMarkSpacingHint(40);
    style.setYAxisLabelAlignment(AxesChartStyler.TextAlignment.Right);
    style.setYAxisLeftWidthHint(LEFT - 12);
    style.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
    style.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
    style.setAxisTickLabelsColor(INK);
    style.setAxisTicksLineVisible(false);
    style.setAxisTicksMarksVisible(false);
    style.setPlotTicksMarksVisible(false);
    style.setPlotGridLinesColor(GRID);
    style.setPlotGridLinesStroke(new BasicStroke(1));
    style.setPlotGridVerticalLinesVisible(false);
    style.setPlotBorderVisible(false);
    style.setPlotMargin(0);
    style.setPlotContentSize(1.0);
    style.setChartBackgroundColor(Color.WHITE);
    style.setChartPadding(12);
    style.setChartTitleVisible(false);
    style.setLegendVisible(false);
    style.setYAxisTitleVisible(false);
    style.setXAxisTitleVisible(false);
  }

  /** Adds a line, which needs a name unless it is the only one. */
  Panel line(String name, ToDoubleFunction<Sample> value) {
    var series =
        chart.addSeries(
            "line " + names.size(),
            samples.stream().mapToDouble(sample -> sample.second() / 60).toArray(),
            samples.stream().mapToDouble(value).toArray());
    series.setLineColor(COLORS.get(names.size()));
    series.setLineStyle(new BasicStroke(1.5f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    series.setMarker(SeriesMarkers.NONE);
    names.add(name);
    highest = Math.max(highest, samples.stream().mapToDouble(value).max().orElse(0));
    // The axis ends slightly beyond its first and last marks, which would not be drawn otherwise.
    chart.getStyler().setYAxisMin(-0.001 * highest);
    chart.getStyler().setYAxisMax(1.08 * highest);
    return this;
  }

  /** Draws at the origin, with the minutes below if there is space. */
  void draw(Graphics2D graphics, int width, int timeAxis) {
    chart.getStyler().setXAxisTicksVisible(timeAxis > 0);
    chart.getStyler().setXAxisTitleVisible(timeAxis > 0);
    chart.setXAxisTitle("minutes");
    Graphics2D area =
        (Graphics2D) graphics.create(0, TITLE - 8, width, HEIGHT - TITLE + 8 + timeAxis);
    chart.paint(area, width, HEIGHT - TITLE + 8 + timeAxis);
    area.dispose();
    graphics.setColor(INK);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    graphics.drawString(title, LEFT, TITLE - 6);
    int x = LEFT + graphics.getFontMetrics().stringWidth(title);
    for (int i = 0; i < names.size(); i++) {
      graphics.setColor(COLORS.get(i));
      graphics.drawString(names.get(i), x + 18, TITLE - 6);
      x += 18 + graphics.getFontMetrics().stringWidth(names.get(i));
    }
  }

  private static DecimalFormat format(String pattern) {
    return new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT));
  }
}
