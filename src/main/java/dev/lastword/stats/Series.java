package dev.lastword.stats;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A result per period, oldest first.
 *
 * @param source {@code counts}, or {@code log} if counts cannot answer the question
 */
@Serdeable.Serializable
public record Series(List<Period> items, String source) {

  /**
   * The result of a period.
   *
   * @param period the first day of the period; the start of an hour, with its offset from UTC
   * @param value the result; null for the average, minimum or maximum of no values
   * @param count number of rows that it is made of
   */
  @Schema(name = "SeriesPeriod")
  @Serdeable.Serializable
  public record Period(String period, @Nullable BigDecimal value, long count) {}

  /** Returns this as an answer. */
  public Answer answer() {
    return new Answer(
        this,
        List.of("period", "value", "count"),
        items.stream()
            .map(row -> Arrays.<@Nullable Object>asList(row.period, row.value, row.count))
            .toList());
  }
}
