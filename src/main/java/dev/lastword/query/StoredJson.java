package dev.lastword.query;

/** A JSON value as the database gives it; it stands in answers as what it is, not as a string. */
record StoredJson(String text) {

  @Override
  public String toString() {
    return text;
  }
}
