package dev.lastword.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PartitionPlanTest {

  private static final Partition LAST = new Partition("p_max", null);

  @Test
  void aNewTableGetsThePresentMonthThreeAheadAndAnEmptyOneBefore() {
    assertThat(ahead(List.of(LAST), null, "2026-11-15T12:00"))
        .containsExactly("p_2026_10", "p_2026_11", "p_2026_12", "p_2027_01", "p_2027_02");
  }

  @Test
  void theLastMomentOfAYearStillBelongsToDecember() {
    assertThat(ahead(List.of(LAST), null, "2026-12-31T23:59:59.999"))
        .startsWith("p_2026_11", "p_2026_12");
    assertThat(ahead(List.of(LAST), null, "2027-01-01T00:00")).startsWith("p_2026_12", "p_2027_01");
  }

  @Test
  void februaryEndsWithMarchInLeapYearsToo() {
    assertThat(Partition.of(YearMonth.of(2028, 2)).definition())
        .isEqualTo("PARTITION p_2028_02 VALUES LESS THAN ('2028-03-01')");
    assertThat(ahead(made("2028-02", "2028-03", "2028-04"), null, "2028-02-29T12:00"))
        .containsExactly("p_2028_05");
  }

  @Test
  void nothingIsMissingUntilTheMonthTurns() {
    List<Partition> made = made("2026-09", "2026-10", "2026-11", "2026-12");
    assertThat(ahead(made, null, "2026-09-30T23:59:59.999")).isEmpty();
    assertThat(ahead(made, null, "2026-10-01T00:00")).containsExactly("p_2027_01");
  }

  @Test
  void missingMonthsAreCreated() {
    assertThat(ahead(made("2026-01", "2026-02", "2026-03"), null, "2026-08-10T00:00"))
        .containsExactly(
            "p_2026_04",
            "p_2026_05",
            "p_2026_06",
            "p_2026_07",
            "p_2026_08",
            "p_2026_09",
            "p_2026_10",
            "p_2026_11");
  }

  @Test
  void partitionsThatReachFurtherAreLeftAlone() {
    assertThat(ahead(made("2030-01"), null, "2026-08-10T00:00")).isEmpty();
  }

  @Test
  void aTableThatHadNoMonthsBeginsWithItsOldestRow() {
    LocalDateTime oldest = LocalDateTime.parse("2026-06-30T23:59:59.999");
    assertThat(ahead(List.of(LAST), oldest, "2026-08-10T00:00"))
        .startsWith("p_2026_05", "p_2026_06", "p_2026_07", "p_2026_08")
        .hasSize(7);
  }

  @Test
  void aRowWithAnAbsurdDateDoesNotMakeHundredsOfPartitions() {
    assertThat(ahead(List.of(LAST), LocalDateTime.parse("1970-01-01T00:00"), "2026-08-10T00:00"))
        .startsWith("p_2016_07", "p_2016_08")
        .hasSize(10 * 12 + 5);
    assertThat(ahead(List.of(LAST), LocalDateTime.parse("9999-01-01T00:00"), "2026-08-10T00:00"))
        .startsWith("p_2026_07", "p_2026_08")
        .hasSize(5);
  }

  @Test
  void anEmptyFirstPartitionIsLeftAlone() {
    assertThat(past(made("2026-10", "2026-11"), null, null)).isEmpty();
  }

  @Test
  void rowsBeforeTheFirstMonthGetTheirMonthsAndAnEmptyOneBefore() {
    List<Partition> made = made("2026-10", "2026-11");
    assertThat(past(made, "2026-08-31T23:59:59.999", null))
        .containsExactly("p_2026_07", "p_2026_08", "p_2026_09");
    assertThat(past(made, "2026-10-01T00:00", null)).containsExactly("p_2026_09");
    assertThat(past(made("2026-01"), "2025-12-31T23:59:59.999", null))
        .containsExactly("p_2025_11", "p_2025_12");
  }

  @Test
  void rowsOlderThanTenYearsGetNoMonths() {
    assertThat(past(made("2026-10", "2026-11"), "1970-01-01T00:00", null))
        .startsWith("p_2016_10", "p_2016_11")
        .hasSize(10 * 12);
    assertThat(past(made("2016-10", "2016-11"), "1970-01-01T00:00", null)).isEmpty();
  }

  @Test
  void rowsThatRetentionDropsGetNoMonths() {
    Duration retention = Duration.ofDays(90); // from 2026-08-17 on
    assertThat(past(made("2026-10", "2026-11"), "2020-01-01T00:00", retention))
        .containsExactly("p_2026_07", "p_2026_08", "p_2026_09");
    assertThat(past(made("2026-07", "2026-08"), "2020-01-01T00:00", retention)).isEmpty();
  }

  @Test
  void aFirstPartitionThatIsNoMonthKeepsItsEnd() {
    Partition first = new Partition("p_first", LocalDateTime.parse("2026-10-15T00:00"));
    assertThat(past(List.of(first, LAST), "2026-09-05T00:00", null))
        .containsExactly("p_2026_08", "p_2026_09");
  }

  @Test
  void aTableWithoutMonthsHasNoPast() {
    assertThat(past(List.of(LAST), "2020-01-01T00:00", null)).isEmpty();
  }

  @Test
  void aPartitionExpiresWhenItsLastMomentIsOldEnough() {
    List<Partition> made = made("2026-01", "2026-02", "2026-03");
    assertThat(expired(made, "2026-05-01T23:59:59.999")).isEmpty();
    assertThat(expired(made, "2026-05-02T00:00")).containsExactly("p_2026_01");
    assertThat(expired(made, "2026-05-29T23:59:59.999")).containsExactly("p_2026_01");
    assertThat(expired(made, "2026-05-30T00:00")).containsExactly("p_2026_01", "p_2026_02");
  }

  @Test
  void theLastPartitionNeverExpires() {
    assertThat(expired(List.of(LAST), "9999-01-01T00:00")).isEmpty();
  }

  private static List<Partition> made(String... months) {
    return Stream.concat(
            Stream.of(months).map(YearMonth::parse).map(Partition::of), Stream.of(LAST))
        .toList();
  }

  private static List<String> past(
      List<Partition> partitions, @Nullable String oldest, @Nullable Duration retention) {
    return PartitionPlan.past(
            partitions,
            oldest == null ? null : LocalDateTime.parse(oldest),
            retention,
            LocalDateTime.parse("2026-11-15T12:00"))
        .stream()
        .map(Partition::name)
        .toList();
  }

  private static List<String> ahead(
      List<Partition> partitions, @Nullable LocalDateTime oldest, String now) {
    return PartitionPlan.ahead(partitions, oldest, LocalDateTime.parse(now)).stream()
        .map(Partition::name)
        .toList();
  }

  private static List<String> expired(List<Partition> partitions, String now) {
    return PartitionPlan.expired(partitions, Duration.ofDays(90), LocalDateTime.parse(now)).stream()
        .map(Partition::name)
        .toList();
  }
}
