package dev.lastword.simulation;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the visitors of a simulated shop searched for and did on past days.
 *
 * <p>A few phrases are searched for most, and each week has some of its own. About a hundred users
 * a day are new. They come back less and less often, and most of all after whole weeks. What a
 * visitor does on a day depends on the seed and the day alone, not on the days that are asked for.
 */
public final class ShopHistory {
  private static final int NEWCOMERS = 100;
  private static final int IN_FASHION = 3;
  private static final double FASHION = 30;
  private static final int MAX_SEARCHES = 5;
  private static final DateTimeFormatter SHORT = DateTimeFormatter.ofPattern("yyMMdd", Locale.ROOT);

  /** Hours of the day, as often as visits begin in them. */
  private static final List<Integer> HOURS =
      IntStream.range(0, 24)
          .boxed()
          .flatMap(
              hour ->
                  Stream.generate(() -> hour)
                      .limit(Math.round(1 + 9 * bell(hour, 12.5, 2.5) + 12 * bell(hour, 20, 2.2))))
          .toList();

  /**
   * A visit, with what was searched for and what else happened in it, oldest first.
   *
   * @param userId null for an anonymous visitor
   */
  public record Visit(
      String sessionId, @Nullable String userId, List<Search> searches, List<Event> events) {}

  /**
   * @param at its last keystroke
   */
  public record Search(Instant at, String keyword, boolean submitted, int keystrokes) {}

  /**
   * @param level and message, null unless it is a line of a log
   * @param payload texts and numbers by their names
   */
  public record Event(
      Instant at,
      String topic,
      String source,
      @Nullable String level,
      @Nullable String message,
      @Nullable BigDecimal value,
      Map<String, Object> payload) {}

  private final long seed;
  private final LocalDate first;
  private final List<Phrase> phrases;

  /**
   * @param first the day on which the shop opened
   */
  public ShopHistory(long seed, LocalDate first) {
    this.seed = seed;
    this.first = first;
    this.phrases = random(0, 0, 0).shuffled(Phrases.SHOP);
  }

  /** Returns the visits that begin on a day, in no particular order. */
  public Stream<Visit> visits(LocalDate day) {
    double[] popularity = popularity(day);
    Stream<Visit> users =
        LongStream.rangeClosed(first.toEpochDay(), day.toEpochDay())
            .boxed()
            .flatMap(joined -> users(LocalDate.ofEpochDay(joined), day, popularity));
    Stream<Visit> anonymous =
        IntStream.range(0, newcomers(day) * 2)
            .mapToObj(
                number ->
                    new Visitor(random(day.toEpochDay(), -1, number), popularity)
                        .visit(day, "a" + number, null));
    return Stream.concat(users, anonymous);
  }

  /** Returns the visits of those who joined on a day. */
  private Stream<Visit> users(LocalDate joined, LocalDate day, double[] popularity) {
    long age = day.toEpochDay() - joined.toEpochDay();
    return IntStream.range(0, newcomers(joined))
        .filter(number -> age == 0 || comesBack(joined, number, day, age))
        .mapToObj(
            number -> {
              String user = SHORT.format(joined) + "-" + number;
              return new Visitor(random(day.toEpochDay(), joined.toEpochDay(), number), popularity)
                  .visit(day, user, "demo-user-" + user);
            });
  }

  private boolean comesBack(LocalDate joined, int number, LocalDate day, long age) {
    SeededRandom nature = random(0, joined.toEpochDay(), number);
    double loyalty = nature.happens(0.5) ? 0.15 : 0.8;
    double chance = loyalty * (0.12 + 0.5 * Math.exp(-age / 5.0)) * (age % 7 == 0 ? 1.5 : 1);
    return random(day.toEpochDay(), joined.toEpochDay(), -1 - number).happens(chance * busy(day));
  }

  private int newcomers(LocalDate day) {
    return (int) (NEWCOMERS * busy(day) * random(day.toEpochDay(), 0, 0).between(85, 115) / 100);
  }

  private static double busy(LocalDate day) {
    return day.getDayOfWeek() == DayOfWeek.SATURDAY || day.getDayOfWeek() == DayOfWeek.SUNDAY
        ? 0.75
        : 1;
  }

  /** Returns how often phrases are searched for on a day: the sums of their frequencies so far. */
  private double[] popularity(LocalDate day) {
    double[] frequencies =
        IntStream.range(0, phrases.size()).mapToDouble(rank -> 1.0 / (rank + 4)).toArray();
    SeededRandom week =
        random(day.get(IsoFields.WEEK_BASED_YEAR), day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), -1);
    for (int i = 0; i < IN_FASHION; i++) {
      frequencies[week.between(20, phrases.size() - 1)] += FASHION / phrases.size();
    }
    for (int i = 1; i < frequencies.length; i++) {
      frequencies[i] += frequencies[i - 1];
    }
    return frequencies;
  }

  private SeededRandom random(long day, long joined, int number) {
    long mixed = ((seed * 1_000_003 + day) * 1_000_003 + joined) * 1_000_003 + number;
    return new SeededRandom(mixed, EnumSet.noneOf(Behaviour.class));
  }

  private static double bell(double x, double middle, double width) {
    return Math.exp(-(x - middle) * (x - middle) / (2 * width * width));
  }

  /** A visitor on one day. */
  private final class Visitor {
    private final SeededRandom random;
    private final double[] popularity;
    private final String source;
    private final List<Search> searches = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private Instant now = Instant.EPOCH;

    Visitor(SeededRandom random, double[] popularity) {
      this.random = random;
      this.popularity = popularity;
      this.source = random.happens(0.3) ? "app" : "web";
    }

    Visit visit(LocalDate day, String name, @Nullable String userId) {
      now =
          day.atTime(random.oneOf(HOURS), random.between(0, 59), random.between(0, 59))
              .toInstant(ZoneOffset.UTC)
              .plusMillis(random.between(0, 999));
      event("page_view", null, Map.of("path", "/"));
      String text = random.oneOf(phrases, popularity).text();
      do {
        search(text);
        text =
            random.happens(0.45)
                ? text + " " + random.oneOf(Phrases.MORE).text()
                : random.oneOf(phrases, popularity).text();
      } while (searches.size() < MAX_SEARCHES && random.happens(0.45));
      return new Visit(
          "demo-" + SHORT.format(day) + "-" + name, userId, List.copyOf(searches), events);
    }

    private void search(String text) {
      pass(8_000);
      boolean submitted = random.happens(0.6);
      searches.add(new Search(now, text, submitted, text.length() + random.between(0, 4)));
      if (random.happens(0.65)) {
        pass(6_000);
        int position = Math.min(20, (int) random.millis(2.5, 0.8) + 1);
        event(
            "result_click",
            BigDecimal.valueOf(position),
            Map.of("keyword", text, "position", position));
        event("page_view", null, Map.of("path", "/products/" + text.replace(' ', '-')));
        if (random.happens(0.25)) {
          buy(text);
        }
      }
    }

    private void buy(String text) {
      BigDecimal price =
          BigDecimal.valueOf(random.millis(3_500, 0.8)).divide(BigDecimal.valueOf(100));
      pass(30_000);
      event("add_to_cart", price, Map.of("product", text));
      if (random.happens(0.4)) {
        pass(60_000);
        if (random.happens(0.08)) {
          events.add(
              new Event(
                  now,
                  "payment",
                  "checkout",
                  "ERROR",
                  "The payment provider did not answer within 3 s",
                  null,
                  Map.of("attempt", 1)));
          pass(5_000);
        }
        int items = random.between(1, 3);
        BigDecimal total = price.multiply(BigDecimal.valueOf(items));
        event("order", total.setScale(2, RoundingMode.HALF_UP), Map.of("items", items));
      }
    }

    private void event(String topic, @Nullable BigDecimal value, Map<String, Object> payload) {
      events.add(new Event(now, topic, source, null, null, value, payload));
      now = now.plusMillis(random.between(40, 400));
    }

    private void pass(double medianMillis) {
      now = now.plusMillis(random.millis(medianMillis, 0.7));
    }
  }
}
