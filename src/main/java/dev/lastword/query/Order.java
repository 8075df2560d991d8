package dev.lastword.query;

import dev.lastword.http.Parameters;

/** The order of a log, by time and then id. */
enum Order {
  NEWEST("DESC", "<", ">"),
  OLDEST("ASC", ">", "<");

  private final String direction;
  private final String after;
  private final String before;

  Order(String direction, String after, String before) {
    this.direction = direction;
    this.after = after;
    this.before = before;
  }

  /** Parses parameter {@code order}: the rows that come first. */
  static Order parse(String given) {
    return Parameters.oneOf("order", given, Order.class);
  }

  /** Returns the ORDER BY clause. */
  String by(String time) {
    return "ORDER BY %1$s %2$s, id %2$s".formatted(time, direction);
  }

  /** Returns the operator that holds for a row after another. */
  String after() {
    return after;
  }

  /** Returns the operator that holds for a row before another. */
  String before() {
    return before;
  }
}
