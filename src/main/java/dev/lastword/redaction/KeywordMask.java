package dev.lastword.redaction;

import dev.lastword.row.Text;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Masks personal data in keywords: promotion before it logs them, and readers of staging, where
 * they are stored as they were typed.
 */
@Singleton
public class KeywordMask {
  private static final String OWN = "[masked]";
  private static final int MAX_LENGTH = 255; // of keyword in search_log

  private final List<PersonalData> kinds;
  private final List<String> regions;
  private final @Nullable Pattern own;
  private final MeterProvider<Counter> masked;

  /**
   * @param kinds kinds of personal data, separated by commas
   * @param regions countries whose phone numbers are recognised without the code of the country
   * @param pattern a regular expression of more texts to mask; empty for none
   */
  KeywordMask(
      @Value("${lastword.mask.keywords}") String kinds,
      @Value("${lastword.mask.phone-regions}") String regions,
      @Value("${lastword.mask.pattern}") String pattern,
      MeterRegistry meters) {
    this.kinds = Text.elements(kinds).map(kind -> PersonalData.of(kind).orElseThrow()).toList();
    this.regions = Text.elements(regions).toList();
    this.own = pattern.isBlank() ? null : Pattern.compile(pattern);
    this.masked =
        Counter.builder("lastword.keywords.masked")
            .description("promoted texts in which personal data was masked")
            .withRegistry(meters);
  }

  /** Returns a text without personal data. */
  public String mask(String text) {
    String visible = PersonalData.visible(text);
    String result = visible;
    for (PersonalData kind : kinds) {
      result = kind.mask(result, regions);
    }
    if (own != null) {
      result = own.matcher(result).replaceAll(OWN);
    }
    return result.equals(visible) ? text : cut(result);
  }

  /** Counts texts that were masked and logged. */
  public void count(int tenantId, long texts) {
    masked.withTag("tenant", Integer.toString(tenantId)).increment(texts);
  }

  /** Masks may be longer than what they replace. */
  private String cut(String text) {
    return text.codePointCount(0, text.length()) <= MAX_LENGTH
        ? text
        : text.substring(0, text.offsetByCodePoints(0, MAX_LENGTH)).strip();
  }
}
